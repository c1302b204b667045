import type { NoticeFacts } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';

interface Row {
  id: number;
  kind: string;
  eventType: string;
  eventId: number;
  assetId: number | null;
  outageId: number | null;
  code: string;
  name: string;
  area: string;
}

/** Notices with the event they were about and where that is. */
export async function loadNoticeFacts(tx: Tx, ids: readonly number[]): Promise<NoticeFacts[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(
    `select n.id, n.kind, n.event_type as "eventType", n.event_id as "eventId", a.id as "assetId", o.id as "outageId",
            coalesce(case n.event_type when 'outage' then a.code when 'planned_outage' then p.external_id
                     else c.account_no end, '') as code,
            coalesce(a.name, '') as name, coalesce(a.area, '') as area
     from notice n
     join customer c on c.id = n.customer_id
     left join outage o on n.event_type = 'outage' and o.id = n.event_id
     left join planned_outage p on n.event_type = 'planned_outage' and p.id = n.event_id
     left join lateral (select l.asset_id from planned_outage_asset l where l.planned_outage_id = p.id
                        order by l.asset_id limit 1) first on true
     left join asset a on a.id = case n.event_type when 'outage' then o.root_asset_id
                                 when 'planned_outage' then first.asset_id else c.transformer_id end
     where n.id = any($1)`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    event: { type: row.eventType, id: row.eventId, code: row.code, name: row.name, area: row.area },
    assetId: row.assetId,
    outageId: row.outageId,
  }));
}
