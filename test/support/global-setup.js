import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '../../dist/modules/database/database.js';
import { EmbeddedPostgres } from '../../dist/modules/database/embedded-postgres.js';
import { migrate } from '../../dist/modules/database/migrate.js';

const TEMPLATE = 'lamplighter_template';

/**
 * One real PostgreSQL for the whole run: the server named by TEST_DATABASE_URL (an administrator's URL, for example of a TimescaleDB),
 * else an embedded one without fsync. The migrated schema becomes a template that each test file copies.
 * Jest loads this file without its transforms, so it takes the built code; `npm test` builds first.
 */
export default async function globalSetup() {
  let adminUrl = process.env.TEST_DATABASE_URL ?? '';
  if (adminUrl === '') {
    const folder = await mkdtemp(join(tmpdir(), 'lamplighter-test-'));
    await chmod(folder, 0o755);
    const flags = ['fsync=off', 'full_page_writes=off', 'max_connections=300'].flatMap((setting) => ['-c', setting]);
    const server = await EmbeddedPostgres.start(folder, 0, flags);
    adminUrl = server.url;
    globalThis.testServer = { server, folder };
  }
  process.env.TEST_ADMIN_URL = adminUrl;
  const admin = createPool(adminUrl, 1);
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`);
  await admin.query(`create database ${TEMPLATE}`);
  const templateUrl = new URL(adminUrl);
  templateUrl.pathname = `/${TEMPLATE}`;
  const pool = createPool(templateUrl.href, 2);
  await migrate(pool);
  await pool.end();
  await admin.query(`alter database ${TEMPLATE} with allow_connections false`);
  // TimescaleDB's scheduler sits in every database it knows, and a database in use cannot be a template.
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [TEMPLATE]);
  await admin.end();
}
