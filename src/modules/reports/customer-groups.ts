import type { CustomerGroup, Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { ReportTransformer } from './report-transformers.js';

interface GroupRow {
  rowTransformerId: number;
  customers: number;
  /** Null = on that transformer for the whole period; else transformer, begin and end (epoch milliseconds, null = unbounded). */
  stays: [transformerId: number, from: number | null, to: number | null][] | null;
}

/** The customers of these transformers, those with the same history as one group. */
export async function customerGroupsOf(
  tx: Tx,
  transformers: ReadonlyMap<number, ReportTransformer>,
  { from, to }: Period,
  rowOf: (transformer: ReportTransformer) => string | null,
): Promise<CustomerGroup[]> {
  const ms = (column: string): string =>
    `case when isfinite(${column}) then round(extract(epoch from ${column}) * 1000) end`;
  const rows = await tx.query<GroupRow>(
    `with wanted as (select unnest($1::int[]) as id),
     moved as (
       select s.transformer_id as id, jsonb_agg(jsonb_build_array(h.transformer_id, ${ms('h.valid_from')}, ${ms('h.valid_to')}) order by h.valid_from) as stays
       from wanted join customer_transformer s on s.transformer_id = wanted.id
       join customer_transformer h on h.customer_id = s.customer_id
       where s.valid_from > $2 and s.valid_from < $3 and (s.valid_to is null or s.valid_to >= $3)
         and h.valid_from < $3 and (h.valid_to is null or h.valid_to > $2)
       group by s.transformer_id, s.customer_id)
     select s.transformer_id as "rowTransformerId", count(*) as customers, null::jsonb as stays
     from wanted join customer_transformer s on s.transformer_id = wanted.id
     where s.valid_from <= $2 and (s.valid_to is null or s.valid_to >= $3) group by 1
     union all
     select id, count(*), stays from moved group by id, stays`,
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
