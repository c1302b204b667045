import { Descriptions, Drawer, Skeleton, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { Outage, OutageTransformer } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { useBoard } from '../data/board.js';
import { useOutage } from '../data/outages.js';
import { goTo } from '../data/route.js';
import { shortInstant } from '../model/instants.js';
import type { Texts } from '../model/texts-zh.js';
import { Until } from './countdown.js';
import { OutageDecision } from './outage-decision.js';
import { OutageVerdict } from './outage-verdict.js';
import { QueryError } from './panel.js';
import { RestorationPicture } from './restoration-picture.js';

/** One outage: its transformers as they come back step by step, and what a dispatcher knows better than the rules. */
export function OutageDrawer({ id, onClose }: { id: number | null; onClose: () => void }) {
  const texts = useTexts();
  const { data: outage, error, refetch } = useOutage(id);
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      size={660}
      title={outage === undefined ? texts.outage.title : `${outage.rootAsset.name} · ${texts.nature[outage.nature]}`}
      footer={
        outage !== undefined && outage.state !== 'discarded' && <OutageDecision key={outage.id} outage={outage} />
      }
    >
      <QueryError error={error} onRetry={() => refetch()} />
      {outage === undefined ? error === null && <Skeleton active /> : <OutageBody outage={outage} />}
    </Drawer>
  );
}

function OutageBody({ outage }: { outage: Outage }) {
  const texts = useTexts();
  const longHours = useBoard().data?.longHours ?? 8;
  const columns = useMemo(() => columnsOf(texts), [texts]);
  return (
    <div className="warning-body">
      <Descriptions
        column={2}
        size="small"
        items={[
          { key: 'where', label: texts.outage.place, children: `${outage.rootAsset.name} ${outage.rootAsset.code}` },
          { key: 'area', label: texts.filter.area, children: outage.rootAsset.area || '—' },
          { key: 'since', label: texts.outage.since, children: shortInstant(outage.startedAt, null) },
          { key: 'state', label: texts.reconnection.state, children: texts.outageState[outage.state] },
          {
            key: 'customers',
            label: texts.outage.customers,
            children: `${outage.customersAffected - outage.customersRestored} / ${outage.customersAffected}`,
          },
          {
            key: 'etr',
            label: texts.outage.etr,
            children: <Until at={outage.estimatedRestorationAt} over={outage.endedAt !== null} today={null} />,
          },
          { key: 'complaints', label: texts.complaint.title, children: outage.complaints },
          { key: 'notices', label: texts.outage.notices, children: outage.notices },
        ]}
      />
      {outage.cause !== null && outage.cause !== '' && (
        <p>
          {texts.outage.cause}: {outage.cause}
        </p>
      )}
      <h3>{texts.steps.title}</h3>
      <RestorationPicture transformers={outage.transformers} startedAt={outage.startedAt} longHours={longHours} />
      <OutageVerdict key={outage.id} outage={outage} />
      <h3>{texts.outage.transformers(outage.transformers.length)}</h3>
      <Table<OutageTransformer>
        rowKey={(row) => `${row.code} ${row.startedAt}`}
        size="small"
        columns={columns}
        dataSource={outage.transformers}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
      />
    </div>
  );
}

function columnsOf(texts: Texts): TableColumnsType<OutageTransformer> {
  return [
    {
      title: texts.outage.code,
      render: (_, { code }) => (
        <button type="button" className="as-link" onClick={() => goTo(`/network?q=${encodeURIComponent(code)}`)}>
          {code}
        </button>
      ),
    },
    { title: texts.outage.customers, dataIndex: 'customers', align: 'right' },
    {
      title: texts.outage.since,
      render: (_, row) => <span className="figure">{shortInstant(row.startedAt, null)}</span>,
    },
    {
      title: texts.outage.until,
      render: (_, row) => (
        <span className={`figure${row.endedAt === null ? '' : ' done'}`}>{shortInstant(row.endedAt, null)}</span>
      ),
    },
  ];
}
