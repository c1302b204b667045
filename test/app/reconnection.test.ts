import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { at } from '../../src/modules/database/database.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-07-15T10:00:00+08:00');

interface Order {
  id: number;
  accountNo: string;
  state: string;
  paidAt: string;
  dueAt: string;
  restoredAt: string | null;
  measuredAt: string | null;
  claimedBy: string | null;
  stages: { stage: string; state: string }[];
  receipt: { limitMs: number };
}
interface OrderPage {
  items: Order[];
  nextCursor: string | null;
}
interface Body {
  id: number;
  code: string;
  detail: string;
  errors: { path: string; message: string }[];
  missingSteps: { step: string }[];
  reconnectionOrder: Order | null;
  clearedAt: string | null;
  disconnectionId: number;
}

describe('cut for arrears and reconnection', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const post = (path: string, body: object): Promise<Answer<Body>> => held.service.call<Body>('POST', path, body);
  const ok = async (path: string, body: object): Promise<Body> => {
    const answer = await post(path, body);
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({ status: 200, detail: undefined });
    return answer.body;
  };
  const orderOf = async (accountNo: string): Promise<Order | undefined> =>
    (await held.service.call<{ items: Order[] }>('GET', '/reconnection-orders?limit=500')).body.items.find(
      (order) => order.accountNo === accountNo,
    );
  const journalOf = async (accountNo: string): Promise<string[]> =>
    (
      await held.service.db.query<{ type: string }>(
        `select j.type from journal j join customer c on c.account_no = $1
         where j.type <> 'dunning_recorded'
           and (j.subject_type = 'customer' and j.subject_id = c.id or (j.data ->> 'customerId')::int = c.id and j.type not like 'notice%')
         order by j.id`,
        [accountNo],
      )
    ).map((row) => row.type);
  const cutBody = (accountNo: string, more: object = {}) => ({
    externalId: `D-${accountNo}`,
    accountNo,
    reason: 'arrears',
    approvedBy: '李主任',
    noticeServedAt: START - 4 * DAY,
    finalNoticeAt: START - HOUR,
    plannedAt: START,
    ...more,
  });
  /** An account with an old debt and a step of collection. */
  const indebt = async (accountNo: string): Promise<void> => {
    await ok('/arrears', { accountNo, amount: 120.55, dueOn: '2026-05-20' });
    await ok(`/arrears/${accountNo}/dunning`, {
      stage: 'phone',
      at: START - 10 * DAY,
      by: '抄表员',
      result: '承诺交费',
    });
  };
  /** Cut one hour before START. */
  const cut = async (accountNo: string): Promise<Body> => {
    await indebt(accountNo);
    return ok(
      '/disconnections',
      cutBody(accountNo, { plannedAt: START - HOUR, finalNoticeAt: START - 2 * HOUR, disconnectedAt: START - HOUR }),
    );
  };
  const pay = (accountNo: string, paidAt: number, more: object = {}) =>
    ok('/payments', { externalId: `P-${accountNo}`, accountNo, paidAt, amount: 120.55, settled: true, ...more });

  beforeAll(async () => {
    const { service } = held;
    await service.call(
      'POST',
      '/network/assets',
      'code,kind,parent_code\nS,substation,\nF,feeder,S\nT,transformer,F\nT2,transformer,F',
    );
    await service.call('POST', '/network/terminals', 'terminal,transformer_code\n9001,T\n9002,T2');
    const accounts = Array.from({ length: 20 }, (_, index) => `A${index},T`).join('\n');
    await service.call('POST', '/network/customers', `account_no,transformer_code\n${accounts}`);
  });

  it('refuses a planned cut with every missing step, and records nothing', async () => {
    const refused = await post('/disconnections', {
      externalId: 'D1',
      accountNo: 'A0',
      reason: 'arrears',
      plannedAt: START + DAY,
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'disconnection_not_allowed']);
    expect(refused.body.errors.map((error) => error.path)).toEqual([
      'body.accountNo',
      'body.accountNo',
      'body.approvedBy',
      'body.noticeServedAt',
      'body.finalNoticeAt',
    ]);
    expect(refused.body.errors[1]?.message).toContain('无非现场或现场催收记录');
    expect(await held.service.db.query(`select 1 from disconnection where external_id = 'D1'`)).toEqual([]);
  });

  it('allows a proper plan, takes the cut under the same number, and nothing else under it', async () => {
    await indebt('A1');
    const planned = await ok('/disconnections', cutBody('A1'));
    expect(await ok('/disconnections', cutBody('A1'))).toEqual(planned);
    const done = await ok('/disconnections', cutBody('A1', { disconnectedAt: START }));
    expect(done).toMatchObject({ id: planned.id, missingSteps: [], disconnectedAt: '2026-07-15T10:00:00+08:00' });
    expect(await ok('/disconnections', cutBody('A1', { disconnectedAt: START }))).toEqual(done);
    expect(await ok('/disconnections', cutBody('A1'))).toEqual(done); // the plan, delivered again
    const other = await post('/disconnections', cutBody('A1', { plannedAt: START + 1, approvedBy: '王主任' }));
    expect(other.status).toBe(409);
    expect(other.body.errors.map((error) => error.path)).toEqual(['body.approvedBy', 'body.plannedAt']);
    expect(await journalOf('A1')).toEqual(['disconnection_recorded', 'disconnection_recorded']);
  });

  it('records a cut that was done without the procedure, with what was missing', async () => {
    const done = await ok('/disconnections', {
      externalId: 'D2',
      accountNo: 'A2',
      reason: 'arrears',
      approvedBy: '李主任',
      plannedAt: START - HOUR,
      disconnectedAt: START - HOUR,
    });
    expect(done.missingSteps.map((step) => step.step)).toEqual(['arrears', 'dunning', 'notice', 'final_notice']);
    const [entry] = await held.service.db.query<{ data: object }>(
      `select data from journal where type = 'disconnection_recorded' and subject_id = $1`,
      [done.id],
    );
    expect(entry?.data).toMatchObject({ missingSteps: ['arrears', 'dunning', 'notice', 'final_notice'] });
    const theft = await ok('/disconnections', {
      externalId: 'D3',
      accountNo: 'A3',
      reason: 'theft',
      plannedAt: START - HOUR,
      disconnectedAt: START - HOUR,
    });
    expect(theft.missingSteps).toEqual([]); // that procedure is another one
    const future = await post('/disconnections', cutBody('A4', { disconnectedAt: START + HOUR }));
    expect(future.status).toBe(400);
  });

  it('promises 12 h from payment in full, counted from when it was paid, not from when it was booked', async () => {
    await cut('A5');
    expect(
      (await pay('A5', START - 30 * 60_000, { externalId: 'part', amount: 50, settled: false })).reconnectionOrder,
    ).toBeNull();
    expect(await orderOf('A5')).toBeUndefined();
    const paid = await pay('A5', START - 30 * 60_000, { receivedAt: START });
    expect(paid.reconnectionOrder).toMatchObject({
      state: 'open',
      paidAt: '2026-07-15T09:30:00+08:00',
      dueAt: '2026-07-15T21:30:00+08:00',
      stages: [{ stage: '50%' }, { stage: '75%' }, { stage: '90%' }, { stage: 'due' }],
      receipt: { limitMs: 12 * HOUR, start: '2026-07-15T09:30:00+08:00', profile: 'csg' },
    });
    expect(await pay('A5', START - 30 * 60_000)).toEqual(paid);
    const other = await post('/payments', {
      externalId: 'P-A5',
      accountNo: 'A5',
      paidAt: START,
      amount: 1,
      settled: true,
    });
    expect(other.body.errors.map((error) => error.path).sort()).toEqual(['body.amount', 'body.paidAt']);
    expect(await journalOf('A5')).toEqual([
      'disconnection_recorded',
      'payment_received',
      'payment_received',
      'reconnection_ordered',
    ]);
    const again = await ok('/arrears', { accountNo: 'A5', amount: 120.55, dueOn: '2026-05-20' });
    expect(again.clearedAt).toBe('2026-07-15T09:30:00+08:00');
  });

  it("marks the crew's word as claimed and stops the escalation; the promise is met once the switch was read", async () => {
    await cut('A6');
    await pay('A6', START);
    const back = { accountNo: 'A6', reconnectedAt: START, by: '抢修一班' };
    const first = await ok('/reconnections', back);
    expect(first.reconnectionOrder).toMatchObject({ state: 'claimed', claimedBy: '抢修一班', restoredAt: null });
    expect(first.reconnectionOrder?.stages.map((stage) => stage.state)).toEqual(Array(4).fill('cancelled'));
    expect(await ok('/reconnections', back)).toEqual(first);
    expect((await post('/reconnections', { ...back, by: '抢修二班' })).status).toBe(409);
    expect(await journalOf('A6')).toEqual([
      'disconnection_recorded',
      'payment_received',
      'reconnection_ordered',
      'reconnection_claimed',
    ]);
    const read = await ok('/reconnections', { ...back, by: '采集系统', source: 'switch' });
    expect(read.reconnectionOrder).toMatchObject({ state: 'met', restoredAt: '2026-07-15T10:00:00+08:00' });
    expect(read.reconnectionOrder?.stages.map((stage) => stage.state)).toEqual(Array(4).fill('met'));
    const never = await post('/reconnections', { accountNo: 'A7', reconnectedAt: START, by: 'x' });
    expect([never.status, never.body.code]).toEqual([409, 'not_disconnected']);
    expect((await post('/reconnections', { ...back, accountNo: 'nobody' })).status).toBe(404);
  });

  it('gives the same promise when the payment is known before the cut', async () => {
    await indebt('A8');
    await pay('A8', START);
    const done = await ok(
      '/disconnections',
      cutBody('A8', { plannedAt: START - HOUR, finalNoticeAt: START - 2 * HOUR, disconnectedAt: START - HOUR }),
    );
    expect(done.missingSteps).toEqual([]); // paid after the cut: at the cut it was owed
    expect(done.reconnectionOrder).toMatchObject({ state: 'open', paidAt: '2026-07-15T10:00:00+08:00' });
  });

  it('finds the promise broken for a customer who had paid before the cut', async () => {
    await indebt('A9');
    await pay('A9', START - 20 * HOUR);
    const done = await ok('/disconnections', cutBody('A9', { disconnectedAt: START }));
    expect(done.missingSteps.map((step) => step.step)).toEqual(['paid']);
    expect(done.reconnectionOrder).toMatchObject({ dueAt: '2026-07-15T02:00:00+08:00' });
    expect(await eventually(async () => ((await orderOf('A9'))?.state === 'breached' ? 'yes' : null))).toBe('yes');
  });

  it('moves the begin to an earlier payment that is booked later, and takes a bill that comes after its payment as paid', async () => {
    await cut('A10');
    await pay('A10', START, { externalId: 'second' });
    const earlier = await pay('A10', START - HOUR / 2, { externalId: 'first' });
    expect(earlier.reconnectionOrder).toMatchObject({ dueAt: '2026-07-15T21:30:00+08:00', state: 'open' });
    const late = await ok('/arrears', { accountNo: 'A10', amount: 3, dueOn: '2026-06-20' });
    expect(late.clearedAt).toBe('2026-07-15T09:30:00+08:00');
    expect((await post('/arrears', { accountNo: 'A10', amount: 4, dueOn: '2026-06-20' })).status).toBe(409);
  });

  it('breaches at the limit, and a restoration after it is late', async () => {
    await cut('A11');
    await pay('A11', START);
    await cut('A12');
    await pay('A12', START);
    await held.service.goTo(START + 12 * HOUR);
    await eventually(async () => {
      const orders = await Promise.all(['A5', 'A8', 'A10', 'A11', 'A12'].map(orderOf));
      return orders.every((order) => order?.state === 'breached');
    });
    const metrics = async (): Promise<string> =>
      (
        await fetch(`${held.service.url}/metrics`, { headers: { authorization: 'Bearer test-administrator-key' } })
      ).text();
    expect(await metrics()).toMatch(/lamplighter_reconnections_open\{state="breached"\} [1-9]/);
    await held.service.goTo(clock.now() + HOUR);
    const late = await ok('/reconnections', { accountNo: 'A11', reconnectedAt: START + 13 * HOUR, by: '一班' });
    expect(late.reconnectionOrder).toMatchObject({ state: 'breached', claimedAt: '2026-07-15T23:00:00+08:00' });
    expect((await journalOf('A11')).slice(2)).toEqual([
      'reconnection_ordered',
      'reconnection_breached',
      'reconnection_claimed',
    ]);
    // The crew of the other was in time; only its word came late.
    const inTime = await ok('/reconnections', { accountNo: 'A12', reconnectedAt: START + 11 * HOUR, by: '一班' });
    expect(inTime.reconnectionOrder).toMatchObject({ state: 'claimed' });
    // The most urgent first, page by page.
    const until = `/reconnection-orders?state=breached&due=${START + 12 * HOUR}&limit=2`;
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Answer<OrderPage> = await held.service.call<OrderPage>('GET', until + cursor);
      found.push(...body.items.map((order) => order.accountNo));
      cursor = body.nextCursor === null ? null : `&cursor=${body.nextCursor}`;
    }
    expect(found).toEqual(['A9', 'A5', 'A10', 'A8', 'A11']);
  });

  it('looks up what a terminal had told of a customer when its cut comes on record after it', async () => {
    const terminals = await connectAsync(`mqtt://127.0.0.1:${held.service.mqttPort}`);
    const told = { ts: START + 3 * HOUR, type: 'switch_closed', accountNo: 'A14' };
    await terminals.publishAsync('dt/v1/x/9001/up/event', JSON.stringify(told), { qos: 1 });
    await terminals.endAsync();
    await eventually(
      async () =>
        (
          await held.service.db.query(
            `select from journal j join follower_cursor f on f.follower = 'reconnection' and f.id >= j.id
             where j.type = 'terminal_event' and j.happened_at = $1`,
            [at(told.ts)],
          )
        ).length > 0,
    );
    await cut('A14');
    await pay('A14', START);
    expect(await orderOf('A14')).toMatchObject({ state: 'met', restoredAt: '2026-07-15T13:00:00+08:00' });
  });

  it("takes measured power from the customer's own terminal, stronger than the crew's word", async () => {
    await cut('A13');
    await pay('A13', START);
    const terminals = await connectAsync(`mqtt://127.0.0.1:${held.service.mqttPort}`);
    const event = (terminal: string, type: string, ts: number) =>
      terminals.publishAsync(`dt/v1/x/${terminal}/up/event`, JSON.stringify({ ts, type, accountNo: 'A13' }), {
        qos: 1,
      });
    await ok('/reconnections', { accountNo: 'A13', reconnectedAt: START + 2 * HOUR, by: '一班' });
    await event('9002', 'switch_closed', START + 3 * HOUR); // not the terminal of this customer
    await event('9001', 'switch_open', START + 4 * HOUR); // the word was wrong
    await eventually(async () => (await orderOf('A13'))?.state === 'breached');
    await event('9001', 'switch_closed', START + 5 * HOUR);
    const measured = await eventually(async () => {
      const order = await orderOf('A13');
      return order?.measuredAt == null ? null : order;
    });
    await terminals.endAsync();
    expect(measured).toMatchObject({
      state: 'met',
      restoredAt: '2026-07-15T15:00:00+08:00',
      measuredAt: '2026-07-15T15:00:00+08:00',
    });
  });
});
