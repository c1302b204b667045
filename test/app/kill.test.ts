import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { createPool } from '../../src/modules/database/database.js';
import { createTestDatabase } from '../support/database.js';
import { haveMosquitto, startMosquitto } from '../support/mosquitto.js';
import { ADMIN_KEY, eventually, freePort } from '../support/service.js';
import { spawnService, untilReady } from '../support/spawn.js';
import type { SpawnedService } from '../support/spawn.js';

/** Twenty in `.ci/run` (KILL_ROUNDS=20); fewer in the ordinary suite, for time. */
const KILLS = Number(process.env.KILL_ROUNDS ?? 4);
const PER_SECOND = 1_000;
const TERMINALS = 50;

interface Message {
  topic: string;
  payload: string;
}

/**
 * A story with something to lose: every transformer reports each minute; five have low voltage for an hour, five lose supply for
 * nine and a half hours (the 8 h deadline falls into the story) and come back, five for ever.
 */
function story(messages: number, startTs: number): Message[] {
  return Array.from({ length: messages }, (_, index) => {
    const terminal = index % TERMINALS;
    const minute = Math.floor(index / TERMINALS);
    const dead =
      (terminal >= 5 && terminal < 10 && minute >= 60 && minute < 630) ||
      (terminal >= 10 && terminal < 15 && minute >= 90);
    const volts = dead ? 0 : terminal < 5 && minute >= 30 && minute < 90 ? 190 : 221;
    return {
      topic: `dt/v1/s${terminal % 3}/K${terminal}/up/meas`,
      payload: JSON.stringify({
        ts: startTs + minute * MINUTE_MS,
        sid: 1,
        seq: minute,
        ua: volts,
        ub: volts,
        uc: volts,
      }),
    };
  });
}

(haveMosquitto ? describe : describe.skip)('kill -9 of the service under load', () => {
  const drops: (() => Promise<unknown>)[] = [];
  let broker: Awaited<ReturnType<typeof startMosquitto>>;

  beforeAll(async () => {
    broker = await startMosquitto(['max_inflight_messages 0']);
  });
  afterAll(async () => {
    for (const drop of drops.reverse()) await drop();
    await broker.stop();
  });

  async function prepare(
    clientId: string,
  ): Promise<{ start: () => Promise<SpawnedService>; query: <Row>(sql: string) => Promise<Row[]> }> {
    const database = await createTestDatabase();
    drops.push(database.drop);
    const pool = createPool(database.url, 2);
    drops.push(() => pool.end());
    const start = async (): Promise<SpawnedService> => {
      const service = spawnService(await freePort(), {
        DATABASE_URL: database.url,
        MQTT_URL: broker.url,
        MQTT_CLIENT_ID: clientId,
        LOG_LEVEL: 'error',
      });
      await untilReady(service);
      return service;
    };
    const first = await start();
    const send = async (path: string, csv: string): Promise<void> => {
      const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv' };
      const answer = await fetch(`${first.url}/api/v1/network/${path}`, { method: 'POST', headers, body: csv });
      expect(await answer.json()).toMatchObject({ rejected: [] });
    };
    const numbers = Array.from({ length: TERMINALS }, (_, index) => index);
    await send(
      'assets',
      `code,kind,parent_code,name\nS,substation,,站\nF0,feeder,S,甲线\nF1,feeder,S,乙线\n${numbers.map((n) => `X${n},transformer,F${n % 2},台区${n}`).join('\n')}\n`,
    );
    await send(
      'terminals',
      `terminal,transformer_code,interval_seconds\n${numbers.map((n) => `K${n},X${n},60`).join('\n')}\n`,
    );
    await first.end('SIGTERM');
    return { start, query: async <Row>(sql: string) => (await pool.query(sql)).rows as Row[] };
  }

  /** Everything that people see of the story, without ids and without when it was noticed. */
  const OUTCOME = {
    readings: `select transformer_id, count(*)::int, min(ts), max(ts), count(distinct seq)::int as seqs from reading group by 1 order by 1`,
    warnings: `select kind, severity, subject_type, subject_code, happened_at, status from warning order by kind, subject_code, happened_at`,
    outages: `select a.code, o.state, o.nature, o.started_at, o.ended_at, o.momentary from outage o join asset a on a.id = o.root_asset_id order by 1, 4`,
    // These count from when the service noticed, which a kill moves: the settling of silence, the reply to a supervision order, and
    // how many of the hours that advice needs were measured by then. A look that was set for what began, and given up when it ended, is
    // never set where both were read at once.
    deadlines: `select d.kind, d.stage, d.due_at, d.state from deadline d where d.kind not in ('corroboration', 'supervision', 'advice')
                and not (d.kind = 'chronic_voltage' and d.state = 'met') order by 1, 3, 2`,
    advice: `select w.kind, w.subject_code, d.stage, d.state from deadline d join warning w on w.id = d.subject_id
             where d.kind = 'advice' and d.subject_type = 'warning' and d.state <> 'cancelled' order by 1, 2, 3, 4`,
    supervision: `select o.cause, o.kind, a.code, o.state, (select count(*) from deadline d where d.kind = 'supervision' and d.subject_id = o.id)::int as clocks
                  from supervision_order o left join asset a on a.id = o.asset_id order by 1, 2, 3`,
    episodes: `select transformer_id, kind, phase, started_at, confirmed_at, ended_at from episode where withdrawn_at is null order by 1, 2, 3, 4`,
    intervals: `select transformer_id, state, started_at, ended_at from supply_interval where withdrawn_at is null order by 1, 3`,
    setAside: `select follower, error from follower_failure`,
  };

  async function outcome(query: <Row>(sql: string) => Promise<Row[]>): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      Object.entries(OUTCOME).map(async ([name, sql]) => [name, await query(sql)] as const),
    );
    return Object.fromEntries(entries);
  }

  async function settled(query: <Row>(sql: string) => Promise<Row[]>, messages: number): Promise<void> {
    await eventually(
      async () => (await query<{ count: number }>('select count(*)::int as count from reading'))[0]?.count === messages,
    );
    // Followers have caught up when the journal stands still and every cursor is at its end.
    let before = '';
    await eventually(async () => {
      const [row] = await query<{ state: string }>('select count(*)::text as state from journal');
      const lag = await query<{ behind: number }>(
        `select count(*)::int as behind from follower_cursor c where exists (select 1 from journal j where (j.xid, j.id) > (c.xid, c.id))`,
      );
      const still = row?.state === before && lag[0]?.behind === 0;
      before = row?.state ?? '';
      if (!still) await new Promise((done) => setTimeout(done, 1_500));
      return still;
    });
  }

  it(
    `loses and doubles nothing over ${KILLS} kills, and ends with the same warnings and deadlines as an undisturbed run`,
    async () => {
      const seconds = Math.max(30, KILLS * 3.5);
      const messages = Math.floor((PER_SECOND * seconds) / TERMINALS) * TERMINALS;
      const startTs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 24 * 60 * MINUTE_MS;
      const all = story(messages, startTs);

      const disturbed = await prepare('killed');
      const publisher = await connectAsync(broker.url);
      let service = await disturbed.start();
      const publishing = (async () => {
        const begun = performance.now();
        const waiting: Promise<unknown>[] = [];
        for (const [index, message] of all.entries()) {
          waiting.push(publisher.publishAsync(message.topic, message.payload, { qos: 1 }));
          const ahead = (index / PER_SECOND) * 1000 - (performance.now() - begun);
          if (ahead > 5) await new Promise((done) => setTimeout(done, ahead));
        }
        await Promise.all(waiting);
      })();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await new Promise((done) => setTimeout(done, 200 + Math.random() * 1_200));
        await service.end('SIGKILL');
        service = await disturbed.start();
      }
      await publishing;
      await settled(disturbed.query, messages);
      const afterKills = await outcome(disturbed.query);
      expect(await service.end('SIGTERM')).toBe(0);

      const undisturbed = await prepare('quiet');
      const quiet = await undisturbed.start();
      // An MQTT client has 65,535 packet identifiers: of more unacknowledged messages than that, the rest would wait for ever.
      for (let from = 0; from < all.length; from += 10_000) {
        await Promise.all(
          all
            .slice(from, from + 10_000)
            .map((message) => publisher.publishAsync(message.topic, message.payload, { qos: 1 })),
        );
      }
      await settled(undisturbed.query, messages);
      const afterQuiet = await outcome(undisturbed.query);
      expect(await quiet.end('SIGTERM')).toBe(0);
      await publisher.endAsync();

      expect(afterKills).toEqual(afterQuiet);
      expect((afterQuiet.warnings as { kind: string }[]).map((warning) => warning.kind)).toEqual(
        expect.arrayContaining(['low_voltage', 'outage_over_8h']),
      );
      expect(afterQuiet.setAside).toEqual([]);
    },
    120_000 + KILLS * 25_000,
  );
});
