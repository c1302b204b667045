import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { Clock } from '../../src/clock.js';
import type { EpochMs } from '../../src/clock.js';
import { createPool, Database } from '../../src/modules/database/database.js';

/** A clock that stands still until a test moves it. */
export class TestClock extends Clock {
  constructor(private time: EpochMs = Date.parse('2026-07-15T10:00:00+08:00')) {
    super();
  }

  override now(): EpochMs {
    return this.time;
  }

  set(time: EpochMs): void {
    this.time = time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Makes a fresh migrated database (a copy of the template); the caller drops it. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const adminUrl = process.env.TEST_ADMIN_URL ?? '';
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = createPool(adminUrl, 1);
  await admin.query(`create database ${name} template lamplighter_template`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/** Gives the test file its own database, dropped afterwards. Use inside `describe` or at file level. */
export function useDatabase(clock: Clock = new TestClock()): { readonly db: Database; readonly url: string } {
  const held: { db?: Database; url?: string; drop?: () => Promise<void> } = {};
  beforeAll(async () => {
    const created = await createTestDatabase();
    held.url = created.url;
    held.drop = created.drop;
    held.db = new Database(createPool(created.url), clock);
  });
  afterAll(async () => {
    await held.db?.close();
    await held.drop?.();
  });
  return {
    get db() {
      if (held.db === undefined) throw new Error('the database is there once beforeAll has run');
      return held.db;
    },
    get url() {
      return held.url ?? '';
    },
  };
}
