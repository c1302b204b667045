import { describe, beforeAll, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { TestClock } from '../support/database.js';
import { ADMIN_KEY, eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Order {
  id: number;
  accountNo: string;
  state: string;
  dueAt: string;
  restoredAt: string | null;
  darkReason: string;
  legs: { leg: string; at: string; source: string }[];
}
interface Page {
  items: Order[];
  nextCursor: string | null;
}

describe('the promise of State Grid, over HTTP', () => {
  const clock = new TestClock(START);
  const held = useService({ clock, env: { UTILITY_PROFILE: 'sgcc' } });
  const call = <Body>(method: string, path: string, body?: object | string): Promise<Answer<Body>> =>
    held.service.call<Body>(method, path, body);
  const order = async (accountNo: string): Promise<Order> => {
    const { body } = await call<Page>('GET', '/reconnection-orders?limit=500');
    const found = body.items.find((one) => one.accountNo === accountNo);
    if (found === undefined) throw new Error(`no order of ${accountNo}`);
    return found;
  };

  beforeAll(async () => {
    await call(
      'POST',
      '/network/assets',
      'code,kind,parent_code,area\nS,substation,,\nF,feeder,S,\nT,transformer,F,north',
    );
    await call('POST', '/network/terminals', 'terminal,transformer_code\n9001,T');
    const accounts = Array.from({ length: 6 }, (_, index) => `A${index},T,yes`).join('\n');
    await call('POST', '/network/customers', `account_no,transformer_code,remote_switch\n${accounts}`);
    await held.service.db.query(
      `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
       select 'D-' || account_no, id, 'arrears', $1, $1, $1 from customer`,
      [new Date(START - HOUR)],
    );
  });

  it('counts 24 h; a remote switch that the policy does not allow is left alone', async () => {
    const { status, body } = await call<{ accepted: number; rejected: object[] }>(
      'POST',
      '/payments/import',
      `external_id,account_no,paid_at,received_at,amount,settled
P0,A0,2026-07-15T09:30:00+08:00,,120.50,yes
P1,A1,2026-07-15T09:40:00+08:00,2026-07-15T09:36:00+08:00,0,yes
P2,A2,2026-07-15T09:50:00+08:00,,120.50,no
P9,A9,2026-07-15T09:50:00+08:00,,120.50,no
P8,A2,2026-07-15T09:50:00+08:00,2026-07-15T09:40:00+08:00,120.50,yes`,
    );
    expect([status, body]).toEqual([
      200,
      {
        accepted: 3,
        rejected: [
          { line: 5, reason: expect.stringContaining('account A9 is not in the register') },
          { line: 6, reason: 'received_at lies before paid_at; policy telemetry.futureToleranceMinutes' },
        ],
      },
    ]);
    expect(await order('A1')).toMatchObject({
      state: 'open',
      dueAt: '2026-07-16T09:40:00+08:00',
      receipt: { startMeaning: 'debt settled without a payment' },
    });
    expect(await order('A0')).toMatchObject({ state: 'open', dueAt: '2026-07-16T09:30:00+08:00', remoteUntil: null });
    expect(await held.service.db.query('select 1 from terminal_command')).toEqual([]);
  });

  it('takes payments as NDJSON, and says what is wrong with a single one', async () => {
    const response = await fetch(`${held.service.url}/api/v1/payments/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' },
      body: '{"external_id":"P3","account_no":"A3","paid_at":"2026-07-15T09:55:00+08:00","amount":1,"settled":true}\n',
    });
    expect(await response.json()).toEqual({ accepted: 1, rejected: [] });
    const both = { externalId: 'P4', accountNo: 'A4', paidAt: START, amount: 1, settled: true, outstandingPenalty: 2 };
    const wrong = await call<{ errors: { path: string; message: string }[] }>('POST', '/payments', both);
    expect([wrong.status, wrong.body.errors]).toEqual([
      400,
      [{ path: 'body.settled', message: expect.stringContaining('paid in full means arrears and penalty') }],
    ]);
    const part = await call<{ missing: { en: string; source: string } }>('POST', '/payments', {
      ...both,
      settled: false,
    });
    expect(part.body.missing).toMatchObject({ en: expect.stringContaining('2.00 yuan of penalty') });
    const none = await call<{ code: string }>('POST', '/payments/P77/reverse', { at: START, reason: 'x' });
    expect([none.status, none.body.code]).toEqual([404, 'payment_not_found']);
  });

  it('takes power that came back with the transformer as a confirmation of the word, at its instant', async () => {
    const terminal = await connectAsync(`mqtt://127.0.0.1:${held.service.mqttPort}`);
    const say = (kind: string, body: object) =>
      terminal.publishAsync(`dt/v1/x/9001/up/${kind}`, JSON.stringify(body), { qos: 1 });
    await held.service.goTo(START + 4 * HOUR);
    await call('POST', '/reconnections', { accountNo: 'A0', reconnectedAt: START + HOUR, by: '一班' });
    await say('meas', { ts: START, ua: 221, ub: 221, uc: 221 });
    await say('event', { ts: START + 2 * HOUR, type: 'power_off' });
    await eventually(
      async () => (await held.service.db.query(`select 1 from supply_interval where state = 'dead'`)).length > 0,
    );
    await say('meas', { ts: START + 3 * HOUR, ua: 221, ub: 221, uc: 221 });
    await say('event', { ts: START + 3 * HOUR + MINUTE, type: 'customer_power_on', accountNo: 'A0' });
    const met = await eventually(async () => {
      const one = await order('A0');
      return one.state === 'met' ? one : null;
    });
    expect(met.restoredAt).toBe('2026-07-15T11:00:00+08:00');
    expect(met.legs.find(({ leg }) => leg === 'power_measured')).toMatchObject({
      at: '2026-07-15T13:01:00+08:00',
      source: 'terminal:9001',
    });
    await terminal.endAsync();
  });

  it('lists who paid and is dark, page by page; every change of the list is in the journal', async () => {
    const first = await call<Page>('GET', '/reconnection-orders/paid-but-dark?limit=1');
    expect(first.body.items.map(({ accountNo, darkReason }) => [accountNo, darkReason])).toEqual([
      ['A1', 'not_restored'],
    ]);
    const rest = await call<Page>(
      'GET',
      `/reconnection-orders/paid-but-dark?limit=9&cursor=${first.body.nextCursor ?? ''}`,
    );
    expect(rest.body.items.map(({ accountNo }) => accountNo)).toEqual(['A3']);
    const steps = { at: START + HOUR, by: '二班', note: '' };
    expect(
      (await call('POST', `/reconnection-orders/${first.body.items[0]?.id ?? 0}/crew-assigned`, steps)).status,
    ).toBe(200);
    await call('POST', '/reconnections', { accountNo: 'A1', reconnectedAt: START + 2 * HOUR, by: '二班' });
    await call('POST', '/payments/P3/reverse', { at: START + HOUR, reason: '退票' });
    expect((await call<Page>('GET', '/reconnection-orders/paid-but-dark')).body.items).toEqual([]);
    const types = await eventually(async () => {
      const { body } = await call<{ items: { type: string }[] }>('GET', '/journal?limit=500');
      const found = body.items.map(({ type }) => type).filter((type) => type.startsWith('reconnection_'));
      return found.includes('reconnection_cancelled') ? found : null;
    });
    expect(types).toEqual([
      ...Array(3).fill('reconnection_ordered'),
      'reconnection_claimed',
      'reconnection_met',
      'reconnection_step',
      'reconnection_claimed',
      'reconnection_cancelled',
    ]);
    const metrics = await (
      await fetch(`${held.service.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
    ).text();
    expect(metrics).toMatch(/lamplighter_reconnections_open\{state="claimed"\} 1/);
  });

  it('reports what was kept, broken and only said, and leads to the orders', async () => {
    const path = `/reports/reconnection?from=${START - 24 * HOUR}&to=${START + HOUR}&by=area`;
    const { body } = await call<{ total: object; items: { key: string; drillDown: string }[] }>('GET', path);
    expect(body.total).toMatchObject({ orders: 3, met: 1, claimedOnly: 1, cancelled: 1, breached: 0, onTimeShare: 1 });
    expect(body.items).toMatchObject([{ key: 'north', legs: { total: { count: 1, medianMinutes: 90 } } }]);
    const behind = await call<Page>('GET', (body.items[0]?.drillDown ?? '').replace('/api/v1', ''));
    expect(behind.body.items.map(({ accountNo }) => accountNo)).toEqual(['A0', 'A1', 'A3']);
    const csv = await call<string>('GET', `${path}&format=csv`);
    expect([csv.status, csv.body.split('\r\n').length]).toEqual([200, 4]);
    const sheet = await call('GET', `${path}&format=xlsx`);
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, expect.stringContaining('spreadsheetml')]);
  });
});
