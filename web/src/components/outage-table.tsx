import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Empty, Segmented, Table, Tooltip } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { Outage } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { useReadOpenOutages } from '../data/outages.js';
import type { Period } from '../data/outages.js';
import { usePrinting } from '../data/theme-choice.js';
import { formatDuration } from '../model/countdown.js';
import { OUTAGE_COLUMNS } from '../model/export-columns.js';
import { shortInstant } from '../model/instants.js';
import type { Texts } from '../model/texts-zh.js';
import { CountdownCell, Until } from './countdown.js';
import { ExportButton } from './export-button.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

const HOUR_MS = 3_600_000;

interface OutageTableProps {
  query: UseQueryResult<Outage[]>;
  outages: readonly Outage[];
  longHours: number;
  now: string | null;
  period: Period;
  onPeriod: (period: Period) => void;
  /** Shows what is left out here; null = nothing is. */
  onAll: (() => void) | null;
  onOpen: (id: number) => void;
}

/** Open outages, the longest first, each counting down to the limit of a long outage; or those that are over. */
export function OutageTable({ query, outages, longHours, now, period, onPeriod, onAll, onOpen }: OutageTableProps) {
  const printing = usePrinting();
  const readAll = useReadOpenOutages();
  const texts = useTexts();
  const ids = useMemo(() => query.data?.map((outage) => outage.id), [query.data]);
  const isFresh = useFresh(period === 'open' ? ids : undefined);
  const columns = useMemo(
    () => columnsOf(texts, period, longHours, now, onOpen),
    [texts, period, longHours, now, onOpen],
  );
  return (
    <Panel
      title={`${texts.period[period]} · ${outages.length}${onAll === null ? '' : '+'}`}
      query={query}
      extra={
        <div className="panel-tools">
          {onAll !== null && (
            <Button size="small" onClick={onAll}>
              {texts.allOutages}
            </Button>
          )}
          <Segmented<Period>
            size="small"
            value={period}
            onChange={onPeriod}
            options={(['open', 'restored'] as const).map((value) => ({ value, label: texts.period[value] }))}
          />
          <ExportButton name="outages" columns={OUTAGE_COLUMNS} rows={onAll === null ? outages : readAll} />
        </div>
      }
    >
      <Table<Outage>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={outages}
        pagination={printing ? false : { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={(outage) => (isFresh(outage.id) ? 'openable fresh' : 'openable')}
        onRow={(outage) => ({ 'data-outage': outage.id, onClick: () => onOpen(outage.id) }) as object}
        scroll={{ x: 820 }}
        locale={{ emptyText: <Empty description={texts.outage.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(
  texts: Texts,
  period: Period,
  longHours: number,
  now: string | null,
  onOpen: (id: number) => void,
): TableColumnsType<Outage> {
  return [
    {
      title: period === 'open' ? texts.outage.countdown(longHours) : texts.plan.length,
      width: 168,
      render: (_, outage) => {
        const startedAt = Date.parse(outage.startedAt);
        if (outage.endedAt !== null)
          return <Lasted ms={Date.parse(outage.endedAt) - startedAt} limitMs={longHours * HOUR_MS} />;
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
          <strong className="figure">
            {outage.customersAffected - (outage.endedAt === null ? outage.customersRestored : 0)}
          </strong>
          {outage.endedAt === null && outage.customersRestored > 0 && (
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
      title: period === 'open' ? texts.outage.etr : texts.outage.until,
      width: 112,
      render: (_, outage) => (
        <Until at={outage.endedAt ?? outage.estimatedRestorationAt} over={outage.endedAt !== null} today={now} />
      ),
    },
    { title: texts.outage.cause, ellipsis: true, render: (_, outage) => outage.cause || '—' },
  ];
}

/** How long an outage that is over has lasted. */
function Lasted({ ms, limitMs }: { ms: number; limitMs: number }) {
  const texts = useTexts();
  return <span className={ms > limitMs ? 'figure late' : 'figure done'}>✓ {formatDuration(-ms, texts)}</span>;
}

function Chance({ probability, label }: { probability: number | null; label: string }) {
  if (probability === null) return null;
  return (
    <Tooltip title={label}>
      <span className="faint">{Math.round(probability * 100)} %</span>
    </Tooltip>
  );
}
