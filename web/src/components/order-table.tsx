import { Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { ReconnectionOrder } from '../data/api-types.js';
import { useTexts } from '../data/language.js';
import { usePrinting } from '../data/theme-choice.js';
import { useReconnectionOrders } from '../data/reconnection-orders.js';
import { shortInstant } from '../model/instants.js';
import { ordersShown } from '../model/orders.js';
import type { Texts } from '../model/texts-zh.js';
import { CountdownCell } from './countdown.js';
import { Panel } from './panel.js';
import { useFresh } from './use-fresh.js';

/** Customers who paid and wait for their power, the nearest limit first; done ones below. */
export function OrderTable() {
  const texts = useTexts();
  const printing = usePrinting();
  const query = useReconnectionOrders(200);
  const orders = useMemo(() => ordersShown(query.data ?? []), [query.data]);
  const isFresh = useFresh(useMemo(() => query.data?.map((order) => order.id), [query.data]));
  const columns = useMemo(() => columnsOf(texts), [texts]);
  return (
    <Panel
      title={`${texts.reconnection.title} · ${orders.filter((order) => order.restoredAt === null).length}`}
      query={query}
    >
      <Table<ReconnectionOrder>
        rowKey="id"
        size="small"
        sticky={!printing}
        columns={columns}
        dataSource={orders}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName={(order) =>
          `${order.restoredAt === null ? 'order-waiting' : 'order-done'}${isFresh(order.id) ? ' fresh' : ''}`
        }
        scroll={{ x: 640 }}
        locale={{ emptyText: <Empty description={texts.reconnection.none} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf(texts: Texts): TableColumnsType<ReconnectionOrder> {
  return [
    {
      title: texts.reconnection.countdown,
      width: 168,
      render: (_, order) =>
        order.restoredAt !== null ? (
          <span className={order.state === 'met' ? 'done' : 'late'}>✓ {shortInstant(order.restoredAt, null)}</span>
        ) : (
          <CountdownCell
            startedAt={Date.parse(order.paidAt)}
            dueAt={Date.parse(order.dueAt)}
            overText={texts.reconnection.over}
          />
        ),
    },
    { title: texts.reconnection.account, render: (_, order) => <span className="figure">{order.accountNo}</span> },
    {
      title: texts.reconnection.paid,
      render: (_, order) => <span className="figure">{shortInstant(order.paidAt, null)}</span>,
    },
    {
      title: texts.reconnection.due,
      render: (_, order) => <span className="figure">{shortInstant(order.dueAt, null)}</span>,
    },
    { title: texts.reconnection.state, width: 110, render: (_, { state }) => texts.orderState[state] ?? state },
  ];
}
