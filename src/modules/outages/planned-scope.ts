import { MINUTE_MS } from '../../domain/instants.js';
import type { Queryable } from '../database/database.js';

/** How long before its window a loss may still be the work's; generous, the exact rule is domain/planned-window.ts. */
const EARLY_MS = 60 * MINUTE_MS;

/** Outages that planned works speak of: those linked to them, and those that began in their windows below their assets. */
export async function outagesOfWorks(db: Queryable, plannedIds: readonly number[]): Promise<number[]> {
  if (plannedIds.length === 0) return [];
  const rows = await db.query<{ id: number }>(
    `select id from outage where planned_outage_id = any($1::bigint[]) and state <> 'discarded'
     union
     select o.id from planned_outage po
     join planned_outage_asset pa on pa.planned_outage_id = po.id
     cross join transformers_below_at(pa.asset_id, po.starts_at) t
     join outage_transformer ot on ot.transformer_id = t.transformer_id
      and ot.started_at between po.starts_at - $2 * interval '1 ms' and po.ends_at
     join outage o on o.id = ot.outage_id and o.state <> 'discarded'
     where po.id = any($1::bigint[])`,
    [plannedIds, EARLY_MS],
  );
  return rows.map(({ id }) => id);
}
