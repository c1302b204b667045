import type { DetectorState } from '../../domain/detector.js';
import { DAY_MS } from '../../domain/instants.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { binaryArray, binaryBools } from './binary-rows.js';
import type { ReplyArrival, Station, Terminal } from './station.js';

/** Writes the state rows that changed: what every reading moves in one statement, the rules' memory in another, which is rarely needed. */
export async function updateStations(tx: Tx, stations: readonly Station[]): Promise<void> {
  const touched = stations.filter((station) => station.touched);
  if (touched.length > 0) {
    const newest = (station: Station) => station.fresh.at(-1)?.reading;
    await tx.client.query(
      `update transformer_state s
       set last_ts = n.last_ts, last_heard_at = greatest(s.last_heard_at, n.heard_at), terminal_id = n.terminal_id, sid = n.sid, seq = n.seq,
           ua = case when n.measured then n.ua else s.ua end, ub = case when n.measured then n.ub else s.ub end,
           uc = case when n.measured then n.uc else s.uc end, ia = case when n.measured then n.ia else s.ia end,
           ib = case when n.measured then n.ib else s.ib end, ic = case when n.measured then n.ic else s.ic end
       from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[], $4::int4[], $5::int4[], $6::int8[], $7::bool[],
                   $8::float4[], $9::float4[], $10::float4[], $11::float4[], $12::float4[], $13::float4[])
         as n(transformer_id, last_ts, heard_at, terminal_id, sid, seq, measured, ua, ub, uc, ia, ib, ic)
       where s.transformer_id = n.transformer_id`,
      [
        binaryArray('int4', touched, (station) => station.transformerId),
        binaryArray('timestamptz', touched, (station) => station.state.lastTs),
        binaryArray('timestamptz', touched, (station) => station.heardAt),
        binaryArray('int4', touched, (station) => station.terminalId),
        binaryArray('int4', touched, (station) => station.sid),
        binaryArray('int8', touched, (station) => station.seq),
        binaryBools(touched, (station) => newest(station) !== undefined),
        binaryArray('float4', touched, (station) => newest(station)?.ua ?? null),
        binaryArray('float4', touched, (station) => newest(station)?.ub ?? null),
        binaryArray('float4', touched, (station) => newest(station)?.uc ?? null),
        binaryArray('float4', touched, (station) => newest(station)?.ia ?? null),
        binaryArray('float4', touched, (station) => newest(station)?.ib ?? null),
        binaryArray('float4', touched, (station) => newest(station)?.ic ?? null),
      ],
    );
  }
  const turned = touched.filter(
    ({ state, loaded }) =>
      state.signals !== loaded.signals ||
      state.supply !== loaded.supply ||
      state.supplySince !== loaded.supplySince ||
      state.supplySource !== loaded.supplySource,
  );
  if (turned.length === 0) return;
  await tx.query(
    `update transformer_state s
     set supply = n.supply, supply_since = n.supply_since, supply_source = n.supply_source, signals = n.signals,
         known_since = coalesce(s.known_since, n.known_since)
     from unnest($1::integer[], $2::text[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::timestamptz[])
       as n(transformer_id, supply, supply_since, supply_source, signals, known_since)
     where s.transformer_id = n.transformer_id`,
    [
      turned.map((station) => station.transformerId),
      turned.map(({ state }) => state.supply),
      turned.map(({ state }) => atOrNull(state.supplySince)),
      turned.map(({ state }) => state.supplySource),
      turned.map(({ state }) => (state.signals === null ? null : JSON.stringify(state.signals))),
      turned.map((station) => atOrNull(firstWordOf(station))),
    ],
  );
}

/** When supply was known for the first time, if this batch told so. */
function firstWordOf({ loaded, facts }: Station): number | null {
  if (loaded.supplySince !== null) return null;
  return facts?.find((fact) => fact.fact === 'supply_changed')?.at ?? null;
}

/** Local days, so that crossing one costs two comparisons. */
export class LocalDay {
  private start = 0;
  private end = 0;

  /** True when both instants lie on one day of the utility's zone. */
  isSame(a: number, b: number): boolean {
    if (b < this.start || b >= this.end) {
      const midnight = new Date(b).setHours(0, 0, 0, 0);
      this.start = midnight;
      this.end = new Date(midnight + 1.5 * DAY_MS).setHours(0, 0, 0, 0); // also over a change of the clocks
    }
    return a >= this.start && a < this.end;
  }
}

/** The rules' memory as it was after the last input of a day. */
export async function storeCheckpoints(tx: Tx, stations: readonly Station[]): Promise<void> {
  const rows: { transformerId: number; ts: number; state: DetectorState }[] = [];
  for (const { transformerId, checkpoints } of stations)
    for (const { ts, state } of checkpoints ?? []) rows.push({ transformerId, ts, state });
  if (rows.length === 0) return;
  await tx.query(
    `insert into detector_checkpoint (transformer_id, ts, state)
     select * from unnest($1::integer[], $2::timestamptz[], $3::jsonb[])
     on conflict (transformer_id, ts) do update set state = excluded.state`,
    [rows.map((row) => row.transformerId), rows.map((row) => at(row.ts)), rows.map((row) => JSON.stringify(row.state))],
  );
}

/** Asks for the history of these transformers to be run again from their earliest late input. */
export async function requestReassessment(tx: Tx, stations: readonly Station[]): Promise<void> {
  const rows = stations.filter((station) => station.reassessFrom !== null);
  if (rows.length === 0) return;
  await tx.query(
    `insert into reassessment (transformer_id, from_ts, requested_at)
     select transformer_id, from_ts, $3 from unnest($1::integer[], $2::timestamptz[]) as n(transformer_id, from_ts) order by transformer_id
     on conflict (transformer_id) do update set from_ts = least(reassessment.from_ts, excluded.from_ts), requested_at = excluded.requested_at`,
    [rows.map((station) => station.transformerId), rows.map((station) => atOrNull(station.reassessFrom)), at(tx.now)],
  );
}

/** Remembers the routing level that commands to the terminals must use. */
export async function updateShards(tx: Tx, shards: ReadonlyMap<Terminal, string>): Promise<void> {
  if (shards.size === 0) return;
  await tx.query(
    `update terminal t set shard = n.shard from unnest($1::integer[], $2::text[]) as n(id, shard) where t.id = n.id`,
    [[...shards.keys()].map((terminal) => terminal.id), [...shards.values()]],
  );
}

/**
 * Marks commands as answered. The first answer stands; one that leaves open what a later one says, that the switch is closed, gives way.
 * @returns the answers to a command of another terminal, or to none
 */
export async function storeReplies(tx: Tx, replies: readonly ReplyArrival[]): Promise<ReplyArrival[]> {
  if (replies.length === 0) return [];
  const rids = replies.map(({ reply }) => reply.rid);
  const terminals = replies.map(({ terminal }) => terminal.id);
  await tx.query(
    `update terminal_command c set answered_at = n.received_at, answer = n.answer
     from (
       select distinct on (rid, terminal_id) rid, terminal_id, received_at, answer, answer @> '{"switch":"closed"}' as is_closed
       from unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::jsonb[]) with ordinality as u(rid, terminal_id, received_at, answer, place)
       order by rid, terminal_id, is_closed desc, place
     ) n
     where c.rid = n.rid and c.terminal_id = n.terminal_id and case when c.answered_at is null then c.answer is distinct from n.answer
       else n.is_closed and c.answer @> '{"ok":true}' and not c.answer @> '{"switch":"closed"}' end`,
    [rids, terminals, replies.map(({ message }) => at(message.receivedAt)), replies.map(({ reply }) => reply.answer)],
  );
  const unknown = await tx.query<{ place: number }>(
    `select n.place from unnest($1::uuid[], $2::integer[]) with ordinality as n(rid, terminal_id, place)
     where not exists (select 1 from terminal_command c where c.rid = n.rid and c.terminal_id = n.terminal_id)`,
    [rids, terminals],
  );
  return unknown.flatMap(({ place }) => replies[place - 1] ?? []);
}
