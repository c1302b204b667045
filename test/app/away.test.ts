import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';
import { Clock } from '../../src/clock.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import { createPool } from '../../src/modules/database/database.js';
import { haveMosquitto, startMosquitto } from '../support/mosquitto.js';
import type { Mosquitto } from '../support/mosquitto.js';
import { eventually, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

const TERMINALS = 20;

/** The engines around the service go away and come back while terminals go on talking. */
(haveMosquitto ? describe : describe.skip)('broker or database away', () => {
  let broker: Mosquitto;
  let service: TestService;
  let terminals: MqttClient;
  let sent = 0;
  const startTs = Date.now() - 24 * HOUR_MS;

  beforeAll(async () => {
    broker = await startMosquitto(['max_inflight_messages 0']);
    service = await startTestService({ clock: new Clock(), env: { MQTT_URL: broker.url, LOG_LEVEL: 'fatal' } });
    const numbers = Array.from({ length: TERMINALS }, (_, index) => index);
    await service.call(
      'POST',
      '/network/assets',
      `code,kind,name\n${numbers.map((n) => `X${n},transformer,台区${n}`).join('\n')}\n`,
    );
    await service.call(
      'POST',
      '/network/terminals',
      `terminal,transformer_code\n${numbers.map((n) => `T${n},X${n}`).join('\n')}\n`,
    );
    terminals = await connectAsync(broker.url, { reconnectPeriod: 100 });
  });
  afterAll(async () => {
    await terminals.endAsync(true);
    await service.stop();
    await broker.stop();
  });

  /** `count` readings, one second apart in event time, so that every one is its own row. */
  async function publish(count: number): Promise<void> {
    const messages = Array.from({ length: count }, () => {
      const number = (sent += 1);
      const payload = JSON.stringify({
        ts: startTs + number * 1_000,
        sid: 1,
        seq: Math.ceil(number / TERMINALS),
        ua: 221,
      });
      return terminals.publishAsync(`dt/v1/a/T${number % TERMINALS}/up/meas`, payload, { qos: 1 });
    });
    await Promise.all(messages);
  }

  const stored = async (): Promise<number> =>
    (await service.db.query<{ count: number }>('select count(*)::int as count from reading'))[0]?.count ?? 0;

  it('keeps messages while the database is away, says so, and stores them when it is back', async () => {
    await publish(100);
    await eventually(async () => (await stored()) === 100);

    const admin = createPool(process.env.TEST_ADMIN_URL ?? '', 1);
    const name = new URL((service.db.pool.options as { connectionString: string }).connectionString).pathname.slice(1);
    await admin.query(`alter database ${name} with allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await publish(8_000); // more than one window
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 503);
    const alive = await fetch(`${service.url}/health/live`);
    expect(alive.status).toBe(200);

    await admin.query(`alter database ${name} with allow_connections true`);
    await admin.end();
    await eventually(async () => (await stored()) === 8_100);
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
  });

  it('comes back to a broker that was away, with its session', async () => {
    await broker.stop('SIGKILL');
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 503);
    await broker.start();
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
    await eventually(async () => terminals.connected);
    await publish(100);
    await eventually(async () => (await stored()) === 8_200);
  });
});
