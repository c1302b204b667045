import { Empty, Segmented, Table, Tag } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { CountdownCell } from '../components/countdown.js';
import { Panel } from '../components/panel.js';
import { SupervisionDetail } from '../components/promises/supervision-detail.js';
import { useFresh } from '../components/use-fresh.js';
import type { SupervisionOrder } from '../data/api-types-promises.js';
import { useTexts, useWords } from '../data/language.js';
import { useSupervisionOrders } from '../data/supervision.js';
import type { SupervisionChoice } from '../data/supervision.js';
import { usePrinting } from '../data/theme-choice.js';
import { shortInstant } from '../model/instants.js';
import { SUPERVISION_TEXTS } from '../model/supervision-texts.js';
import type { SupervisionTexts } from '../model/supervision-texts.js';
import type { Texts } from '../model/texts-zh.js';
import '../styles/sheets.css';
import '../styles/promises.css';

const CHOICES = ['open', 'replied', 'measured', 'closed'] as const;

/** Numbered orders to responsible units (督办单): who must answer what by when. */
export function SupervisionPage() {
  const frame = useTexts();
  const texts = useWords(SUPERVISION_TEXTS);
  const printing = usePrinting();
  const [choice, setChoice] = useState<SupervisionChoice>('open');
  const query = useSupervisionOrders(choice);
  const orders = query.data ?? [];
  const isFresh = useFresh(useMemo(() => query.data?.map(({ id }) => id), [query.data]));
  const columns = useMemo(() => columnsOf(frame, texts), [frame, texts]);
  return (
    <Panel
      title={`${texts.title} · ${orders.length}`}
      query={query}
      extra={
        <div className="panel-tools">
          <Segmented<SupervisionChoice>
            size="small"
            value={choice}
            onChange={setChoice}
            options={CHOICES.map((value) => ({ value, label: texts.state[value] }))}
          />
        </div>
      }
    >
      <Table<SupervisionOrder>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={orders}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={({ id }) => (isFresh(id) ? 'openable fresh' : 'openable')}
        onRow={({ number }) => ({ 'data-supervision': number }) as object}
        expandable={{ expandRowByClick: true, expandedRowRender: ({ id }) => <SupervisionDetail id={id} /> }}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Empty description={texts.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(frame: Texts, texts: SupervisionTexts): TableColumnsType<SupervisionOrder> {
  return [
    {
      title: texts.reply,
      width: 168,
      render: (_, { state, openedAt, replyDueAt, effect }) => {
        if (state === 'closed') return <span className="faint">{texts.state.closed}</span>;
        if (effect.measured)
          return (
            <Tag color="success" data-closable>
              {texts.closable}
            </Tag>
          );
        if (replyDueAt === null) return <span className="faint">{texts.noReply}</span>;
        return (
          <CountdownCell
            startedAt={Date.parse(openedAt)}
            dueAt={Date.parse(replyDueAt)}
            overText={frame.reconnection.over}
          />
        );
      },
    },
    {
      title: texts.number,
      width: 132,
      render: (_, { number, level }) => (
        <div className="two-lines">
          <strong className="figure">{number}</strong>
          {level > 0 && <div className="late">{texts.level(level)}</div>}
        </div>
      ),
    },
    {
      title: texts.cause,
      render: (_, { title, kind, subject }) => (
        <div className="two-lines">
          <div>{title}</div>
          <div className="faint">
            {frame.kind[kind] ?? kind} · {subject.area} · {subject.name} {subject.code}
          </div>
        </div>
      ),
    },
    {
      title: texts.unit,
      width: 170,
      render: (_, { unit, person }) => (
        <div className="two-lines">
          <div>{unit ?? '—'}</div>
          <div className="faint">{person ?? ''}</div>
        </div>
      ),
    },
    {
      title: texts.opened,
      width: 116,
      render: (_, { openedAt }) => <span className="figure">{shortInstant(openedAt, null)}</span>,
    },
  ];
}
