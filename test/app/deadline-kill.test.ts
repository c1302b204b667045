import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/modules/database/database.js';
import { createTestDatabase } from '../support/database.js';
import { eventually, freePort } from '../support/service.js';
import { spawnService, untilReady } from '../support/spawn.js';
import type { SpawnedService } from '../support/spawn.js';

/** Deadlines of real time, a hundred a second while three processes are killed in turn. */
const COUNT = 1_500;
const PER_SECOND = 100;

describe('three replicas, each killed (kill -9) while deadlines fall due', () => {
  const running: SpawnedService[] = [];
  const folders: string[] = [];
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url, 2);
  });
  afterAll(async () => {
    for (const service of running) if (service.child.exitCode === null) await service.end('SIGKILL');
    await pool.end();
    await database.drop();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<SpawnedService> {
    const folder = await mkdtemp(join(tmpdir(), 'lamplighter-data-'));
    folders.push(folder);
    const service = spawnService(await freePort(), {
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      ROLES: 'followers,api',
      LOG_LEVEL: 'error',
    });
    running.push(service);
    await untilReady(service, 60_000);
    return service;
  }

  const fired = async (): Promise<number> =>
    Number((await pool.query(`select count(*) as n from deadline where state = 'fired'`)).rows[0].n);

  it('fire each once, none before its instant, and the survivors go on', async () => {
    const replicas = [await start(), await start(), await start()];
    await pool.query(
      `insert into deadline (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
       select 'reconnection', 'reconnection_order', n, 'due', clock_timestamp() + n * $2 * interval '1 ms', '{}', 1
       from generate_series(1, $1) n`,
      [COUNT, 1_000 / PER_SECOND],
    );
    for (const [index, replica] of replicas.entries()) {
      await eventually(async () => (await fired()) > (index * COUNT) / 4);
      const before = await fired();
      expect(await replica.end('SIGKILL')).toBeNull();
      // The two that are left, and one that comes back later, take over without being told.
      await eventually(async () => (await fired()) > before + PER_SECOND);
      replicas[index] = await start();
    }
    await eventually(async () => (await fired()) === COUNT, 60_000);
    const { rows } = await pool.query(
      `select count(*)::int as entries, count(distinct subject_id)::int as subjects,
              count(*) filter (where known_at < happened_at)::int as early
       from journal where type = 'deadline_fired'`,
    );
    expect(rows).toEqual([{ entries: COUNT, subjects: COUNT, early: 0 }]);
    for (const replica of replicas) expect(await replica.end('SIGTERM')).toBe(0);
  }, 180_000);
});
