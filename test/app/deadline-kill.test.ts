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

/** So many deadlines of real time fall due over so long, in each of the waves in which a process is killed. */
const WAVE = 400;
const WAVE_MS = 4_000;

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
    await untilReady(service);
    return service;
  }

  const fired = async (): Promise<number> =>
    Number((await pool.query(`select count(*) as n from deadline where state = 'fired'`)).rows[0].n);

  const fall = (wave: number): Promise<unknown> =>
    pool.query(
      `insert into deadline (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
       select 'reconnection', 'reconnection_order', $2::integer * $1::integer + n, 'due',
              clock_timestamp() + n * $3 * interval '1 ms', '{}', 1
       from generate_series(1, $1::integer) n`,
      [WAVE, wave, WAVE_MS / WAVE],
    );

  it('fire each once, none before its instant: the survivors go on, and who starts after all of them takes up the rest', async () => {
    const replicas = await Promise.all([start(), start(), start()]);
    for (const [wave, replica] of replicas.entries()) {
      await fall(wave);
      await eventually(async () => (await fired()) > wave * WAVE + WAVE / 5);
      expect(await replica.end('SIGKILL')).toBeNull();
      const survivors = replicas.length - wave - 1;
      if (survivors > 0) await eventually(async () => (await fired()) === (wave + 1) * WAVE);
    }
    expect(await fired()).toBeLessThan(3 * WAVE); // nobody is left
    const restarted = await start();
    await eventually(async () => (await fired()) === 3 * WAVE);
    const { rows } = await pool.query(
      `select count(*)::int as entries, count(distinct subject_id)::int as subjects,
              count(*) filter (where known_at < happened_at)::int as early
       from journal where type = 'deadline_fired'`,
    );
    expect(rows).toEqual([{ entries: 3 * WAVE, subjects: 3 * WAVE, early: 0 }]);
    expect(await restarted.end('SIGTERM')).toBe(0);
  });
});
