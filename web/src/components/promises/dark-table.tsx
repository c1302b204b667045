import { Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { PaidButDark } from '../../data/api-types-promises.js';
import { useTexts, useWords } from '../../data/language.js';
import { usePaidButDark } from '../../data/reconnection-orders.js';
import { openOver } from '../../data/route.js';
import { usePrinting } from '../../data/theme-choice.js';
import { shortInstant } from '../../model/instants.js';
import { PROMISE_TEXTS } from '../../model/promise-texts.js';
import type { PromiseTexts } from '../../model/promise-texts.js';
import { legsInOrder } from '../../model/repair-loop.js';
import type { Texts } from '../../model/texts-zh.js';
import { CountdownCell } from '../countdown.js';
import { Panel } from '../panel.js';
import { useFresh } from '../use-fresh.js';
import { OrderDetail } from './order-detail.js';
import '../../styles/sheets.css';
import '../../styles/promises.css';

/** Everybody who paid and has no power yet, what is due first at the top, with how far each order has come. */
export function DarkTable() {
  const frame = useTexts();
  const texts = useWords(PROMISE_TEXTS);
  const printing = usePrinting();
  const query = usePaidButDark();
  const orders = query.data ?? [];
  const isFresh = useFresh(useMemo(() => query.data?.map(({ id }) => id), [query.data]));
  const columns = useMemo(() => columnsOf(frame, texts), [frame, texts]);
  return (
    <Panel title={`${texts.dark} · ${orders.length}`} query={query}>
      <Table<PaidButDark>
        rowKey="id"
        size="small"
        columns={columns}
        dataSource={orders}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={({ id }) => (isFresh(id) ? 'openable fresh' : 'openable')}
        onRow={({ id }) => ({ 'data-dark': id }) as object}
        expandable={{ expandRowByClick: true, expandedRowRender: (order) => <OrderDetail order={order} /> }}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Empty description={texts.noDark} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(frame: Texts, texts: PromiseTexts): TableColumnsType<PaidButDark> {
  return [
    {
      title: frame.reconnection.countdown,
      width: 168,
      render: (_, order) => (
        <CountdownCell
          startedAt={Date.parse(order.paidAt)}
          dueAt={Date.parse(order.dueAt)}
          overText={frame.reconnection.over}
        />
      ),
    },
    {
      title: frame.reconnection.account,
      width: 128,
      render: (_, order) => (
        <div className="two-lines">
          <strong className="figure">{order.accountNo}</strong>
          <div className="faint">{order.area || '—'}</div>
        </div>
      ),
    },
    {
      title: `${frame.reconnection.paid} / ${frame.reconnection.due}`,
      width: 150,
      render: (_, order) => (
        <div className="two-lines figure">
          <div className="faint">{shortInstant(order.paidAt, null)}</div>
          <div>
            {shortInstant(order.dueAt, null)}{' '}
            {order.state === 'breached' && <span className="late">{texts.breached}</span>}
          </div>
        </div>
      ),
    },
    {
      title: texts.legs,
      render: (_, order) => (
        <div className="two-lines">
          <span className="legs">
            {legsInOrder(order.legs).map(({ leg, at, quality }) => (
              <span key={`${leg} ${at}`} className={`leg leg-${quality}`} title={shortInstant(at, null)}>
                {texts.leg[leg] ?? leg}
              </span>
            ))}
          </span>
          <div className={`faint dark-${order.darkReason}`}>
            {texts.darkReason[order.darkReason] ?? order.darkReason}
            {order.darkSince !== null && ` · ${texts.darkSince(shortInstant(order.darkSince, null))}`}
            {order.outageId !== null && (
              <button type="button" className="as-link" onClick={() => openOver('outage', order.outageId)}>
                {' '}
                #{order.outageId}
              </button>
            )}
          </div>
        </div>
      ),
    },
    {
      title: texts.stages,
      width: 118,
      render: (_, { stages }) => (
        <span className="stages">
          {stages.map(({ stage, state, dueAt }) => (
            <span key={stage} className={`stage deadline-${state}`} title={shortInstant(dueAt, null)}>
              {texts.stage[stage] ?? stage}
            </span>
          ))}
        </span>
      ),
    },
    {
      title: texts.forecast,
      width: 108,
      render: (_, { forecast, dueAt }) => {
        const at = forecast?.expectedAt ?? null;
        const isLate = at !== null && Date.parse(at) > Date.parse(dueAt);
        return <span className={isLate ? 'figure late' : 'figure'}>{shortInstant(at, null)}</span>;
      },
    },
  ];
}
