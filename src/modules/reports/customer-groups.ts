import type { CustomerGroup, Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { ReportTransformer } from './report-transformers.js';

interface GroupRow {
  rowTransformerId: number;
  customers: number;
  /** Null = always on that transformer, as far as it matters; else transformer, begin and end (epoch milliseconds, null = unbounded). */
  stays: [transformerId: number, from: number | null, to: number | null][] | null;
}

/**
 * The customers of these transformers, those with the same history as one group. A move before or after the period matters only where
 * something went on at that instant on the transformer that the customer hung on towards the period: then it is part of how long an
 * interruption was. What lies beyond one that does not matter is left out.
 */
export async function customerGroupsOf(
  tx: Tx,
  transformers: ReadonlyMap<number, ReportTransformer>,
  { from, to }: Period,
  rowOf: (transformer: ReportTransformer) => string | null,
): Promise<CustomerGroup[]> {
  const ms = (column: string): string => `round(extract(epoch from ${column}) * 1000)`;
  const quietAt = (instant: string): string =>
    `not exists (select from supply_history d where d.transformer_id = h.transformer_id
       and d.started_at <= ${instant} and (d.ended_at is null or d.ended_at >= ${instant}))`;
  const rows = await tx.query<GroupRow>(
    `with wanted as (select unnest($1::int[]) as id),
     at_end as materialized (
       select s.* from wanted join customer_transformer s on s.transformer_id = wanted.id
       where s.valid_from < $3 and (s.valid_to is null or s.valid_to >= $3)),
     mover as materialized (
       select transformer_id as id, customer_id from at_end where valid_from > '-infinity' or valid_to is not null),
     came as (
       select customer_id, max(h.valid_from) as since from mover join customer_transformer h using (customer_id)
       where h.valid_from > '-infinity' and h.valid_from <= $2 and ${quietAt('h.valid_from')} group by 1),
     went as (
       select customer_id, min(h.valid_to) as until from mover join customer_transformer h using (customer_id)
       where h.valid_to >= $3 and ${quietAt('h.valid_to')} group by 1),
     moved as (
       select m.id, jsonb_agg(jsonb_build_array(h.transformer_id,
           case when h.valid_from > coalesce(c.since, '-infinity') then ${ms('h.valid_from')} end,
           case when h.valid_to < coalesce(w.until, 'infinity') then ${ms('h.valid_to')} end) order by h.valid_from) as stays
       from mover m join customer_transformer h using (customer_id) left join came c using (customer_id) left join went w using (customer_id)
       where (w.until is null or h.valid_from < w.until) and (c.since is null or h.valid_to is null or h.valid_to > c.since)
       group by m.id, customer_id)
     select transformer_id as "rowTransformerId", count(*) as customers, null::jsonb as stays
     from at_end where valid_from = '-infinity' and valid_to is null group by 1
     union all
     select id, count(*), nullif(stays, jsonb_build_array(jsonb_build_array(id, null, null))) from moved group by id, stays`,
    [[...transformers.keys()], at(from), at(to)],
  );
  return rows.flatMap(({ rowTransformerId, customers, stays }) => {
    const transformer = transformers.get(rowTransformerId);
    if (transformer === undefined) return [];
    return [
      {
        customers,
        row: rowOf(transformer),
        isWatched: transformer.intervalSeconds !== null,
        stays: (stays ?? [[rowTransformerId, null, null]]).map(([transformerId, since, until]) => ({
          transformerId,
          from: since ?? -Infinity,
          to: until ?? Infinity,
        })),
      },
    ];
  });
}
