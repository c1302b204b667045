import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '../../src/clock.js';
import { Config } from '../../src/config.js';
import { Database } from '../../src/modules/database/database.js';
import { Workers } from '../../src/modules/journal/workers.js';
import { startService } from '../../src/service.js';
import { createTestDatabase, TestClock } from './database.js';

export const ADMIN_KEY = 'test-administrator-key';

export interface Answer<Body = never> {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text when it is not JSON. */
  body: Body;
}

/** The whole service, in this process, on a database of its own and a free port, with its embedded broker. */
export interface TestService {
  app: NestFastifyApplication;
  db: Database;
  url: string;
  mqttPort: number;
  /** Calls `/api/v1<path>` as administrator, or with the given key. Objects are sent as JSON, strings as text/csv. */
  call<Body = Record<string, never>>(
    method: string,
    path: string,
    body?: object | string,
    key?: string,
  ): Promise<Answer<Body>>;
  /** Waits until nothing is left to do at the present instant: followers and sweeps run beside the test, at their own pace. */
  settled(): Promise<void>;
  /** Sets the test's clock once nothing is left to do: what is done late would be judged at an instant that the test does not mean. */
  goTo(instant: number): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

export async function startTestService(
  options: { clock?: Clock; env?: Record<string, string> } = {},
): Promise<TestService> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplighter-data-'));
  const mqttPort = await freePort();
  const config = Config.read({
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    EMBEDDED_MQTT_PORT: String(mqttPort),
    PORT: '0',
    BOOTSTRAP_API_KEY: ADMIN_KEY,
    LOG_LEVEL: 'error',
    ...options.env,
  });
  const clock = options.clock ?? new TestClock();
  const app = await startService(config, clock);
  const url = await app.getUrl();
  const db = app.get(Database);
  const followers = app.get(Workers).followers.map(({ name }) => name);
  const settled = async (): Promise<void> => {
    await eventually(async () => {
      const behind = await unfinished(db, followers, clock.now());
      if (behind.length > 0) throw new Error(`still to do: ${behind.join(', ')}`);
      return true;
    });
  };
  return {
    app,
    db,
    url,
    mqttPort,
    async call(method, path, body, key = ADMIN_KEY) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
        },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
      return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as never };
    },
    settled,
    async goTo(instant) {
      if (!(clock instanceof TestClock)) throw new Error('the service runs by a clock that cannot be set');
      await settled();
      clock.set(instant);
    },
    async stop() {
      await app.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Followers that have not read the whole journal, and kinds of deadlines that are due and not fired; of one snapshot. */
async function unfinished(db: Database, followers: readonly string[], now: number): Promise<string[]> {
  const rows = await db.query<{ what: string }>(
    `select 'follower ' || name as what from unnest($1::text[]) as name
     where exists (
       select from journal where (journal.xid, journal.id) >
         (select coalesce(max(xid), '0'::xid8), coalesce(max(id), 0) from follower_cursor where follower = name))
     union all
     select distinct 'deadline ' || kind from deadline where state = 'pending' and due_at <= $2`,
    [followers, new Date(now)],
  );
  return rows.map(({ what }) => what);
}

/** Starts one service for the test file and stops it afterwards. */
export function useService(options: { clock?: Clock; env?: Record<string, string> } = {}): {
  readonly service: TestService;
} {
  const held: { service?: TestService } = {};
  beforeAll(async () => {
    held.service = await startTestService(options);
  });
  afterAll(async () => {
    await held.service?.stop();
  });
  return {
    get service() {
      if (held.service === undefined) throw new Error('the service is there once beforeAll has run');
      return held.service;
    },
  };
}

/** Waits until `probe` gives something other than null, undefined or false; fails after `timeoutMs` with what it last saw. */
export async function eventually<Value>(
  probe: () => Promise<Value | null | undefined | false>,
  timeoutMs = 60_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  let last = '';
  while (Date.now() < end) {
    const value = await probe().catch((error: unknown) => {
      last = String(error);
      return null;
    });
    if (value !== null && value !== undefined && value !== false) return value;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`did not happen within ${timeoutMs} ms${last === '' ? '' : `: ${last}`}`);
}
