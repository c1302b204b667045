import { Empty, Segmented, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { Panel } from '../components/panel.js';
import { ConsumptionDetail } from '../components/promises/consumption-detail.js';
import { useFindings } from '../data/consumption.js';
import type { ConsumptionFinding, FindingKind, FindingState } from '../data/consumption.js';
import { useWords } from '../data/language.js';
import { usePrinting } from '../data/theme-choice.js';
import { CONSUMPTION_TEXTS } from '../model/consumption-texts.js';
import type { ConsumptionTexts } from '../model/consumption-texts.js';
import { fixed } from '../model/figures.js';
import { shortInstant } from '../model/instants.js';
import '../styles/sheets.css';
import '../styles/promises.css';

const STATES = ['open', 'reviewed', 'over'] as const;
const KINDS = ['all', 'zero', 'abnormal'] as const;

/** Customers who use nothing, or far more than they did and than their neighbours do. */
export function ConsumptionPage() {
  const texts = useWords(CONSUMPTION_TEXTS);
  const printing = usePrinting();
  const [state, setState] = useState<FindingState>('open');
  const [kind, setKind] = useState<FindingKind | 'all'>('all');
  const query = useFindings({ state, kind: kind === 'all' ? undefined : kind });
  const columns = useMemo(() => columnsOf(texts), [texts]);
  return (
    <Panel
      title={`${texts.title} · ${query.data?.length ?? 0}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Segmented<FindingState>
            size="small"
            value={state}
            onChange={setState}
            options={STATES.map((value) => ({ value, label: texts.state[value] }))}
          />
          <Segmented<FindingKind | 'all'>
            size="small"
            value={kind}
            onChange={setKind}
            options={KINDS.map((value) => ({ value, label: texts.kind[value] ?? texts.all }))}
          />
        </div>
      }
    >
      <Table<ConsumptionFinding>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={query.data ?? []}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName="openable"
        onRow={({ accountNo, kind: found }) => ({ 'data-finding-of': accountNo, 'data-kind': found }) as object}
        expandable={{ expandRowByClick: true, expandedRowRender: (finding) => <ConsumptionDetail finding={finding} /> }}
        scroll={{ x: 820 }}
        locale={{ emptyText: <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(texts: ConsumptionTexts): TableColumnsType<ConsumptionFinding> {
  return [
    { title: texts.account, width: 140, render: (_, { accountNo }) => <strong className="figure">{accountNo}</strong> },
    {
      title: texts.transformer,
      width: 240,
      render: (_, { transformer: { code, name, area } }) => (
        <div className="two-lines">
          <div>{name || code}</div>
          <div className="faint">
            {area} {code}
          </div>
        </div>
      ),
    },
    { title: texts.month, width: 100, render: (_, { month }) => <span className="figure">{month}</span> },
    {
      title: texts.why,
      render: (_, { kind, detail, review }) => (
        <div className="two-lines">
          <strong>{texts.kind[kind]}</strong>
          <div className="faint">
            {'lines' in detail
              ? texts.zeroSince(detail.countedMonths, detail.sinceMonth ?? '—')
              : texts.ratios(fixed(detail.ownRatio, 1), fixed(detail.neighbourRatio, 1))}
          </div>
          {review !== null && <div>{texts.result[review.result]}</div>}
        </div>
      ),
    },
    {
      title: texts.found,
      width: 130,
      render: (_, { foundAt }) => <span className="figure">{shortInstant(foundAt, null)}</span>,
    },
  ];
}
