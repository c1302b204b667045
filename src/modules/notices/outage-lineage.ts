import { partition } from '../../domain/partition.js';
import type { Queryable } from '../database/database.js';

/**
 * Outages, each with all that it was merged with, split from or nested in, over any number of steps: one trouble to a customer.
 * Every asked outage is in its own lineage.
 */
export async function lineagesOf(db: Queryable, outageIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await db.query<{ asked: number; id: number }>(
    `with recursive lineage(asked, id) as (
       select id, id from unnest($1::bigint[]) as asked(id)
       union
       select lineage.asked, linked.id from lineage cross join lateral (
         select merged_into_id as id from outage where outage.id = lineage.id
         union all select parent_id from outage where outage.id = lineage.id
         union all select outage.id from outage where merged_into_id = lineage.id
         union all select outage.id from outage where parent_id = lineage.id
       ) linked
       where linked.id is not null
     )
     select asked, id from lineage order by asked, id`,
    [outageIds],
  );
  const lineages = partition(rows, ({ asked }) => asked);
  return new Map([...lineages].map(([asked, members]) => [asked, members.map(({ id }) => id)]));
}

export const lineageOf = async (db: Queryable, outageId: number): Promise<number[]> =>
  (await lineagesOf(db, [outageId])).get(outageId) ?? [outageId];
