import { forecastOf } from '../../domain/reconnection/forecast.js';
import type { Forecast } from '../../domain/reconnection/forecast.js';
import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { OrderRow } from './order-queries.js';

const TYPICAL_DAYS = 30;

interface Waiting {
  orderId: number;
  position: number;
}

interface Pace {
  area: string;
  restored: number;
  typicalMs: number | null;
}

/** What the forecast of an order needs to know of it. */
export interface Forecastable {
  id: number;
  area: string;
  paidAt: number;
  remoteUntil: number | null;
}

/**
 * The forecasts of unrestored orders: the whole queue of their areas is counted, so a page of a list is right too.
 * The pace is that of the order's area and counts restorations that are confirmed, or said by a crew.
 */
export async function forecastsOf(
  db: Queryable,
  orders: readonly Forecastable[],
  active: PolicyInForce,
  now: number,
): Promise<Map<number, Forecast>> {
  if (orders.length === 0) return new Map();
  const areas = [...new Set(orders.map(({ area }) => area))];
  const waiting = new Map(
    (
      await db.query<Waiting>(
        `select o.id as "orderId", row_number() over (partition by a.area order by o.due_at, o.id)::integer as position
         from reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
         where o.state in ('open', 'breached') and o.restored_at is null and o.claimed_at is null and o.field_since is not null
           and a.area = any($1::text[])`,
        [areas],
      )
    ).map((row) => [row.orderId, row.position]),
  );
  const forecasts = new Map<number, Forecast>();
  for (const area of areas) {
    const rules = active.policyFor(area).reconnection;
    const pace = await paceOf(db, area, now - rules.paceHours * HOUR_MS, now);
    for (const order of orders.filter((one) => one.area === area)) {
      const facts = { ...order, ...pace, position: waiting.get(order.id) ?? 1 };
      forecasts.set(order.id, forecastOf(facts, now, rules));
    }
  }
  return forecasts;
}

async function paceOf(db: Queryable, area: string, since: number, now: number): Promise<Pace> {
  const [row] = await db.query<{ restored: number; typicalSeconds: number | null }>(
    `select count(*) filter (where ended_at > $2) as restored,
            percentile_cont(0.5) within group (order by extract(epoch from ended_at - o.paid_at)) as "typicalSeconds"
     from reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
     cross join lateral (select coalesce(o.restored_at, o.claimed_at) as ended_at) e
     where a.area = $1 and ended_at > $3 and ended_at <= $4 and o.paid_at > $3`,
    [area, at(since), at(now - TYPICAL_DAYS * DAY_MS), at(now)],
  );
  const seconds = row?.typicalSeconds ?? null;
  return { area, restored: row?.restored ?? 0, typicalMs: seconds === null ? null : seconds * 1_000 };
}

/** The orders with their forecasts; null where supply is back, said to be, or not promised any more. */
export async function withForecasts<Row extends OrderRow>(
  db: Queryable,
  orders: readonly Row[],
  active: PolicyInForce,
  now: number,
): Promise<(Row & { forecast: Forecast | null })[]> {
  const waiting = orders.filter(
    ({ state, restoredAt, claimedAt, refutedAt }) =>
      state !== 'cancelled' && restoredAt === null && (claimedAt === null || refutedAt !== null),
  );
  const forecasts = await forecastsOf(db, waiting, active, now);
  return orders.map((order) => ({ ...order, forecast: forecasts.get(order.id) ?? null }));
}

export const withForecast = async <Row extends OrderRow>(
  db: Queryable,
  order: Row,
  active: PolicyInForce,
  now: number,
): Promise<Row & { forecast: Forecast | null }> => {
  const [row] = await withForecasts(db, [order], active, now);
  return row ?? { ...order, forecast: null };
};
