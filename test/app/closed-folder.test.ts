import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/modules/database/embedded-postgres.js';

/** Only root is affected: its PostgreSQL runs as `nobody`, who cannot walk into a closed folder. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('the embedded PostgreSQL below a folder that is closed to others', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  async function tablesAfterStart(dataDir: string, create: boolean): Promise<number> {
    const server = await EmbeddedPostgres.start(dataDir);
    folders.push(await readlink(join(dataDir, 'embedded')));
    const client = new pg.Client(server.url);
    await client.connect();
    if (create) await client.query('create table kept ()');
    const { rowCount } = await client.query(`select from pg_tables where tablename = 'kept'`);
    await client.end();
    await server.stop();
    return rowCount ?? 0;
  }

  it('keeps its data elsewhere over a restart, and begins anew when the data folder was deleted', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'lamplighter-closed-')); // mode 0700
    folders.push(closed);
    const dataDir = join(closed, 'data');
    expect(await tablesAfterStart(dataDir, true)).toBe(1);
    expect(await tablesAfterStart(dataDir, false)).toBe(1);
    await rm(dataDir, { recursive: true });
    expect(await tablesAfterStart(dataDir, false)).toBe(0);
  });
});
