import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { Fault } from '../../fault.js';
import { applyStorageProfile } from './storage-profile.js';
import type { StorageProfile } from './storage-profile.js';

/** The same folder from `src/` and from `dist/`: SQL is not compiled. */
const FOLDER = join(import.meta.dirname, '../../..', 'src/modules/database/migrations');
/** Any constant serves: replicas that start together migrate one after another under this advisory lock. */
const MIGRATION_LOCK = 7_202_612;

export interface Migrated {
  applied: string[];
  profile: StorageProfile;
}

/**
 * Brings the schema up to this release: every numbered file in `migrations/` that is not yet recorded, in order, each in its own
 * transaction; then the storage profile's own objects. Safe when many replicas call it at once and when it is called again.
 * @throws Fault `misconfigured` when the server is older than PostgreSQL 15, the database is not UTF-8, or the schema is newer than this release
 */
export async function migrate(pool: Pool): Promise<Migrated> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ version: number; encoding: string }>(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    );
    const { version, encoding } = rows[0] ?? { version: 0, encoding: '' };
    if (version < 150_000) {
      throw new Fault(
        'misconfigured',
        'The database server is older than PostgreSQL 15. Upgrade it, or leave DATABASE_URL unset for the embedded one.',
      );
    }
    if (encoding !== 'UTF8') {
      throw new Fault(
        'misconfigured',
        `The database is encoded as ${encoding}, which cannot hold Chinese names. Create one with: createdb --template=template0 --encoding=UTF8.`,
      );
    }
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const applied = await applyFiles(client);
      const profile = await applyStorageProfile(client);
      return { applied, profile };
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function applyFiles(client: PoolClient): Promise<string[]> {
  await client.query(
    'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())',
  );
  const done = new Set(
    (await client.query<{ name: string }>('select name from schema_migration')).rows.map((row) => row.name),
  );
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  const unknown = [...done].filter((name) => !files.includes(name));
  if (unknown.length > 0) {
    throw new Fault(
      'misconfigured',
      `The database was migrated by a newer release (${unknown.join(', ')}). Start that release instead.`,
    );
  }
  const pending = files.filter((file) => !done.has(file));
  for (const file of pending) {
    await client.query('begin');
    try {
      await client.query(await readFile(join(FOLDER, file), 'utf8'));
      await client.query('insert into schema_migration (name) values ($1)', [file]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw new Error(`migration ${file} failed: ${String(error)}`, { cause: error });
    }
  }
  return pending;
}
