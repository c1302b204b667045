import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import { at, atOrNull, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { enforceRetention, REFRESH_PICKED_HOURS, storageProfile } from '../database/storage-profile.js';
import type { Execute } from '../database/storage-profile.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { noteLateDays, sumVoltageDays } from './voltage-days.js';

/** An hour is rolled up this long after its end; rows that come later than `LATE_AFTER_MS` after it mark it dirty. */
const CLOSE_AFTER_MS = 10 * MINUTE_MS;
/** Less than CLOSE_AFTER_MS by more than any ingest transaction lasts, so that no row falls between the two. */
const LATE_AFTER_MS = 5 * MINUTE_MS;
const DIRTY_PER_STEP = 5_000;

/**
 * Marks the hours that these new readings change after the fact. Called in the ingest transaction; nothing happens for readings of the
 * present hour, that is nearly always.
 */
export async function markLateHours(
  tx: Tx,
  transformerIds: readonly number[],
  readingTs: readonly number[],
): Promise<void> {
  const late = new Map<string, [number, number]>();
  readingTs.forEach((ts, index) => {
    const bucket = Math.floor(ts / HOUR_MS) * HOUR_MS;
    if (bucket + HOUR_MS + LATE_AFTER_MS > tx.now) return;
    const transformerId = transformerIds[index] ?? 0;
    late.set(`${transformerId}@${bucket}`, [transformerId, bucket]);
  });
  if (late.size === 0) return;
  const rows = [...late.values()];
  // A mark that is there already is locked until the commit: taken out before it, the hour would be counted without these readings.
  await tx.query(
    `insert into rollup_dirty select * from unnest($1::int[], $2::timestamptz[]) order by 1, 2
     on conflict (transformer_id, bucket) do update set bucket = excluded.bucket`,
    [rows.map(([transformerId]) => transformerId), rows.map(([, bucket]) => at(bucket))],
  );
}

/** Whoever holds this lock works on rollups. Not a row lock: that takes a transaction number, which the journal's readers wait for. */
const LOCK = `hashtext('lamplighter.rollups')`;

/**
 * Keeps `voltage_day` and raw readings within their retention everywhere, and `reading_hour` true where the server has no continuous
 * aggregates.
 */
@Injectable()
export class Rollups implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly policy: ActivePolicy,
    private readonly workers: Workers,
  ) {}

  onModuleInit(): void {
    this.workers.register({ name: 'rollups', role: 'followers', restMs: MINUTE_MS, step: () => this.rollUp() });
    this.workers.register({ name: 'retention', role: 'followers', restMs: HOUR_MS, step: () => this.retain() });
  }

  /** One bounded piece: some dirty hours, the next hour that is over, or some days of voltage sums. */
  async rollUp(): Promise<boolean> {
    return this.db.inTx(async (tx) => {
      const [mine] = await tx.query<{ held: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as held`);
      if (mine?.held !== true) return false;
      // A continuous aggregate keeps its own list of hours.
      const ownHours = (await storageProfile(executeIn(tx))) !== 'timescaledb';
      return (
        (await refreshDirty(tx, ownHours)) ||
        (ownHours && (await closeNextHour(tx))) ||
        (await sumVoltageDays(tx, this.policy.at(tx.now), tx.now - CLOSE_AFTER_MS))
      );
    });
  }

  /** One bounded piece of the readings that are past their retention. */
  async retain(): Promise<boolean> {
    const { retentionDays } = this.policy.policy.telemetry;
    return this.db.inTx(async (tx) => {
      const from = tx.now - retentionDays * DAY_MS;
      await tx.query(`select pg_advisory_xact_lock(${LOCK})`);
      await tx.query('update rollup_progress set readings_from = greatest(readings_from, $1)', [at(from)]);
      // A checkpoint is of use only with the readings after it.
      await tx.query('delete from detector_checkpoint where ts < $1', [at(from)]);
      return enforceRetention(executeIn(tx), retentionDays, tx.now);
    });
  }
}

const executeIn =
  (tx: Tx): Execute =>
  (sql) =>
    tx.query(sql);

async function refreshDirty(tx: Tx, ownHours: boolean): Promise<boolean> {
  const picked = await tx.query<{ transformer_id: number; bucket: number }>(
    `with picked as (delete from rollup_dirty where (transformer_id, bucket) in
       (select transformer_id, bucket from rollup_dirty order by 1, 2 limit ${DIRTY_PER_STEP} for update skip locked)
       returning transformer_id, bucket)${ownHours ? `, refreshed as (${REFRESH_PICKED_HOURS})` : ''}
     select transformer_id, bucket from picked`,
  );
  if (picked.length > 0) await noteLateDays(tx, picked);
  return picked.length > 0;
}

async function closeNextHour(tx: Tx): Promise<boolean> {
  const [progress] = await tx.query<{ until: number | null }>('select until from rollup_progress');
  const until = progress?.until ?? null;
  const [first] = await tx.query<{ ts: number | null }>(
    'select min(ts) as ts from reading where $1::timestamptz is null or ts >= $1',
    [atOrNull(until)],
  );
  if (first?.ts === null || first === undefined) return false;
  const bucket = Math.floor(first.ts / HOUR_MS) * HOUR_MS;
  if (bucket + HOUR_MS + CLOSE_AFTER_MS > tx.now) return false;
  await tx.query(
    `with picked as (select distinct transformer_id, $1::timestamptz as bucket from reading where ts >= $1 and ts < $1::timestamptz + interval '1 hour')
     ${REFRESH_PICKED_HOURS}`,
    [at(bucket)],
  );
  await tx.query('update rollup_progress set until = $1', [at(bucket + HOUR_MS)]);
  return true;
}
