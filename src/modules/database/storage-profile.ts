import type { PoolClient } from 'pg';

/**
 * What the server can do, chosen once at migration and kept in `storage_profile`:
 * `timescaledb` has columnstore, continuous aggregates and policies (community licence), `timescaledb-apache` has hypertables only,
 * `postgres` has neither. Queries are the same text for all three; only what is in this file differs.
 */
export type StorageProfile = 'timescaledb' | 'timescaledb-apache' | 'postgres';

/** Finds the profile, records it and makes what it needs. Idempotent. */
export async function applyStorageProfile(client: PoolClient): Promise<StorageProfile> {
  const profile = await detect(client);
  await client.query(
    'insert into storage_profile (only_row, profile) values (true, $1) on conflict (only_row) do nothing',
    [profile],
  );
  const { rows } = await client.query<{ profile: StorageProfile }>('select profile from storage_profile');
  const chosen = rows[0]?.profile ?? profile;
  if (chosen === 'postgres') return chosen;
  await client.query(
    `select create_hypertable('reading', 'ts', chunk_time_interval => interval '1 day', if_not_exists => true, migrate_data => true, create_default_indexes => false)`,
  );
  return chosen;
}

async function detect(client: PoolClient): Promise<StorageProfile> {
  const available = await client.query(`select 1 from pg_available_extensions where name = 'timescaledb'`);
  if (available.rowCount === 0) return 'postgres';
  try {
    await client.query('create extension if not exists timescaledb');
  } catch {
    // Not preloaded or not permitted: the server then behaves as plain PostgreSQL, which is a supported profile.
    return 'postgres';
  }
  const { rows } = await client.query<{ license: string }>(
    `select current_setting('timescaledb.license', true) as license`,
  );
  return rows[0]?.license === 'timescale' ? 'timescaledb' : 'timescaledb-apache';
}
