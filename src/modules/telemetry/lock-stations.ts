import pg from 'pg';
import type { Supply } from '../../domain/journal-entry.js';
import { INITIAL_STATE } from '../../domain/detector.js';
import type { Connection, SignalState } from '../../domain/detector.js';
import type { Tx } from '../database/database.js';
import { Station } from './station.js';
import type { Terminal } from './station.js';

type Row = [
  code: string,
  terminalId: number,
  transformerId: number,
  intervalSeconds: number,
  shard: string | null,
  lastTs: number | null,
  supply: Supply,
  supplySince: number | null,
  supplySource: string | null,
  stateTerminalId: number | null,
  sid: number | null,
  seq: number | null,
  signals: Record<string, SignalState> | null,
  capacityKva: number | null,
  connection: Connection | null,
  area: string,
];

// One row per terminal, its transformer's state row locked in transformer_id order, so that batches wait and never deadlock.
const LOCK = `
  select t.code, t.id, t.transformer_id, t.interval_seconds, t.shard,
         s.last_ts, s.supply, s.supply_since, s.supply_source, s.terminal_id, s.sid, s.seq, s.signals,
         a.capacity_kva, a.connection, a.area
  from terminal t join transformer_state s on s.transformer_id = t.transformer_id join asset a on a.id = t.transformer_id
  where t.code = any($1::text[])
  order by s.transformer_id
  for update of s`;

// A batch touches a small part of each table by key. Left alone, and without fresh statistics, the planner hashes whole tables for it:
// twice the time at 20,000 terminals, and growing with them. Ruling plans out makes those that remain look so dear that a server with
// JIT would compile each of them (a quarter second), so that goes, too.
const BY_INDEX =
  'set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_seqscan = off; set local jit = off';

/**
 * Finds the terminals in the register and locks the state rows of their transformers. A transformer seen for the first time gets its row.
 * @returns code -> terminal; codes not in the register are missing
 */
export async function lockStations(tx: Tx, codes: readonly string[]): Promise<Map<string, Terminal>> {
  const terminals = new Map<string, Terminal>();
  if (codes.length === 0) return terminals;
  await tx.client.query(BY_INDEX);
  let rows = await lock(tx, codes);
  if (rows.length < codes.length) {
    // Counted are the missing ones, not those inserted: another transaction may insert them first, and then commits before we go on.
    const [missing] = await tx.query<{ count: number }>(
      `with missing as (
         select distinct t.transformer_id from terminal t
         where t.code = any($1::text[])
           and not exists (select from transformer_state s where s.transformer_id = t.transformer_id)
         order by t.transformer_id),
       made as (insert into transformer_state (transformer_id) select transformer_id from missing on conflict do nothing)
       select count(*) as count from missing`,
      [codes],
    );
    if ((missing?.count ?? 0) > 0) rows = await lock(tx, codes);
  }
  const stations = new Map<number, Station>();
  for (const row of rows) {
    const [code, id, transformerId, intervalSeconds, shard] = row;
    let station = stations.get(transformerId);
    if (station === undefined) stations.set(transformerId, (station = stationOf(row)));
    terminals.set(code, { id, code, intervalMs: intervalSeconds * 1000, shard, station });
  }
  return terminals;
}

async function lock(tx: Tx, codes: readonly string[]): Promise<Row[]> {
  const { rows } = await tx.client.query<Row>({ text: LOCK, values: [codes], rowMode: 'array', types: TYPES });
  return rows;
}

function stationOf(row: Row): Station {
  const [, , transformerId, , , lastTs, supply, supplySince, supplySource, terminalId, sid, seq, signals, ...rated] =
    row;
  const [capacityKva, connection, area] = rated;
  const state = { lastTs, supply, supplySince, supplySource: supplySource ?? INITIAL_STATE.supplySource, signals };
  return new Station(transformerId, state, terminalId, sid, seq, { capacityKva, connection }, area);
}

/** Most rows of a batch carry the same few instants, so the last texts and what they mean are worth keeping. */
const seen = new Map<string, number>();
function instantOf(text: string): number {
  const known = seen.get(text);
  if (known !== undefined) return known;
  if (seen.size > 10_000) seen.clear();
  const value = (pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => number)(text);
  seen.set(text, value);
  return value;
}

const { TIMESTAMPTZ } = pg.types.builtins;
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) =>
    oid === (TIMESTAMPTZ as number) ? instantOf : (pg.types.getTypeParser(oid as never) as never),
};
