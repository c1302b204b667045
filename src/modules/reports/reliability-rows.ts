import { daysBetween, dateOf, startOfYear, yearOf } from '../../domain/calendar.js';
import type { DailySaidi } from '../../domain/major-event-days.js';
import { partition } from '../../domain/partition.js';
import type { CustomerGroup, Interruption, Period, ReliabilityLimits, Stretch } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { ReportTransformer } from './report-transformers.js';

interface StayRow {
  customerId: number | null;
  rowTransformerId: number;
  transformerId: number;
  from: number;
  to: number | null;
  customers: number;
}

/** The customers of these transformers: those who hung on one for the whole period as one group each, the others one by one. */
export async function customerGroupsOf(
  tx: Tx,
  transformers: ReadonlyMap<number, ReportTransformer>,
  { from, to }: Period,
  rowOf: (transformer: ReportTransformer) => string,
): Promise<CustomerGroup[]> {
  const rows = await tx.query<StayRow>(
    `with served as materialized (
       select customer_id, transformer_id, valid_from from customer_transformer
       where transformer_id = any($1::int[]) and valid_from < $3 and (valid_to is null or valid_to >= $3))
     select null::int as "customerId", transformer_id as "rowTransformerId", transformer_id as "transformerId",
       '-infinity'::timestamptz as "from", null::timestamptz as "to", count(*) as customers
     from served where valid_from <= $2 group by transformer_id
     union all
     select s.customer_id, s.transformer_id, h.transformer_id, h.valid_from, h.valid_to, 1
     from served s join customer_transformer h on h.customer_id = s.customer_id
     where s.valid_from > $2 and h.valid_from < $3 and (h.valid_to is null or h.valid_to > $2)`,
    [[...transformers.keys()], at(from), at(to)],
  );
  const byCustomer = partition(rows, (row) => row.customerId ?? `all of ${row.transformerId}`);
  return [...byCustomer.values()].flatMap((stays) => {
    const [first] = stays;
    const transformer = first === undefined ? undefined : transformers.get(first.rowTransformerId);
    if (first === undefined || transformer === undefined) return [];
    return [
      {
        customers: first.customers,
        row: rowOf(transformer),
        isWatched: transformer.intervalSeconds !== null,
        stays: stays.map((stay) => ({ transformerId: stay.transformerId, from: stay.from, to: stay.to ?? Infinity })),
      },
    ];
  });
}

type ByTransformer<Value> = ReadonlyMap<number, readonly Value[]>;

/** Losses of supply that touch the period, by transformer; discarded outages are none. */
export async function interruptionsOf(
  tx: Tx,
  transformerIds: readonly number[],
  period: Period,
): Promise<ByTransformer<Interruption>> {
  const rows = await tx.query<Interruption & { transformerId: number }>(
    `select ot.transformer_id as "transformerId", ot.outage_id as "outageId", o.nature, ot.started_at as "startedAt", ot.ended_at as "endedAt"
     from outage_transformer ot join outage o on o.id = ot.outage_id
     where o.state <> 'discarded' and ot.transformer_id = any($1::int[])
       and ot.started_at < $3 and (ot.ended_at is null or ot.ended_at > $2)
     order by ot.transformer_id, ot.started_at`,
    [transformerIds, at(period.from), at(period.to)],
  );
  return partition(rows, ({ transformerId }) => transformerId);
}

/** Stretches of the period in which nothing was known, by transformer. */
export async function unknownStretchesOf(
  tx: Tx,
  transformerIds: readonly number[],
  period: Period,
): Promise<ByTransformer<Stretch>> {
  const rows = await tx.query<Stretch & { transformerId: number }>(
    `select transformer_id as "transformerId", started_at as "startedAt", ended_at as "endedAt" from supply_interval
     where state = 'unknown' and withdrawn_at is null and transformer_id = any($1::int[])
       and started_at < $3 and (ended_at is null or ended_at > $2)
     order by transformer_id, started_at`,
    [transformerIds, at(period.from), at(period.to)],
  );
  return partition(rows, ({ transformerId }) => transformerId);
}

/**
 * SAIDI of each day with a sustained interruption, from `years` calendar years before the period to its end. An interruption counts whole
 * on the day on which it began, and with the customers who then hung on the transformer.
 */
export async function dailySaidiOf(
  tx: Tx,
  transformerIds: readonly number[],
  customersServed: number,
  period: Period,
  years: number,
  limits: ReliabilityLimits,
): Promise<DailySaidi[]> {
  const days = daysBetween(startOfYear(yearOf(period.from) - years), period.to);
  const rows = await tx.query<{ day: number; customerMinutes: number }>(
    `with hung as materialized (
       select transformer_id, valid_from, valid_to, count(*) as customers from customer_transformer
       where transformer_id = any($1::int[]) group by 1, 2, 3)
     select width_bucket(ot.started_at, $2::timestamptz[]) as day,
       sum(extract(epoch from coalesce(ot.ended_at, $4) - ot.started_at) / 60 * h.customers) as "customerMinutes"
     from outage_transformer ot
     join outage o on o.id = ot.outage_id
     join hung h on h.transformer_id = ot.transformer_id and h.valid_from <= ot.started_at and (h.valid_to is null or h.valid_to > ot.started_at)
     where o.state <> 'discarded' and ot.started_at >= ($2::timestamptz[])[1] and ot.started_at < $3
       and coalesce(ot.ended_at, $4) - ot.started_at > make_interval(secs => $5::double precision * 60)
     group by 1 order by 1`,
    [transformerIds, days.map(at), at(period.to), at(tx.now), limits.sustainedMinutes],
  );
  return rows.map(({ day, customerMinutes }) => {
    const start = days[day - 1] ?? period.from;
    return { year: yearOf(start), date: dateOf(start), saidiMinutes: customerMinutes / customersServed };
  });
}
