import type { UseQueryResult } from '@tanstack/react-query';
import { Empty, Table, Tooltip } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { Outage } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { shortInstant } from '../model/instants.js';
import type { Texts } from '../model/texts-zh.js';
import { CountdownCell } from './countdown.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

const HOUR_MS = 3_600_000;

interface OutageTableProps {
  query: UseQueryResult<Outage[]>;
  outages: readonly Outage[];
  longHours: number;
  now: string | null;
  onOpen: (id: number) => void;
}

/** Open outages, the longest first, each counting down to the limit of a long outage. */
export function OutageTable({ query, outages, longHours, now, onOpen }: OutageTableProps) {
  const texts = useTexts();
  const ids = useMemo(() => query.data?.map((outage) => outage.id), [query.data]);
  const isFresh = useFresh(ids);
  const columns = useMemo(() => columnsOf(texts, longHours, now, onOpen), [texts, longHours, now, onOpen]);
  return (
    <Panel title={`${texts.outage.title} · ${outages.length}`} query={query}>
      <Table<Outage>
        rowKey="id"
        size="small"
        sticky
        columns={columns}
        dataSource={outages}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={(outage) => (isFresh(outage.id) ? 'openable fresh' : 'openable')}
        onRow={(outage) => ({ 'data-outage': outage.id, onClick: () => onOpen(outage.id) }) as object}
        scroll={{ x: 720 }}
        locale={{ emptyText: <Empty description={texts.outage.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(
  texts: Texts,
  longHours: number,
  now: string | null,
  onOpen: (id: number) => void,
): TableColumnsType<Outage> {
  return [
    {
      title: texts.outage.countdown(longHours),
      width: 168,
      render: (_, outage) => {
        const startedAt = Date.parse(outage.startedAt);
        return (
          <CountdownCell
            startedAt={startedAt}
            dueAt={startedAt + longHours * HOUR_MS}
            overText={texts.outage.over(longHours)}
          />
        );
      },
    },
    {
      title: texts.outage.place,
      render: (_, { id, rootAsset, nature, state }) => (
        <div className="two-lines">
          <div>
            <button type="button" className="as-link" onClick={() => onOpen(id)}>
              {rootAsset.name}
            </button>{' '}
            <span className={`nature nature-${nature}`}>{texts.nature[nature]}</span>
            {state === 'suspected' && <span className="nature nature-suspected">{texts.outageState.suspected}</span>}
          </div>
          <div className="faint">
            {rootAsset.area} · {rootAsset.code}
          </div>
        </div>
      ),
    },
    {
      title: texts.outage.customers,
      width: 104,
      align: 'right',
      render: (_, outage) => (
        <div className="two-lines">
          <strong className="figure">{outage.customersAffected - outage.customersRestored}</strong>
          {outage.customersRestored > 0 && (
            <div className="faint">{texts.outage.restored(outage.customersRestored)}</div>
          )}
        </div>
      ),
    },
    {
      title: texts.outage.since,
      width: 116,
      render: (_, outage) => (
        <div className="two-lines">
          <div className="figure">{shortInstant(outage.startedAt, now)}</div>
          <Chance probability={outage.probabilityOver8h} label={texts.outage.probability(longHours)} />
        </div>
      ),
    },
    {
      title: texts.outage.etr,
      width: 112,
      render: (_, outage) => <span className="figure">{shortInstant(outage.estimatedRestorationAt, now)}</span>,
    },
    { title: texts.outage.cause, ellipsis: true, render: (_, outage) => outage.cause || '—' },
  ];
}

function Chance({ probability, label }: { probability: number | null; label: string }) {
  if (probability === null) return null;
  return (
    <Tooltip title={label}>
      <span className="faint">{Math.round(probability * 100)} %</span>
    </Tooltip>
  );
}
