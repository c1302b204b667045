import type { DecodeContext, Reading } from './decoded.js';
import { instantFault, isCounter, isIdOf, isObject, MAX_SEQ, MAX_SID, Refused } from './payload.js';
import type { JsonObject } from './payload.js';

/** Physical bounds of each measurement: beyond them it is a fault of the device or of the decoding, never a fact of the network. */
export const BOUNDS = {
  ua: [0, 1_000],
  ub: [0, 1_000],
  uc: [0, 1_000],
  ia: [0, 20_000],
  ib: [0, 20_000],
  ic: [0, 20_000],
  in: [0, 20_000],
  p: [-20_000, 20_000],
  q: [-20_000, 20_000],
  pf: [-1, 1],
  f: [0, 100],
  temp: [-60, 250],
} as const satisfies Record<string, readonly [number, number]>;

export type Measurement = keyof typeof BOUNDS;
export const MEASUREMENTS = Object.keys(BOUNDS) as Measurement[];

/** Set by the first measurement out of bounds while a reading is decoded; one string instead of an exception on the hot path. */
let fault = '';
let present = 0;
let known = 0;

function measured(source: JsonObject, name: Measurement, min: number, max: number): number | null {
  const value = source[name];
  if (value === undefined) return null;
  known += 1;
  if (value === null) return null;
  if (typeof value === 'number' && value >= min && value <= max) {
    present += 1;
    return value;
  }
  fault = `${name} must be a number from ${min} to ${max}`;
  return null;
}

export interface DecodedReading {
  readonly reading: Reading;
  readonly ignoredNames: number;
}

/**
 * One reading in the service's own names. `id` and `v` may stand beside the measurements; other names are ignored and counted.
 * @param id the terminal's code by the topic
 */
export function decodeReading(source: unknown, id: string, context: DecodeContext): DecodedReading | Refused {
  if (!isObject(source)) return new Refused('missing_field', 'a reading must be an object');
  fault = '';
  present = 0;
  known = 1; // ts
  if (source.id !== undefined) {
    known += 1;
    if (!isIdOf(source.id, id)) return new Refused('id_mismatch', 'id is not the terminal of the topic');
  }
  const wrongInstant = instantFault(source.ts, context.now, context.futureToleranceMs, context.retentionMs);
  const tq = source.tq ?? null;
  // A clock that was never set makes any instant wrong; its reason comes first.
  if (tq === 2) return new Refused('clock_unsynchronised', 'the clock of the terminal was never synchronised (tq 2)');
  if (wrongInstant !== null) return wrongInstant;
  if (tq !== null && tq !== 0 && tq !== 1) fault = 'tq must be 0, 1 or 2';
  const sid = source.sid ?? null;
  if (sid !== null && !isCounter(sid, MAX_SID)) fault = `sid must be a whole number from 0 to ${MAX_SID}`;
  const seq = source.seq ?? null;
  if (seq !== null && !isCounter(seq, MAX_SEQ)) fault = 'seq must be a whole number from 0 to 2^53';
  const reading: Reading = {
    kind: 'reading',
    ts: source.ts as number,
    ua: measured(source, 'ua', 0, 1_000),
    ub: measured(source, 'ub', 0, 1_000),
    uc: measured(source, 'uc', 0, 1_000),
    ia: measured(source, 'ia', 0, 20_000),
    ib: measured(source, 'ib', 0, 20_000),
    ic: measured(source, 'ic', 0, 20_000),
    in: measured(source, 'in', 0, 20_000),
    p: measured(source, 'p', -20_000, 20_000),
    q: measured(source, 'q', -20_000, 20_000),
    pf: measured(source, 'pf', -1, 1),
    f: measured(source, 'f', 0, 100),
    temp: measured(source, 'temp', -60, 250),
    sid: sid as number | null,
    seq: seq as number | null,
    tq: tq as number | null,
  };
  if (fault !== '') return new Refused('out_of_bounds', fault);
  if (present === 0) return new Refused('missing_field', 'a reading needs at least one measurement');
  if (source.sid !== undefined) known += 1;
  if (source.seq !== undefined) known += 1;
  if (source.tq !== undefined) known += 1;
  if (source.v !== undefined) known += 1;
  return { reading, ignoredNames: Object.keys(source).length - known };
}
