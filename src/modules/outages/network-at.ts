import { partition } from '../../domain/partition.js';
import type { PlannedWindow } from '../../domain/planned-window.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** Where a transformer hung at an instant: root of the network first, the transformer last. */
export interface PathAt {
  path: number[];
  /** How many substations it begins with; groups are never wider than what comes after them. */
  substations: number;
}

/** The paths of transformers, each at its own instant, in the order given. O(n x depth) index look-ups. */
export async function pathsAt(
  db: Queryable,
  asked: readonly { transformerId: number; moment: number }[],
): Promise<PathAt[]> {
  if (asked.length === 0) return [];
  const rows = await db.query<PathAt & { position: number }>(
    `with recursive up as (
       select q.position, q.transformer_id as asset_id, q.moment, 0 as height
       from unnest($1::integer[], $2::timestamptz[]) with ordinality as q(transformer_id, moment, position)
       union all
       select up.position, p.parent_id, up.moment, up.height + 1
       from up join asset_parent p on p.asset_id = up.asset_id
        and p.valid_from <= up.moment and (p.valid_to is null or p.valid_to > up.moment)
       where p.parent_id is not null and up.height < 50)
     select up.position, array_agg(up.asset_id order by up.height desc) as path,
       count(*) filter (where a.kind = 'substation') as substations
     from up join asset a on a.id = up.asset_id group by up.position order by up.position`,
    [asked.map(({ transformerId }) => transformerId), asked.map(({ moment }) => at(moment))],
  );
  return rows;
}

/**
 * Transformers below each asset on the way to transformers below `tops`, in today's network. Only those with a terminal: the others can
 * never say that they are dead, and would hide the outage of a feeder of which a part is not metered.
 */
export async function transformersBelow(db: Queryable, tops: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.query<{ asset: number; total: number }>(
    `select p.asset, count(*) as total from asset a cross join unnest(a.path) as p(asset)
     where a.kind = 'transformer' and a.path && $1::integer[]
       and exists (select 1 from terminal t where t.transformer_id = a.id)
     group by p.asset`,
    [tops],
  );
  return new Map(rows.map(({ asset, total }) => [asset, total]));
}

/** Registered works on these assets whose window touches the stretch of time, by asset. */
export async function windowsOn(
  db: Queryable,
  assets: readonly number[],
  from: number,
  to: number,
): Promise<Map<number, PlannedWindow[]>> {
  const rows = await db.query<PlannedWindow>(
    `select po.id as "plannedOutageId", pa.asset_id as "assetId", po.starts_at as "startsAt", po.ends_at as "endsAt"
     from planned_outage_asset pa join planned_outage po on po.id = pa.planned_outage_id
     where po.state = 'registered' and pa.asset_id = any($1::integer[]) and po.starts_at <= $3 and po.ends_at >= $2`,
    [assets, at(from), at(to)],
  );
  return partition(rows, ({ assetId }) => assetId);
}

/** Customers on each transformer today. */
export async function customersOn(db: Queryable, transformerIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.query<{ transformer: number; customers: number }>(
    `select transformer_id as transformer, count(*) as customers from customer
     where transformer_id = any($1::integer[]) group by transformer_id`,
    [transformerIds],
  );
  return new Map(rows.map(({ transformer, customers }) => [transformer, customers]));
}

/** Reporting interval in milliseconds of each transformer's terminal. */
export async function reportingMs(db: Queryable, transformerIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.query<{ transformer: number; seconds: number }>(
    `select transformer_id as transformer, max(interval_seconds) as seconds from terminal
     where transformer_id = any($1::integer[]) group by transformer_id`,
    [transformerIds],
  );
  return new Map(rows.map(({ transformer, seconds }) => [transformer, seconds * 1_000]));
}

export async function areasOf(db: Queryable, assetIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await db.query<{ id: number; area: string }>(
    'select id, area from asset where id = any($1::integer[])',
    [assetIds],
  );
  return new Map(rows.map(({ id, area }) => [id, area]));
}
