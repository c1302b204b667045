import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import { at, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { enforceRetention, REFRESH_PICKED_HOURS, storageProfile } from '../database/storage-profile.js';
import type { Execute } from '../database/storage-profile.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';

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

/** Keeps `reading_hour` true where the server has no continuous aggregates, and raw readings within their retention everywhere. */
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

  /** One bounded piece: some dirty hours, or the next hour that is over. */
  async rollUp(): Promise<boolean> {
    return this.db.inTx(async (tx) => {
      if ((await storageProfile(executeIn(tx))) === 'timescaledb') {
        await tx.query('delete from rollup_dirty'); // its continuous aggregate keeps its own list
        return false;
      }
      const [progress] = await tx.query<{ until: number | null }>(
        'select until from rollup_progress for update skip locked',
      );
      if (progress === undefined) return false;
      return (await refreshDirty(tx)) || (await closeNextHour(tx, progress.until));
    });
  }

  private async retain(): Promise<boolean> {
    const { retentionDays } = this.policy.policy.telemetry;
    return this.db.inTx(async (tx) => {
      // A checkpoint is of use only with the readings after it.
      await tx.query('delete from detector_checkpoint where ts < $1', [at(tx.now - retentionDays * DAY_MS)]);
      return enforceRetention(executeIn(tx), retentionDays, tx.now);
    });
  }
}

const executeIn =
  (tx: Tx): Execute =>
  (sql) =>
    tx.query(sql);

async function refreshDirty(tx: Tx): Promise<boolean> {
  const picked = await tx.query(
    `with picked as (delete from rollup_dirty where (transformer_id, bucket) in
       (select transformer_id, bucket from rollup_dirty order by 1, 2 limit ${DIRTY_PER_STEP} for update skip locked)
       returning transformer_id, bucket),
     refreshed as (${REFRESH_PICKED_HOURS})
     select 1 from picked`,
  );
  return picked.length > 0;
}

async function closeNextHour(tx: Tx, until: number | null): Promise<boolean> {
  const [first] = await tx.query<{ ts: number | null }>(
    'select min(ts) as ts from reading where $1::timestamptz is null or ts >= $1',
    [until === null ? null : at(until)],
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
