import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { AcknowledgingClient } from '../../src/modules/telemetry/acknowledging-client.js';
import type { HeldMessage } from '../../src/modules/telemetry/acknowledging-client.js';
import { haveMosquitto, startMosquitto } from '../support/mosquitto.js';
import type { Mosquitto } from '../support/mosquitto.js';
import { eventually } from '../support/service.js';

const WINDOW = 50;

/**
 * The technique rests on MQTT.js reading its stream by `pipe`, where the filter takes the PUBLISH packets out.
 * If an upgrade changes that, these tests fail before anything is lost.
 */
(haveMosquitto ? describe : describe.skip)('acknowledging after the commit, against a real mosquitto', () => {
  let broker: Mosquitto;
  const open: AcknowledgingClient[] = [];

  beforeAll(async () => {
    broker = await startMosquitto(['max_inflight_messages 20']);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.end()));
  });
  afterAll(async () => {
    await broker.stop();
  });

  async function connect(clientId: string, protocolVersion: 4 | 5 = 5): Promise<AcknowledgingClient> {
    let ready = false;
    const client = new AcknowledgingClient(
      {
        urls: [broker.url],
        clientId,
        username: null,
        password: null,
        tls: { ca: null, cert: null, key: null },
        filters: [`t/${clientId}/#`],
        windowMessages: WINDOW,
        partitions: 1,
        protocolVersion,
      },
      {
        received: () => undefined,
        connected: () => (ready = true),
        trouble: () => undefined,
        versionRefused: () => undefined,
      },
      () => 0,
    );
    open.push(client);
    await eventually(async () => ready);
    return client;
  }

  async function publish(topic: string, from: number, count: number): Promise<void> {
    const publisher = await connectAsync(broker.url);
    await Promise.all(
      Array.from({ length: count }, (_, index) => publisher.publishAsync(topic, String(from + index), { qos: 1 })),
    );
    await publisher.endAsync();
  }

  const numbers = (messages: readonly HeldMessage[]): number[] =>
    messages.map((message) => Number(message.payload.toString()));
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

  it('receives a whole window while nothing is acknowledged, and the rest as soon as it is', async () => {
    const client = await connect('window');
    await publish('t/window/a', 0, WINDOW * 2);
    await eventually(async () => client.waiting(0) >= WINDOW);
    const first = client.take(0, 1_000);
    expect(numbers(first)).toEqual(range(0, first.length));
    expect(client.unacknowledged).toBe(first.length);
    client.acknowledge(first);
    await eventually(async () => first.length + client.waiting(0) === WINDOW * 2);
    const rest = client.take(0, 1_000);
    expect(numbers([...first, ...rest])).toEqual(range(0, WINDOW * 2));
    client.acknowledge(rest);
    expect(client.unacknowledged).toBe(0);
  });

  it('gets everything unacknowledged again after the process is gone, and nothing that was acknowledged', async () => {
    const client = await connect('again');
    await publish('t/again/a', 0, 30);
    await eventually(async () => client.waiting(0) === 30);
    client.acknowledge(client.take(0, 10));
    await client.end();
    open.splice(open.indexOf(client), 1);
    const successor = await connect('again');
    await eventually(async () => successor.waiting(0) === 20);
    expect(numbers(successor.take(0, 100))).toEqual(range(10, 20));
  });

  it('does not acknowledge on a new connection what came on the old one', async () => {
    const client = await connect('stale');
    await publish('t/stale/a', 0, 5);
    await eventually(async () => client.waiting(0) === 5);
    const old = client.take(0, 5);
    await broker.stop('SIGKILL');
    await broker.start();
    await eventually(async () => client.connected);
    await publish('t/stale/b', 100, 5);
    await eventually(async () => client.waiting(0) === 5);
    client.acknowledge(old); // packet ids 1 to 5 are in use again by now
    await client.end();
    open.splice(open.indexOf(client), 1);
    const successor = await connect('stale');
    await eventually(async () => successor.waiting(0) >= 5);
    expect(numbers(successor.take(0, 100)).filter((number) => number >= 100)).toEqual(range(100, 5));
  });

  it('keeps memory bounded against a broker without a working window (3.1.1)', async () => {
    const unlimited = await startMosquitto(['max_inflight_messages 0']);
    const client = new AcknowledgingClient(
      {
        urls: [unlimited.url],
        clientId: 'flood',
        username: null,
        password: null,
        tls: { ca: null, cert: null, key: null },
        filters: ['t/flood/#'],
        windowMessages: WINDOW,
        partitions: 1,
        protocolVersion: 4,
      },
      {
        received: () => undefined,
        connected: () => undefined,
        trouble: () => undefined,
        versionRefused: () => undefined,
      },
      () => 0,
    );
    await eventually(async () => client.connected);
    const publisher = await connectAsync(unlimited.url);
    await Promise.all(range(0, 2_000).map((number) => publisher.publishAsync('t/flood/a', String(number), { qos: 1 })));
    await publisher.endAsync();
    await eventually(async () => client.waiting(0) >= WINDOW * 2);
    await new Promise((done) => setTimeout(done, 300));
    expect(client.waiting(0)).toBe(WINDOW * 2);
    const seen: number[] = [];
    await eventually(async () => {
      const batch = client.take(0, 40);
      seen.push(...numbers(batch));
      client.acknowledge(batch);
      return seen.length === 2_000;
    });
    expect(seen).toEqual(range(0, 2_000));
    await client.end();
    await unlimited.stop();
  });
});
