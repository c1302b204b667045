import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { MEASUREMENTS } from '../../domain/telemetry/reading-codec.js';
import type { Reading } from '../../domain/telemetry/decoded.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { BinaryRows } from './binary-rows.js';
import type { Arrival } from './station.js';

const VALUES = 'ua, ub, uc, ia, ib, ic, in_, p, q, pf, f, temp';
const COLUMNS = `transformer_id, ts, received_at, ${VALUES}, sid, seq, tq`;
const COLUMN_COUNT = 18;
const ROW_BYTES = 156;

/**
 * The fast path: readings newer than anything stored for their transformer go straight into the table.
 * A unique violation means that assumption was wrong; the caller does the batch again with everything staged.
 */
export async function copyReadings(tx: Tx, arrivals: readonly Arrival[]): Promise<void> {
  if (arrivals.length > 0) await copyInto(tx, 'reading', arrivals);
}

export interface Staged {
  inserted: Arrival[];
  duplicates: number;
  conflicting: Arrival[];
}

/**
 * The slow path: readings that may be there already. Refused ones are compared with what is stored: the same values are a duplicate,
 * other values a conflict. Keys must be unique within `arrivals`.
 */
export async function stageReadings(tx: Tx, arrivals: readonly Arrival[]): Promise<Staged> {
  if (arrivals.length === 0) return { inserted: [], duplicates: 0, conflicting: [] };
  // The table lives as long as the connection; `if not exists` costs a notice, a catalogue row only once.
  await tx.query(
    `create temp table if not exists staged_reading on commit delete rows as select * from reading limit 0`,
  );
  await copyInto(tx, 'staged_reading', arrivals);
  let [earliest, latest] = [Infinity, -Infinity];
  for (const { reading } of arrivals) {
    earliest = Math.min(earliest, reading.ts);
    latest = Math.max(latest, reading.ts);
  }
  const conflicting = new Set(
    (
      await tx.query<{ key: string }>(
        `select s.transformer_id || '@' || (extract(epoch from s.ts) * 1000)::bigint as key
         from staged_reading s join reading r on r.transformer_id = s.transformer_id and r.ts = s.ts
         where r.ts between $1 and $2 and (${prefixed('s')}) is distinct from (${prefixed('r')})`,
        [at(earliest), at(latest)], // the bounds leave only few chunks of a hypertable to look into
      )
    ).map((row) => row.key),
  );
  const inserted = new Set(
    (
      await tx.query<{ key: string }>(
        `insert into reading (${COLUMNS})
         select ${COLUMNS} from staged_reading order by transformer_id, ts
         on conflict do nothing
         returning transformer_id || '@' || (extract(epoch from ts) * 1000)::bigint as key`,
      )
    ).map((row) => row.key),
  );
  const keyOf = ({ terminal, reading }: Arrival): string => `${terminal.station.transformerId}@${reading.ts}`;
  const split: Staged = { inserted: [], duplicates: 0, conflicting: [] };
  for (const arrival of arrivals) {
    const key = keyOf(arrival);
    if (inserted.has(key)) split.inserted.push(arrival);
    else if (conflicting.has(key)) split.conflicting.push(arrival);
    else split.duplicates += 1;
  }
  return split;
}

const prefixed = (alias: string): string => VALUES.replaceAll(/\w+/g, (column) => `${alias}.${column}`);

/** True when both readings measured the same, as far as the table's single precision tells. */
export const isSameMeasurement = (a: Reading, b: Reading): boolean =>
  MEASUREMENTS.every((name) => {
    const [left, right] = [a[name], b[name]];
    return left === null || right === null ? left === right : Math.fround(left) === Math.fround(right);
  });

async function copyInto(tx: Tx, table: string, arrivals: readonly Arrival[]): Promise<void> {
  const rows = BinaryRows.forCopy(arrivals.length, ROW_BYTES);
  for (const { reading, terminal, message } of arrivals) {
    rows.row(COLUMN_COUNT);
    rows.int4(terminal.station.transformerId);
    rows.timestamptz(reading.ts);
    rows.timestamptz(message.receivedAt);
    rows.float4(reading.ua);
    rows.float4(reading.ub);
    rows.float4(reading.uc);
    rows.float4(reading.ia);
    rows.float4(reading.ib);
    rows.float4(reading.ic);
    rows.float4(reading.in);
    rows.float4(reading.p);
    rows.float4(reading.q);
    rows.float4(reading.pf);
    rows.float4(reading.f);
    rows.float4(reading.temp);
    rows.int4(reading.sid);
    rows.int8(reading.seq);
    rows.int2(reading.tq);
  }
  const stream = tx.client.query(copyFrom(`copy ${table} (${COLUMNS}) from stdin (format binary)`));
  stream.end(rows.finishCopy());
  await finished(stream);
}
