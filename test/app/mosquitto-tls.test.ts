import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';
import { haveMosquitto, startDeployedMosquitto } from '../support/mosquitto.js';
import type { TlsMosquitto } from '../support/mosquitto.js';
import { eventually, startTestService } from '../support/service.js';
import type { TestService } from '../support/service.js';

/** The broker as deploy/mosquitto configures it: who may say and hear what. */
(haveMosquitto ? describe : describe.skip)('deploy/mosquitto with a real mosquitto', () => {
  let broker: TlsMosquitto;
  let service: TestService;
  const terminals: MqttClient[] = [];

  beforeAll(async () => {
    broker = await startDeployedMosquitto();
    const own = await broker.certificate('lamplighter');
    service = await startTestService({
      env: {
        MQTT_URL: `mqtts://localhost:${broker.servicePort}`,
        MQTT_CA_FILE: own.ca,
        MQTT_CERT_FILE: own.cert,
        MQTT_KEY_FILE: own.key,
      },
    });
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,name\nS,substation,,站\nF,feeder,S,线\nX1,transformer,F,台一\nX2,transformer,F,台二\n',
    );
    await service.call('POST', '/network/terminals', 'terminal,transformer_code\nT1,X1\nT2,X2\n');
  });
  afterAll(async () => {
    for (const terminal of terminals) await terminal.endAsync(true);
    await service.stop();
    await broker.stop();
  });

  async function terminal(name: string, clientId = name): Promise<MqttClient> {
    const files = await broker.certificate(name);
    const client = await connectAsync(`mqtts://localhost:${broker.terminalPort}`, {
      ca: readFileSync(files.ca),
      cert: readFileSync(files.cert),
      key: readFileSync(files.key),
      clientId,
      protocolVersion: 5,
      reconnectPeriod: 0,
    });
    terminals.push(client);
    return client;
  }

  /** How a broker refuses a message depends on its version: a reason code, or (mosquitto 2.0.11) the end of the connection. */
  async function isRefused(client: MqttClient, topic: string, payload: string): Promise<boolean> {
    const closed = new Promise<boolean>((done) => client.once('close', () => done(true)));
    const answered = client.publishAsync(topic, payload, { qos: 1 }).then(
      () => false,
      () => true,
    );
    return Promise.race([closed, answered]);
  }

  const reading = (volts: number): string => JSON.stringify({ ts: Date.parse('2026-07-15T09:59:00+08:00'), ua: volts });
  const stored = (): Promise<{ code: string; ua: number }[]> =>
    service.db.query('select a.code, r.ua from reading r join asset a on a.id = r.transformer_id order by 1');

  it("takes a reading under the terminal's own name and never under another's", async () => {
    const one = await terminal('T1');
    expect(await isRefused(one, 'dt/v1/a/T2/up/meas', reading(111))).toBe(true);
    const again = await terminal('T1');
    await again.publishAsync('dt/v1/a/T1/up/meas', reading(221), { qos: 1 });
    await eventually(async () => (await stored()).length > 0);
    expect(await stored()).toEqual([{ code: 'X1', ua: 221 }]);
  });

  it('refuses a client without a certificate', async () => {
    await expect(
      connectAsync(
        `mqtts://localhost:${broker.terminalPort}`,
        { rejectUnauthorized: false, reconnectPeriod: 0, connectTimeout: 3_000 },
        false,
      ),
    ).rejects.toThrow();
  });

  it("lets no terminal take the service's place at the broker", async () => {
    await terminal('T2', 'lamplighter-0');
    await new Promise((done) => setTimeout(done, 300));
    const ready = await fetch(`${service.url}/health/ready`);
    expect(ready.status).toBe(200);
  });

  it('brings a command to its terminal only', async () => {
    const two = await terminal('T2');
    const heard: string[] = [];
    two.on('message', (topic) => heard.push(topic));
    await two.subscribeAsync('dt/v1/a/T2/down/#', { qos: 1 });
    // A gap in the sequence makes the service ask for the missing readings.
    const at = (minute: number, seq: number): string =>
      JSON.stringify({ ts: Date.parse('2026-07-15T09:00:00+08:00') + minute * 60_000, sid: 1, seq, ua: 221 });
    await two.publishAsync('dt/v1/a/T2/up/meas', at(1, 1), { qos: 1 });
    await two.publishAsync('dt/v1/a/T2/up/meas', at(9, 9), { qos: 1 });
    await eventually(async () => heard.includes('dt/v1/a/T2/down/cmd'));
  });

  it('refuses a message that is too large, at the broker', async () => {
    const one = await terminal('T1');
    expect(await isRefused(one, 'dt/v1/a/T1/up/event', 'x'.repeat(20_000))).toBe(true);
  });
});
