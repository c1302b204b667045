import type { Queryable } from '../database/database.js';

/** An outage with all that it was merged with, split from or nested in, over any number of steps: one trouble to a customer. */
export async function lineageOf(db: Queryable, outageId: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `with recursive lineage(id) as (
       select $1::bigint
       union
       select linked.id from lineage cross join lateral (
         select merged_into_id as id from outage where outage.id = lineage.id
         union all select parent_id from outage where outage.id = lineage.id
         union all select outage.id from outage where merged_into_id = lineage.id
         union all select outage.id from outage where parent_id = lineage.id
       ) linked
       where linked.id is not null
     )
     select id from lineage order by id`,
    [outageId],
  );
  return rows.map((row) => row.id);
}
