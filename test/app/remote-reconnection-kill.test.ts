import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '../../src/modules/database/database.js';
import { createTestDatabase } from '../support/database.js';
import { haveMosquitto, startMosquitto } from '../support/mosquitto.js';
import { RemoteTerminal } from '../support/remote-terminal.js';
import { ADMIN_KEY, eventually, freePort } from '../support/service.js';
import { spawnService, untilReady } from '../support/spawn.js';
import type { SpawnedService } from '../support/spawn.js';

const HOUR = 3_600_000;
const KILLS = 2;

(haveMosquitto ? describe : describe.skip)('kill -9 of a service that closes switches from afar', () => {
  const undo: (() => Promise<unknown>)[] = [];
  let start: (roles?: string) => Promise<SpawnedService>;
  let query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
  let terminal: RemoteTerminal;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplighter-policy-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const policy = join(folder, 'policy.yaml');
    await writeFile(
      policy,
      'extends: csg\nprofile: remote\nremoteReconnection: { enabled: { value: true, source: test } }\n',
    );
    const broker = await startMosquitto();
    undo.push(() => broker.stop());
    const database = await createTestDatabase();
    undo.push(database.drop);
    const pool = createPool(database.url, 2);
    undo.push(() => pool.end());
    query = async (sql, values = []) => (await pool.query(sql, values)).rows;
    start = async (roles = 'ingest,followers,api,notify') => {
      const service = spawnService(await freePort(), {
        DATABASE_URL: database.url,
        MQTT_URL: broker.url,
        POLICY_FILE: policy,
        ROLES: roles,
        LOG_LEVEL: 'error',
      });
      await untilReady(service);
      return service;
    };
    terminal = await RemoteTerminal.connect(broker.url, 'T1', new Map(), () => Date.now());
    undo.push(() => terminal.end());
  });
  afterAll(async () => {
    for (const one of undo.reverse()) await one();
  });

  const post = async (service: SpawnedService, path: string, body: object | string): Promise<unknown> => {
    const isText = typeof body === 'string';
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': isText ? 'text/csv' : 'application/json' };
    const answer = await fetch(`${service.url}/api/v1${path}`, {
      method: 'POST',
      headers,
      body: isText ? body : JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  };
  const pay = (service: SpawnedService, accountNo: string) =>
    post(service, '/payments', { externalId: accountNo, accountNo, paidAt: Date.now(), amount: 1, settled: true });
  const met = (): Promise<{ accountNo: string }[]> =>
    query(
      `select c.account_no as "accountNo" from reconnection_order o join customer c on c.id = o.customer_id where o.state = 'met' order by 1`,
    );

  it('stored and not sent, or sent and not noted: each customer is switched on once, by one command', async () => {
    // Nobody sends in the first service: what it stored is all that is left of it.
    let service = await start('followers,api');
    await post(service, '/network/assets', 'code,kind,parent_code\nS,substation,\nF,feeder,S\nT,transformer,F\n');
    await post(service, '/network/terminals', 'terminal,transformer_code\nT1,T\n');
    const accounts = ['A', ...Array.from({ length: KILLS }, (_, kill) => `K${kill}`)];
    const rows = accounts.map((account) => `${account},T,yes`).join('\n');
    await post(service, '/network/customers', `account_no,transformer_code,remote_switch\n${rows}\n`);
    await query(`update terminal set shard = 'a'`);
    await query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
       select account_no, id, 'arrears', $1, $1, $1 from customer`,
      [new Date(Date.now() - HOUR)],
    );
    await pay(service, 'A');
    await service.end('SIGKILL');
    expect([terminal.heard, await query('select sent_at from terminal_command')]).toEqual([[], [{ sent_at: null }]]);

    service = await start();
    await eventually(async () => (await met()).length === 1);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pay(service, `K${kill}`);
      await new Promise((done) => setTimeout(done, Math.random() * 60));
      await service.end('SIGKILL');
      service = await start();
    }
    await eventually(async () => (await met()).length === accounts.length);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(Object.fromEntries(terminal.closings)).toEqual(Object.fromEntries(accounts.map((account) => [account, 1])));
    for (const account of accounts) {
      const rids = terminal.heard.filter(({ accountNo }) => accountNo === account).map(({ rid }) => rid);
      expect(new Set(rids).size).toBe(1);
    }
    expect(
      await query(
        `select data ->> 'customerId' from journal where type = 'remote_reconnection' and data ->> 'step' = 'succeeded'`,
      ),
    ).toHaveLength(accounts.length);
  });
});
