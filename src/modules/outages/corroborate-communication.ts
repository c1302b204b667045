import { lostCommunication } from '../../domain/corroboration.js';
import type { SilentStation } from '../../domain/corroboration.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { partition } from '../../domain/partition.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { newestDeath } from './corroborate-facts.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';

interface Told {
  transformerIds: number[];
}

/**
 * Tells once for each area of these feeders that many of its terminals are silent without being in an outage, again when it grows, and
 * that it is over once too few of them are left. The subject is the area; its number is that of its first asset.
 */
export async function tellCommunication(tx: Tx, feederIds: readonly number[], active: PolicyInForce): Promise<void> {
  const areas = await areasWith(tx, feederIds);
  const silent = partition(await silentIn(tx, [...areas.keys()]), ({ area }) => area);
  const { windowMinutes, areaTerminals } = active.policy.corroboration;
  const rules = { windowMs: windowMinutes * MINUTE_MS, terminals: areaTerminals };
  const feeders = [...silent.values()].flat().flatMap(({ path }) => path[0] ?? []);
  const deaths = await newestDeath(tx, [...new Set(feeders)]);
  // Silence beside what lost supply at about the same time is in doubt itself, until it is judged.
  const isClear = ({ path, since }: SilentStation): boolean =>
    !((deaths.get(path[0] ?? 0) ?? -Infinity) >= since - rules.windowMs);
  const told = await lastTold(tx, [...areas.values()]);
  const entries = [...areas].flatMap(([area, subjectId]): NewJournalEntry[] => {
    const stations = silent.get(area) ?? [];
    const lost = lostCommunication(stations.filter(isClear), rules).filter(({ feeders }) => feeders > 1);
    const known = new Set(told.get(subjectId)?.transformerIds);
    const left = stations.filter(({ transformerId }) => known.has(transformerId));
    const about = { subjectType: 'area' as const, subjectId };
    const news = lost.flatMap(({ transformerIds }) => transformerIds).filter((id) => !known.has(id));
    if (news.length > 0) {
      const since = Math.min(...lost.map((one) => one.since));
      const transformerIds = [...news, ...left.map(({ transformerId }) => transformerId)].sort((a, b) => a - b);
      const feeders = Math.max(...lost.map((one) => one.feeders));
      return [
        {
          ...about,
          type: 'communication_lost',
          happenedAt: since,
          data: { area, sinceAt: since, transformerIds, feeders },
        },
      ];
    }
    if (known.size === 0 || left.length >= areaTerminals) return [];
    const transformerIds = left.map(({ transformerId }) => transformerId);
    return [{ ...about, type: 'communication_restored', happenedAt: tx.now, data: { area, transformerIds } }];
  });
  await append(tx, entries);
}

async function areasWith(tx: Tx, feederIds: readonly number[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ area: string; id: number }>(
    `select area, min(id) as id from asset
     where area <> '' and area in (select area from asset where id = any($1::integer[])) group by area`,
    [feederIds],
  );
  return new Map(rows.map(({ area, id }) => [area, id]));
}

/** Silent transformers that are in no open outage, with the path from the feeder down. */
const silentIn = (tx: Tx, areas: readonly string[]): Promise<(SilentStation & { area: string })[]> =>
  tx.query(
    `select a.id as "transformerId", a.area, s.supply_since as since,
       array(select p.asset from unnest(a.path) with ordinality as p(asset, depth) join asset f on f.id = p.asset
             where f.kind <> 'substation' order by p.depth) as path
     from transformer_state s join asset a on a.id = s.transformer_id
     where s.supply = 'unknown' and s.last_ts is not null and s.supply_since is not null and a.area = any($1::text[])
       and not exists (select from outage_transformer ot where ot.transformer_id = a.id and ot.ended_at is null)`,
    [areas],
  );

/** What the last entry about each area said; nothing for one that was told to be over. */
async function lastTold(tx: Tx, areaIds: readonly number[]): Promise<Map<number, Told>> {
  const rows = await tx.query<{ id: number; type: string; transformerIds: number[] }>(
    `select a.id, last.type, last.data -> 'transformerIds' as "transformerIds" from unnest($1::bigint[]) as a(id)
     cross join lateral (select type, data from journal where subject_type = 'area' and subject_id = a.id
                         order by id desc limit 1) last`,
    [areaIds],
  );
  return new Map(rows.filter(({ type }) => type === 'communication_lost').map((row) => [row.id, row]));
}
