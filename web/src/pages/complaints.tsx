import { Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import { ComplaintLinks } from '../components/complaint-links.js';
import { ExportButton } from '../components/export-button.js';
import { Panel } from '../components/panel.js';
import { useFresh } from '../components/use-fresh.js';
import type { Complaint } from '../data/api-types.js';
import { useAllComplaints, useComplaints } from '../data/complaints.js';
import { useTexts } from '../data/language.js';
import { usePrinting } from '../data/theme-choice.js';
import { COMPLAINT_COLUMNS } from '../model/export-columns.js';
import { shortInstant } from '../model/instants.js';
import type { Texts } from '../model/texts-zh.js';

const NEWEST = 200;
const MOST_EXPORTED = 5_000;

const filtersOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

/** Complaints, and for each the events that may have caused it. */
export function ComplaintsPage() {
  const texts = useTexts();
  const query = useComplaints(NEWEST);
  const readAll = useAllComplaints(MOST_EXPORTED);
  const printing = usePrinting();
  const ids = useMemo(() => query.data?.map((complaint) => complaint.id), [query.data]);
  const isFresh = useFresh(ids);
  const columns = useMemo(() => columnsOf(texts), [texts]);
  return (
    <Panel
      title={`${texts.complaint.title} · ${query.data?.length ?? 0}`}
      query={query}
      extra={
        <div className="panel-tools">
          <ExportButton name="complaints" columns={COMPLAINT_COLUMNS} rows={readAll} />
        </div>
      }
    >
      <Table<Complaint>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={query.data ?? []}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={(complaint) => (isFresh(complaint.id) ? 'openable fresh' : 'openable')}
        expandable={{
          expandRowByClick: true,
          expandedRowRender: (complaint) => <ComplaintLinks id={complaint.id} />,
        }}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Empty description={texts.complaint.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(texts: Texts): TableColumnsType<Complaint> {
  return [
    {
      title: texts.complaint.received,
      width: 128,
      render: (_, complaint) => <span className="figure">{shortInstant(complaint.receivedAt, null)}</span>,
    },
    {
      title: texts.complaint.channel,
      width: 140,
      filters: filtersOf(texts.channel),
      onFilter: (value, { channel }) => channel === value,
      render: (_, { channel }) => texts.channel[channel] ?? channel,
    },
    {
      title: texts.complaint.category,
      filters: filtersOf(texts.category),
      onFilter: (value, { category }) => category === value,
      width: 150,
      render: (_, complaint) => (
        <div className="two-lines">
          <div>{texts.category[complaint.category] ?? complaint.category}</div>
          <div className="faint">
            {texts.complaint.confidence} {Math.round(complaint.categoryConfidence * 100)} %
          </div>
        </div>
      ),
    },
    {
      title: texts.complaint.account,
      width: 140,
      render: (_, complaint) => <span className="figure">{complaint.accountNo ?? '—'}</span>,
    },
    {
      title: texts.complaint.text,
      render: (_, complaint) => (
        <div className="complaint-text" title={complaint.text}>
          {complaint.text}
        </div>
      ),
    },
    {
      title: texts.complaint.links,
      width: 210,
      filters: filtersOf(texts.complaint.linked),
      onFilter: (value, { links }) => links.some((link) => link.status !== 'rejected') === (value === 'yes'),
      render: (_, { links }) => {
        const [best] = links.filter((link) => link.status !== 'rejected').sort((a, b) => b.score - a.score);
        if (best === undefined) return <span className="faint">—</span>;
        return (
          <span className={`link-status link-${best.status}`}>
            {texts.eventType[best.eventType] ?? best.eventType} #{best.eventId} · {texts.linkStatus[best.status]}
          </span>
        );
      },
    },
  ];
}
