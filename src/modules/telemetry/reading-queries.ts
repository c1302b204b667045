import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { Policy } from '../../domain/policy.js';

export const BUCKETS = { '15m': '15 minutes', '1h': '1 hour', '1d': null } as const;
export type Bucket = keyof typeof BUCKETS;

/** Readings of one transformer in [from, to), after the instant of a cursor. */
export interface Range {
  transformerId: number;
  from: number;
  to: number;
  limit: number;
}

export interface RawReading {
  ts: number;
  receivedAt: number;
  [measurement: string]: number | null;
}

export const readRaw = (db: Queryable, { transformerId, from, to, limit }: Range): Promise<RawReading[]> =>
  db.query<RawReading>(
    `select ts, received_at as "receivedAt", ua, ub, uc, ia, ib, ic, in_ as "in", p, q, pf, f, temp, sid, seq, tq
     from reading where transformer_id = $1 and ts >= $2 and ts < $3 order by ts limit $4`,
    [transformerId, at(from), at(to), limit],
  );

interface PhaseBucket {
  min: number | null;
  avg: number | null;
  max: number | null;
  /** Share of the readings outside the voltage limits; readings of a phase without supply say nothing of voltage and do not count. */
  outOfLimits: number | null;
}

export interface ReadingBucket {
  from: number;
  readings: number;
  a: PhaseBucket;
  b: PhaseBucket;
  c: PhaseBucket;
}

const PHASES = { a: 'ua', b: 'ub', c: 'uc' } as const;

const phaseColumns = Object.entries(PHASES)
  .map(
    ([phase, column]) => `json_build_object(
       'min', min(${column}), 'avg', round(avg(${column})::numeric, 2), 'max', max(${column}),
       'outOfLimits', round((count(*) filter (where ${column} >= $8 and (${column} < $5::real or ${column} > $6::real))::numeric
         / nullif(count(*) filter (where ${column} >= $8), 0)), 4)) as ${phase}`,
  )
  .join(', ');

/** Buckets of a quarter hour, an hour, or a day of the utility's zone. Buckets without readings are left out. */
export async function readBuckets(
  db: Queryable,
  range: Range,
  bucket: Bucket,
  timeZone: string,
  { voltage, supply }: Policy,
): Promise<ReadingBucket[]> {
  const width = BUCKETS[bucket];
  const start =
    width === null ? `date_trunc('day', ts, $7)` : `date_bin('${width}', ts, date_trunc('day', $2::timestamptz, $7))`;
  return db.query<ReadingBucket>(
    `select ${start} as "from", count(*) as readings, ${phaseColumns}
     from reading where transformer_id = $1 and ts >= $2 and ts < $3
     group by 1 order by 1 limit $4`,
    [
      range.transformerId,
      at(range.from),
      at(range.to),
      range.limit,
      voltage.lowV,
      voltage.highV,
      timeZone,
      supply.nominalV * supply.deadBelowShare,
    ],
  );
}
