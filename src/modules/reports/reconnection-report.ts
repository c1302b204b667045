import { monthsWithin } from '../../domain/calendar.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { figuresOf, LEGS } from '../../domain/reconnection/order-figures.js';
import type { LegName, OrderFacts, OrderFigures } from '../../domain/reconnection/order-figures.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { CREW } from '../reconnection/order-queries.js';
import type { ReportAsk } from './report-ask.js';

export type ReconnectionBy = 'area' | 'crew' | 'month' | 'none';

export interface ReconnectionAsk extends ReportAsk {
  by: ReconnectionBy;
}

export interface ReconnectionRow extends Omit<OrderFigures, 'legs'> {
  from: number;
  to: number;
  legs: Record<LegName, { count: number; medianMinutes: number | null; p90Minutes: number | null }>;
  /** The list of exactly these orders. */
  drillDown: string;
}

interface Loaded extends Omit<OrderFacts, 'key'> {
  area: string;
  crew: string;
}

/** The promise to restore after payment, of customers who paid within the period: kept, broken, only said; and how long each leg took. */
export async function reportReconnection(
  db: Queryable,
  ask: ReconnectionAsk,
): Promise<{ total: ReconnectionRow; items: ReconnectionRow[] }> {
  const orders = await db.query<Loaded>(
    `select a.area, ${CREW} as crew, o.state, o.paid_at as "paidAt", p.received_at as "receivedAt", o.ordered_at as "orderedAt",
            least((select min(r.sent_at) from remote_reconnection r where r.order_id = o.id),
                  (select min(s.at) from reconnection_step s where s.order_id = o.id and s.step = 'crew_assigned')) as "dispatchedAt",
            d.switch_at as "switchAt", d.power_at as "powerAt", o.restored_at as "restoredAt", o.claimed_at as "claimedAt",
            o.payment_reversed_at is not null as "onReversedPayment"
     from reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
     join disconnection d on d.id = o.disconnection_id join payment p on p.id = o.payment_id
     where o.paid_at >= $1 and o.paid_at < $2 and ($3::text is null or a.area = $3)`,
    [at(ask.from), at(ask.to), ask.area],
  );
  return {
    total: rowOf('total', orders, ask, {}),
    items: ask.by === 'none' ? [] : ask.by === 'month' ? byMonth(orders, ask) : byText(orders, ask, ask.by),
  };
}

function byMonth(orders: readonly Loaded[], ask: ReconnectionAsk): ReconnectionRow[] {
  return monthsWithin(ask).map(({ key, from, to }) => {
    const within = orders.filter(({ paidAt }) => paidAt >= from && paidAt < to);
    return rowOf(key, within, { ...ask, from, to }, {});
  });
}

function byText(orders: readonly Loaded[], ask: ReconnectionAsk, by: 'area' | 'crew'): ReconnectionRow[] {
  const keys = [...new Set(orders.map((order) => order[by]))].sort((a, b) => a.localeCompare(b));
  return keys.map((key) => {
    const of = orders.filter((order) => order[by] === key);
    return rowOf(key, of, ask, { [by]: key });
  });
}

function rowOf(
  key: string,
  orders: readonly Loaded[],
  { from, to, area }: ReconnectionAsk,
  filter: { area?: string; crew?: string },
): ReconnectionRow {
  const { legs, ...figures } = figuresOf(
    key,
    orders.map((order) => ({ ...order, key })),
  );
  const query = new URLSearchParams({
    from: String(from),
    to: String(to),
    ...(area === null ? {} : { area }),
    ...filter,
  });
  const minutes = (ms: number | null): number | null => (ms === null ? null : ms / MINUTE_MS);
  return {
    ...figures,
    from,
    to,
    legs: Object.fromEntries(
      LEGS.map((name) => {
        const { count, medianMs, p90Ms } = legs[name];
        return [name, { count, medianMinutes: minutes(medianMs), p90Minutes: minutes(p90Ms) }];
      }),
    ) as ReconnectionRow['legs'],
    drillDown: `/api/v1/reconnection-orders?${query.toString()}`,
  };
}
