import { CORROBORATED } from '../../domain/corroboration.js';
import type { Caller, Loss, Station, Surroundings } from '../../domain/corroboration.js';
import { partition } from '../../domain/partition.js';
import { windowOf } from '../../domain/planned-window.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { windowsOn } from './network-at.js';
import type { StoredMember } from './outage-rows.js';

/** A station with its feeder (the topmost asset below the substation) and its communication area. */
export type PlacedStation = Station & { feederId: number; area: string; fullPath: number[] };

/** The feeders, in today's network, of transformers. */
export async function feedersOf(db: Queryable, transformerIds: readonly number[]): Promise<Map<number, number>> {
  if (transformerIds.length === 0) return new Map();
  const rows = await db.query<{ transformerId: number; feederId: number }>(
    `select distinct on (a.id) a.id as "transformerId", f.id as "feederId"
     from asset a cross join unnest(a.path) with ordinality as p(asset, depth)
     join asset f on f.id = p.asset and f.kind <> 'substation'
     where a.id = any($1::integer[]) order by a.id, p.depth`,
    [transformerIds],
  );
  return new Map(rows.map(({ transformerId, feederId }) => [transformerId, feederId]));
}

/** Since when the newest of the silent transformers below each feeder is silent; null = none is. */
export function newestSilence(
  db: Queryable,
  feederIds: readonly number[],
): Promise<{ feederId: number; since: number | null }[]> {
  return db.query(
    `select f.id as "feederId", (
       select max(s.supply_since) from asset a join transformer_state s on s.transformer_id = a.id
       where a.path @> array[f.id] and a.kind = 'transformer' and s.supply = 'unknown') as since
     from unnest($1::integer[]) as f(id)`,
    [feederIds],
  );
}

/** Since when something below each feeder is dead: the newest of them. Feeders where nothing is dead are not there. */
export async function newestDeath(db: Queryable, feederIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.query<{ feederId: number; since: number }>(
    `select f.id as "feederId", max(s.supply_since) as since
     from unnest($1::integer[]) as f(id) join asset a on a.path @> array[f.id] and a.kind = 'transformer'
     join transformer_state s on s.transformer_id = a.id and s.supply = 'dead' group by f.id`,
    [feederIds],
  );
  return new Map(rows.map(({ feederId, since }) => [feederId, since]));
}

/** Which of these feeders have anything to judge: a silent transformer, or one that is in an outage by suspicion. */
export async function feedersInDoubt(db: Queryable, feederIds: readonly number[]): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `select distinct f.id from unnest($1::integer[]) as f(id)
     join asset a on a.path @> array[f.id] and a.kind = 'transformer'
     join transformer_state s on s.transformer_id = a.id
     where (s.supply = 'unknown' and s.last_ts is not null)
        or exists (select from outage_transformer ot where ot.transformer_id = a.id and ot.ended_at is null
                   and ot.source = '${CORROBORATED}')`,
    [feederIds],
  );
  return rows.map(({ id }) => id);
}

/** Every transformer of the feeders that can tell, that is, whose terminal was ever heard. */
export function stationsOn(db: Queryable, feederIds: readonly number[]): Promise<PlacedStation[]> {
  return db.query<PlacedStation>(
    `select a.id as "transformerId", f.id as "feederId", a.area, a.path[array_position(a.path, f.id):] as path,
       a.path as "fullPath", s.supply,
       coalesce(s.supply_since, s.last_ts) as since,
       1000 * coalesce((select max(interval_seconds) from terminal t where t.transformer_id = a.id), 60) as "intervalMs"
     from unnest($1::integer[]) as f(id)
     join asset a on a.path @> array[f.id] and a.kind = 'transformer'
     join transformer_state s on s.transformer_id = a.id and s.last_ts is not null
     order by a.id`,
    [feederIds],
  );
}

/** Which work each of the silent ones fell silent in. */
export async function withWorks<Placed extends PlacedStation>(
  db: Queryable,
  stations: readonly Placed[],
  earlyMs: number,
): Promise<Placed[]> {
  const silent = stations.filter(({ supply }) => supply === 'unknown');
  if (silent.length === 0) return [...stations];
  const [from, to] = silent.reduce(
    ([first, last], { since }) => [Math.min(first, since), Math.max(last, since)],
    [Infinity, -Infinity],
  );
  const assets = [...new Set(silent.flatMap(({ fullPath }) => fullPath))];
  const windows = await windowsOn(db, assets, from - earlyMs, to + earlyMs);
  return stations.map((station) =>
    station.supply === 'unknown'
      ? { ...station, work: windowOf(station.fullPath, station.since, windows, earlyMs) }
      : station,
  );
}

/** How many transformers of each area are measured live, and which others are silent without being in an outage. */
export async function surroundingsOf(db: Queryable, areas: readonly string[]): Promise<Map<string, Surroundings>> {
  const rows = await db.query<Surroundings & { area: string }>(
    `select a.area, count(*) filter (where s.supply = 'live')::integer as reports,
       coalesce(json_agg(json_build_object('transformerId', a.id, 'since', (extract(epoch from s.supply_since) * 1000)::bigint))
                filter (where s.supply = 'unknown' and s.supply_since is not null and not exists (
                  select from outage_transformer ot where ot.transformer_id = a.id and ot.ended_at is null)), '[]') as silent
     from asset a join transformer_state s on s.transformer_id = a.id and s.last_ts is not null
     where a.kind = 'transformer' and a.area = any($1::text[]) group by a.area`,
    [areas],
  );
  return new Map(rows.map(({ area, ...counts }) => [area, counts]));
}

/** Complaints and fault reports about missing supply since an instant, of customers or places below the feeders; not of who is cut off. */
export function callersOn(db: Queryable, feederIds: readonly number[], since: number): Promise<Caller[]> {
  return db.query<Caller>(
    `select c.who, a.id as "transformerId", c.at
     from (select 'customer ' || k.id as who, k.id as customer_id, k.transformer_id, received_at as at
           from complaint join customer k on k.id = customer_id where complaint.category = 'outage' and received_at >= $2
           union all
           select coalesce('customer ' || k.id, 'report ' || r.id), k.id, coalesce(k.transformer_id, r.transformer_id), r.reported_at
           from fault_report r left join customer k on k.id = r.customer_id
           where r.outcome = 'repair_order' and r.reported_at >= $2) c
     join asset a on a.id = c.transformer_id
     where a.path && $1::integer[]
       and not exists (select from disconnection d where d.customer_id = c.customer_id and d.disconnected_at <= c.at
                       and (d.reconnected_at is null or d.reconnected_at > c.at))`,
    [feederIds, at(since)],
  );
}

/** The losses of outages that have a suspected member below these feeders, with the path of each from the feeder down. */
export async function suspectedOutages(
  db: Queryable,
  feederIds: readonly number[],
): Promise<Map<number, (Loss & { rowId: number; openHere: boolean })[]>> {
  const rows = await db.query<Loss & { outageId: number; rowId: number; openHere: boolean }>(
    `select ot.id as "rowId", ot.outage_id as "outageId", ot.transformer_id as "transformerId", a.path, ot.started_at as "startedAt",
       ot.ended_at as "endedAt", ot.source, ot.ended_at is null and a.path && $1::integer[] as "openHere"
     from outage_transformer ot join asset a on a.id = ot.transformer_id
     where ot.outage_id in (
       select s.outage_id from outage_transformer s join asset t on t.id = s.transformer_id
       where s.ended_at is null and s.source = '${CORROBORATED}' and t.path && $1::integer[])
     order by ot.id`,
    [feederIds],
  );
  return partition(rows, ({ outageId }) => outageId);
}

/**
 * Of transformers that are in outages by suspicion those whose terminal, heard again, still counts the boot it counted before: it had
 * power all the time.
 */
export async function backInSameBoot(db: Queryable, recorded: readonly StoredMember[]): Promise<Set<number>> {
  const suspected = recorded.filter(({ source }) => source === CORROBORATED);
  if (suspected.length === 0) return new Set();
  const rows = await db.query<{ transformerId: number }>(
    `select m.transformer_id as "transformerId" from unnest($1::integer[], $2::timestamptz[]) as m(transformer_id, moment)
     join lateral (select sid from reading r where r.transformer_id = m.transformer_id and r.ts <= m.moment
                   order by r.ts desc limit 1) before on true
     join lateral (select sid from reading r where r.transformer_id = m.transformer_id and r.ts > m.moment
                   order by r.ts limit 1) after on after.sid = before.sid`,
    [suspected.map(({ transformerId }) => transformerId), suspected.map(({ startedAt }) => at(startedAt))],
  );
  return new Set(rows.map(({ transformerId }) => transformerId));
}
