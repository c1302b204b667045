import type { History } from '../../domain/customer-history.js';
import type { OutageNature } from '../../domain/journal-entry.js';
import type { Period } from '../../domain/reliability.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { rowsInPieces } from './cursor-rows.js';

export interface SupplyHistory extends History {
  transformerId: number;
}

interface Row {
  transformerId: number;
  outageId: number | null;
  nature: OutageNature;
  startedAt: number;
  endedAt: number | null;
}

/**
 * What touches the period of each transformer, or touches what touches it, and so on: the whole of every interruption, as it would be if the
 * silences were losses. One transformer after the other; those without any are left out.
 */
export async function* supplyHistoriesOf(tx: Tx, periods: ReadonlyMap<number, Period>): AsyncGenerator<SupplyHistory> {
  const reaches = await reachesOf(tx, periods);
  const pieces = rowsInPieces<Row>(
    tx,
    'supply_histories',
    `with wanted as (
       select w.id, coalesce(r.since, w.since) as since, coalesce(r.until, w.until) as until
       from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as w(id, since, until)
       left join unnest($4::int[], $5::timestamptz[], $6::timestamptz[]) as r(id, since, until) on r.id = w.id)
     select h.transformer_id as "transformerId", h.outage_id as "outageId", h.nature, h.started_at as "startedAt", h.ended_at as "endedAt"
     from wanted join supply_history h on h.transformer_id = wanted.id
     where h.started_at <= wanted.until and (h.ended_at is null or h.ended_at >= wanted.since)
     order by h.transformer_id, h.started_at`,
    [
      ...columnsOf(periods),
      reaches.map(({ transformerId }) => transformerId),
      reaches.map(({ since }) => (since === -Infinity ? '-infinity' : atOrNull(since))),
      reaches.map(({ until }) => (until === Infinity ? 'infinity' : atOrNull(until))),
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
function reachesOf(tx: Tx, periods: ReadonlyMap<number, Period>): Promise<Reach[]> {
  return tx.query<Reach>(
    `with recursive wanted as (select * from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as w(id, since, until)),
     back(transformer_id, since) as (
       select h.transformer_id, min(h.started_at) from wanted join supply_history h on h.transformer_id = wanted.id
       where h.started_at <= wanted.since and (h.ended_at is null or h.ended_at >= wanted.since) group by 1
       union all
       select back.transformer_id, earlier.since from back cross join lateral (
         select min(h.started_at) as since from supply_history h
         where h.transformer_id = back.transformer_id and h.started_at < back.since and (h.ended_at is null or h.ended_at >= back.since)
       ) earlier where earlier.since is not null),
     ahead(transformer_id, until) as (
       select h.transformer_id, max(coalesce(h.ended_at, 'infinity')) from wanted join supply_history h on h.transformer_id = wanted.id
       where h.started_at <= wanted.until and (h.ended_at is null or h.ended_at >= wanted.until) group by 1
       union all
       select ahead.transformer_id, later.until from ahead cross join lateral (
         select max(coalesce(h.ended_at, 'infinity')) as until from supply_history h
         where h.transformer_id = ahead.transformer_id and ahead.until < 'infinity'
           and h.started_at <= ahead.until and (h.ended_at is null or h.ended_at > ahead.until)
       ) later where later.until is not null)
     select coalesce(b.transformer_id, a.transformer_id) as "transformerId", b.since, a.until
     from (select transformer_id, min(since) as since from back group by 1) b
     full join (select transformer_id, max(until) as until from ahead group by 1) a on a.transformer_id = b.transformer_id`,
    columnsOf(periods),
  );
}

const columnsOf = (periods: ReadonlyMap<number, Period>): unknown[] => [
  [...periods.keys()],
  [...periods.values()].map(({ from }) => at(from)),
  [...periods.values()].map(({ to }) => at(to)),
];
