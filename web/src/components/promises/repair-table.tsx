import { Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { RepairOrder } from '../../data/api-types-promises.js';
import { useTexts, useWords } from '../../data/language.js';
import { openOver } from '../../data/route.js';
import { usePrinting } from '../../data/theme-choice.js';
import { shortInstant } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import type { PromiseTexts } from '../../model/promise-texts.js';
import { clockOf } from '../../model/repair-loop.js';
import { useFresh } from '../use-fresh.js';
import { LoopClockLine } from './loop-clock.js';
import { RepairDetail } from './repair-detail.js';

/** Repair orders with their five calls side by side: what the crew said, what was measured, and the clocks of each. */
export function RepairTable({ orders }: { orders: readonly RepairOrder[] }) {
  const texts = useWords(PROMISE_TEXTS);
  const frame = useTexts();
  const printing = usePrinting();
  const isFresh = useFresh(useMemo(() => orders.map(({ id }) => id), [orders]));
  const columns = useMemo(() => columnsOf(texts, frame.lookup.open), [texts, frame]);
  return (
    <Table<RepairOrder>
      rowKey="id"
      size="small"
      sticky={!printing}
      columns={columns}
      dataSource={[...orders]}
      pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
      rowClassName={({ id }) => (isFresh(id) ? 'openable fresh' : 'openable')}
      onRow={({ id, state }) => ({ 'data-repair': id, 'data-state': state }) as object}
      expandable={{ expandRowByClick: true, expandedRowRender: (order) => <RepairDetail order={order} /> }}
      scroll={{ x: 940 }}
      locale={{ emptyText: <Empty description={texts.repair.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
    />
  );
}

function columnsOf(texts: PromiseTexts, openText: string): TableColumnsType<RepairOrder> {
  const { repair } = texts;
  const said = (at: string | null): string => (at === null ? '' : `${repair.claimed} ${shortInstant(at, null)}`);
  return [
    {
      title: texts.state,
      width: 118,
      render: (_, { id, state, reportedAt, round }) => (
        <div className="two-lines">
          <strong className={`repair-${state}`}>{repair.state[state]}</strong>
          <div className="faint figure">
            #{id} {shortInstant(reportedAt, null)}
          </div>
          {round > 1 && <div className="late">{repair.round(round)}</div>}
        </div>
      ),
    },
    {
      title: repair.place,
      render: (_, { symptom, address, transformerCode, accountNo, area, outageId, forced }) => (
        <div className="two-lines">
          <div>{symptom}</div>
          <div className="faint">
            {[area, address, transformerCode, accountNo].filter((part) => part !== null && part !== '').join(' · ')}{' '}
            {outageId !== null && (
              <button type="button" className="as-link" title={openText} onClick={() => openOver('outage', outageId)}>
                #{outageId}
              </button>
            )}
          </div>
          {forced !== null && <div className="late">{repair.forced}</div>}
        </div>
      ),
    },
    {
      title: `${repair.unit} / ${repair.crew}`,
      width: 112,
      render: (_, { unit, person, crew }) => (
        <div className="two-lines">
          <div>{unit ?? '—'}</div>
          <div className="faint">{crew ?? person ?? '—'}</div>
        </div>
      ),
    },
    {
      title: repair.legs.dispatched,
      width: 118,
      render: (_, { legs, deadlines }) => (
        <Leg said={said(legs.dispatched?.claimedAt ?? null)}>
          <LoopClockLine clock={clockOf(deadlines, 'repair_dispatch')} name="" />
        </Leg>
      ),
    },
    {
      title: repair.legs.arrived,
      width: 142,
      render: (_, { legs, deadlines }) => (
        <Leg said={said(legs.arrived?.claimedAt ?? null)}>
          <LoopClockLine clock={clockOf(deadlines, 'repair_arrival_promise')} name={repair.promise} />
          <LoopClockLine clock={clockOf(deadlines, 'repair_arrival_regulation')} name={repair.regulation} />
        </Leg>
      ),
    },
    {
      title: repair.legs.repaired,
      width: 122,
      render: (_, { legs, deadlines, observedAt, contradicted }) => (
        <Leg said={said(legs.repaired?.claimedAt ?? null)}>
          {observedAt !== null && (
            <div className="done figure">
              {repair.observed} {shortInstant(observedAt, null)}
            </div>
          )}
          {contradicted && <div className="late">{repair.contradicted}</div>}
          <LoopClockLine clock={clockOf(deadlines, 'repair_restoration')} name="" />
        </Leg>
      ),
    },
    {
      title: repair.legs.calledBack,
      width: 108,
      render: (_, { calledBackAt, outcome, deadlines }) => (
        <Leg said={shortInstant(calledBackAt, null).replace('—', '')}>
          {outcome !== null && <div>{repair.outcome[outcome]}</div>}
          <LoopClockLine clock={clockOf(deadlines, 'repair_callback')} name="" />
        </Leg>
      ),
    },
  ];
}

function Leg({ said, children }: { said: string; children: React.ReactNode }) {
  return (
    <div className="two-lines loop-leg">
      {said !== '' && <div className="figure">{said}</div>}
      {children}
    </div>
  );
}
