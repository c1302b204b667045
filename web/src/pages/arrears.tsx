import { Empty, Input, Segmented, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { Panel } from '../components/panel.js';
import { ArrearsDetail } from '../components/promises/arrears-detail.js';
import { useArrears } from '../data/arrears.js';
import type { AccountInArrears } from '../data/arrears.js';
import { useWords } from '../data/language.js';
import { usePrinting } from '../data/theme-choice.js';
import { ARREARS_TEXTS } from '../model/arrears-texts.js';
import type { ArrearsTexts } from '../model/arrears-texts.js';
import { shortInstant } from '../model/instants.js';
import { PROMISE_TEXTS } from '../model/promise-texts.js';
import '../styles/sheets.css';
import '../styles/promises.css';

type List = keyof ArrearsTexts['list'];

/** Who owes since when, which step of collection is next, and what stands against a cut. */
export function ArrearsPage() {
  const texts = useWords(ARREARS_TEXTS);
  const { area: areaLabel } = useWords(PROMISE_TEXTS);
  const printing = usePrinting();
  const [list, setList] = useState<List>('all');
  const [area, setArea] = useState('');
  const query = useArrears({ area: area === '' ? undefined : area, callList: list === 'calls' });
  const accounts = query.data?.items ?? [];
  const columns = useMemo(() => columnsOf(texts), [texts]);
  const hasMore = typeof query.data?.nextCursor === 'string';
  return (
    <Panel
      title={`${texts.title} · ${accounts.length}${hasMore ? ` (${texts.more(accounts.length)})` : ''}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Input.Search
            size="small"
            allowClear
            className="step-by"
            onSearch={(given) => setArea(given.trim())}
            placeholder={areaLabel}
            aria-label={areaLabel}
            maxLength={100}
          />
          <Segmented<List>
            size="small"
            value={list}
            onChange={setList}
            options={(['all', 'calls'] as const).map((value) => ({ value, label: texts.list[value] }))}
          />
        </div>
      }
    >
      <Table<AccountInArrears>
        rowKey="accountNo"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={accounts}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName="openable"
        onRow={({ accountNo }) => ({ 'data-arrears': accountNo }) as object}
        expandable={{ expandRowByClick: true, expandedRowRender: (account) => <ArrearsDetail account={account} /> }}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(texts: ArrearsTexts): TableColumnsType<AccountInArrears> {
  return [
    {
      title: texts.account,
      width: 190,
      render: (_, { accountNo, name, area, transformerCode }) => (
        <div className="two-lines">
          <strong className="figure">{accountNo}</strong> {name}
          <div className="faint">
            {area} {transformerCode}
          </div>
        </div>
      ),
    },
    {
      title: texts.debt,
      width: 120,
      align: 'right',
      render: (_, { amount, bills }) => (
        <div className="two-lines figure">
          <div>¥ {amount.toFixed(2)}</div>
          <div className="faint">{texts.bills(bills)}</div>
        </div>
      ),
    },
    {
      title: texts.overdue,
      width: 130,
      render: (_, { overdueDays, oldestDueOn }) => (
        <div className="two-lines">
          <div>{texts.days(overdueDays)}</div>
          <div className="faint figure">{texts.since(oldestDueOn)}</div>
        </div>
      ),
    },
    {
      title: texts.steps,
      render: (_, { dunning }) => (
        <div className="two-lines">
          {dunning.length === 0 && <span className="faint">—</span>}
          {dunning.map(({ stage, at, result, promisedOn }) => (
            <div key={stage} data-dunning={stage}>
              {texts.stage[stage]} <span className="figure faint">{shortInstant(at, null)}</span> {texts.result[result]}
              {promisedOn !== null && ` · ${texts.promisedOn(promisedOn)}`}
            </div>
          ))}
        </div>
      ),
    },
    {
      title: texts.next,
      width: 150,
      render: (_, { next }) => (
        <div className="two-lines">
          <strong>{texts.stage[next.step]}</strong>
          <div className="faint">{next.blockedBy.length === 0 ? texts.now : texts.from(next.from)}</div>
        </div>
      ),
    },
    {
      title: texts.cut,
      width: 150,
      render: (_, { cutBlockedBy, plannedCut }) => (
        <div className="two-lines">
          <div className={cutBlockedBy.length === 0 ? 'faint' : 'late'}>
            {cutBlockedBy.length === 0 ? texts.nothingStands : texts.findings(cutBlockedBy.length)}
          </div>
          {plannedCut !== null && <div>{texts.planned(shortInstant(plannedCut.plannedAt, null))}</div>}
        </div>
      ),
    },
  ];
}
