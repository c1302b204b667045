import type { OutageNature } from '../../domain/journal-entry.js';
import type { Interruption, Period, Stretch } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { rowsInPieces } from './cursor-rows.js';

/** Losses of supply of one transformer, and its stretches without any word. */
export interface SupplyHistory {
  transformerId: number;
  losses: Interruption[];
  silences: Stretch[];
}

interface Row {
  transformerId: number;
  outageId: number | null;
  nature: OutageNature;
  startedAt: number;
  endedAt: number | null;
}

/**
 * What touches the period, or touches what touches it, and so on: the whole of every interruption, as it would be if the silences were
 * losses. One transformer after the other; those without any are left out.
 */
export async function* supplyHistoriesOf(
  tx: Tx,
  transformerIds: readonly number[],
  period: Period,
): AsyncGenerator<SupplyHistory> {
  const reaches = await reachesOf(tx, transformerIds, period);
  const pieces = rowsInPieces<Row>(
    tx,
    'supply_histories',
    `with wanted as (
       select id, coalesce(r.since, $2) as since, coalesce(r.until, $3) as until
       from unnest($1::int[]) as id left join unnest($4::int[], $5::timestamptz[], $6::timestamptz[]) as r(transformer_id, since, until)
         on r.transformer_id = id)
     select h.transformer_id as "transformerId", h.outage_id as "outageId", h.nature, h.started_at as "startedAt", h.ended_at as "endedAt"
     from wanted join supply_history h on h.transformer_id = wanted.id
     where h.started_at <= wanted.until and (h.ended_at is null or h.ended_at >= wanted.since)
     order by h.transformer_id, h.started_at`,
    [
      transformerIds,
      at(period.from),
      at(period.to),
      reaches.map(({ transformerId }) => transformerId),
      reaches.map(({ since }) => (since === -Infinity ? '-infinity' : at(since ?? period.from))),
      reaches.map(({ until }) => (until === Infinity ? 'infinity' : at(until ?? period.to))),
    ],
  );
  let history: SupplyHistory | null = null;
  for await (const rows of pieces) {
    for (const { transformerId, outageId, nature, startedAt, endedAt } of rows) {
      if (history === null || history.transformerId !== transformerId) {
        if (history !== null) yield history;
        history = { transformerId, losses: [], silences: [] };
      }
      if (outageId === null) history.silences.push({ startedAt, endedAt });
      else history.losses.push({ outageId, nature, startedAt, endedAt });
    }
  }
  if (history !== null) yield history;
}

interface Reach {
  transformerId: number;
  /** null = not before the period; -Infinity = from before the first word. */
  since: number | null;
  /** null = not beyond the period; Infinity = it is not over. */
  until: number | null;
}

/** How far before and after the period one has to look where something goes on over its edge, link by link of the chain. */
function reachesOf(tx: Tx, transformerIds: readonly number[], period: Period): Promise<Reach[]> {
  return tx.query<Reach>(
    `with recursive wanted as (select unnest($1::int[]) as id),
     back(transformer_id, since) as (
       select h.transformer_id, min(h.started_at) from wanted join supply_history h on h.transformer_id = wanted.id
       where h.started_at <= $2 and (h.ended_at is null or h.ended_at >= $2) group by 1
       union all
       select back.transformer_id, earlier.since from back cross join lateral (
         select min(h.started_at) as since from supply_history h
         where h.transformer_id = back.transformer_id and h.started_at < back.since and (h.ended_at is null or h.ended_at >= back.since)
       ) earlier where earlier.since is not null),
     ahead(transformer_id, until) as (
       select h.transformer_id, max(coalesce(h.ended_at, 'infinity')) from wanted join supply_history h on h.transformer_id = wanted.id
       where h.started_at <= $3 and (h.ended_at is null or h.ended_at >= $3) group by 1
       union all
       select ahead.transformer_id, later.until from ahead cross join lateral (
         select max(coalesce(h.ended_at, 'infinity')) as until from supply_history h
         where h.transformer_id = ahead.transformer_id and ahead.until < 'infinity'
           and h.started_at <= ahead.until and (h.ended_at is null or h.ended_at > ahead.until)
       ) later where later.until is not null)
     select coalesce(b.transformer_id, a.transformer_id) as "transformerId", b.since, a.until
     from (select transformer_id, min(since) as since from back group by 1) b
     full join (select transformer_id, max(until) as until from ahead group by 1) a on a.transformer_id = b.transformer_id`,
    [transformerIds, at(period.from), at(period.to)],
  );
}
