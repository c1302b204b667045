import type { Pool, PoolClient } from 'pg';

/**
 * What the server can do, chosen once at the first migration and kept in `storage_profile`:
 * `timescaledb` has columnstore, continuous aggregates and policies (community licence), `timescaledb-apache` has hypertables only,
 * `postgres` has neither. All queries are the same text for all three; everything that differs is in this file.
 */
export type StorageProfile = 'timescaledb' | 'timescaledb-apache' | 'postgres';

/** Raw readings older than this are kept column-wise. Late rows that old are rare, and inserting them costs a decompression. */
const COLUMNSTORE_AFTER = '14 days';

/** The hourly rollup as a continuous aggregate; the table that stands in for it elsewhere has the same columns. */
const HOURLY = `transformer_id, time_bucket('1 hour', ts) as bucket, count(*) as readings,
  min(ua) as ua_min, avg(ua) as ua_avg, max(ua) as ua_max,
  min(ub) as ub_min, avg(ub) as ub_avg, max(ub) as ub_max,
  min(uc) as uc_min, avg(uc) as uc_avg, max(uc) as uc_max`;

const DDL: Record<StorageProfile, readonly string[]> = {
  timescaledb: [
    hypertable(),
    `alter table reading set (timescaledb.compress, timescaledb.compress_segmentby = 'transformer_id', timescaledb.compress_orderby = 'ts')`,
    `select add_compression_policy('reading', interval '${COLUMNSTORE_AFTER}', if_not_exists => true)`,
    `create materialized view if not exists reading_hour with (timescaledb.continuous, timescaledb.materialized_only = false) as
       select ${HOURLY} from reading group by 1, 2 with no data`,
    // No start offset: late rows, however old, invalidate their hours, and only invalidated hours are computed again.
    `select add_continuous_aggregate_policy('reading_hour', start_offset => null, end_offset => interval '1 hour',
       schedule_interval => interval '10 minutes', if_not_exists => true)`,
  ],
  'timescaledb-apache': [hypertable(), ...ownRollup()],
  postgres: [`create index if not exists reading_ts on reading using brin (ts)`, ...ownRollup()],
};

function hypertable(): string {
  return `select create_hypertable('reading', 'ts', chunk_time_interval => interval '1 day', if_not_exists => true,
    migrate_data => true, create_default_indexes => false)`;
}

/** The rollup as a table, refreshed by modules/telemetry/rollups.ts. */
function ownRollup(): string[] {
  const phases = ['ua', 'ub', 'uc'].map(
    (phase) => `${phase}_min real, ${phase}_avg double precision, ${phase}_max real`,
  );
  return [
    `create table if not exists reading_hour (transformer_id integer not null, bucket timestamptz not null, readings bigint not null,
       ${phases.join(', ')}, primary key (transformer_id, bucket))`,
  ];
}

/** Runs one statement; a server of any kind (the test of the community profile brings one that is not a `pg` client). */
export type Execute = (sql: string) => Promise<Record<string, unknown>[]>;

const over =
  (client: Pool | PoolClient): Execute =>
  async (sql) =>
    (await client.query<Record<string, unknown>>(sql)).rows;

/** Finds the profile at the first call, records it, and makes what it needs. Idempotent. */
export async function applyStorageProfile(client: PoolClient): Promise<StorageProfile> {
  return applyStorageProfileBy(over(client));
}

export async function applyStorageProfileBy(execute: Execute): Promise<StorageProfile> {
  const profile = (await storageProfile(execute)) ?? (await detect(execute));
  await execute(
    `insert into storage_profile (only_row, profile) values (true, '${profile}') on conflict (only_row) do nothing`,
  );
  for (const statement of DDL[profile]) await execute(statement);
  return profile;
}

/** The profile this database was made with; null before the first migration. */
export async function storageProfile(execute: Execute): Promise<StorageProfile | null> {
  const [row] = await execute('select profile from storage_profile');
  return (row?.profile as StorageProfile | undefined) ?? null;
}

async function detect(execute: Execute): Promise<StorageProfile> {
  const available = await execute(`select 1 from pg_available_extensions where name = 'timescaledb'`);
  if (available.length === 0) return 'postgres';
  try {
    await execute('create extension if not exists timescaledb');
  } catch {
    // Not preloaded or not permitted: the server then serves as plain PostgreSQL, which is a supported profile.
    return 'postgres';
  }
  const [row] = await execute(`select current_setting('timescaledb.license', true) as license`);
  return row?.license === 'timescale' ? 'timescaledb' : 'timescaledb-apache';
}

/**
 * Removes raw readings older than `days`; at most a bounded piece per call on plain PostgreSQL.
 * @returns true when there may be more to remove at once
 */
export async function enforceRetention(execute: Execute, days: number, nowMs: number): Promise<boolean> {
  const oldest = new Date(nowMs - days * 86_400_000).toISOString();
  if ((await storageProfile(execute)) !== 'postgres') {
    await execute(`select drop_chunks('reading', timestamptz '${oldest}')`);
    return false;
  }
  const [row] = await execute(
    `with old as (select ctid from reading where ts < timestamptz '${oldest}' limit 20000),
          gone as (delete from reading where ctid = any(array(select ctid from old)) returning 1)
     select count(*)::int as removed from gone`,
  );
  return row?.removed === 20_000;
}

/**
 * The insert that computes hours of `reading_hour` again, for the rows of a preceding CTE `picked (transformer_id, bucket)`. Only for the
 * profiles whose rollup is a table.
 */
export const REFRESH_PICKED_HOURS = `insert into reading_hour (transformer_id, bucket, readings, ua_min, ua_avg, ua_max, ub_min, ub_avg, ub_max, uc_min, uc_avg, uc_max)
  select p.transformer_id, p.bucket, count(*), min(ua), avg(ua), max(ua), min(ub), avg(ub), max(ub), min(uc), avg(uc), max(uc)
  from picked p
  join reading r on r.transformer_id = p.transformer_id and r.ts >= p.bucket and r.ts < p.bucket + interval '1 hour'
  group by p.transformer_id, p.bucket
  on conflict (transformer_id, bucket) do update set
    (readings, ua_min, ua_avg, ua_max, ub_min, ub_avg, ub_max, uc_min, uc_avg, uc_max) =
    (excluded.readings, excluded.ua_min, excluded.ua_avg, excluded.ua_max, excluded.ub_min, excluded.ub_avg, excluded.ub_max,
     excluded.uc_min, excluded.uc_avg, excluded.uc_max)`;
