import { beforeAll, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { TestClock } from '../support/database.js';
import { eventually, useService } from '../support/service.js';
import type { Answer } from '../support/service.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const at = (minutes: number): number => START + minutes * MINUTE_MS;

interface Deadline {
  id: number;
  kind: string;
  stage: string;
  dueAt: string;
  state: string;
}
interface Order {
  id: number;
  state: string;
  round: number;
  jobId: number;
  jobOrderIds: number[];
  outageId: number | null;
  unit: string | null;
  routeNote: { zh: string; en: string } | null;
  callerPhone: string | null;
  contact: string | null;
  knownCause: string | null;
  forced: { why: string; text: string } | null;
  legs: Record<'dispatched' | 'arrived' | 'repaired', { claimedAt: string; by: string } | null>;
  observedAt: string | null;
  restoredAt: string | null;
  restoredSource: string | null;
  contradicted: boolean;
  outcome: string | null;
  callbacks: { reached: boolean }[];
  deadlines: Deadline[];
  trail: { leg: string; source: string; at: string | null; note: string }[];
  code: string;
  detail: string;
}
interface Report {
  report: {
    reportId: number;
    outcome: string;
    cause: string | null;
    eventType: string | null;
    eventId: number | null;
    estimatedRestorationAt: string | null;
    words: { zh: string[]; en: string[] } | null;
  };
  order: Order | null;
  code: string;
}

describe('fault reports and the five calls', () => {
  const clock = new TestClock(START);
  const held = useService({ clock });
  const report = (body: object, key?: string): Promise<Answer<Report>> =>
    held.service.call<Report>('POST', '/repair-orders', { symptom: '家里没电', at: clock.now(), ...body }, key);
  const ordered = async (body: object): Promise<Order> => {
    const answer = await report(body);
    expect(answer.status).toBe(201);
    if (answer.body.order === null) throw new Error('201 has an order');
    return answer.body.order;
  };
  const book = (order: { id: number }, leg: string, body: object): Promise<Answer<Order>> =>
    held.service.call<Order>('POST', `/repair-orders/${order.id}/${leg}`, { by: '抢修一班', ...body });
  const get = async (order: { id: number }): Promise<Order> =>
    (await held.service.call<Order>('GET', `/repair-orders/${order.id}`)).body;
  const states = (order: Order, stage = 'due'): Record<string, string> =>
    Object.fromEntries(order.deadlines.filter((one) => one.stage === stage).map((one) => [one.kind, one.state]));
  const outage = async (transformer: string, row: object = {}): Promise<number> => {
    const { state = 'confirmed', nature = 'fault', from = START } = row as Record<string, never>;
    const [made] = await held.service.db.query<{ id: number }>(
      `with o as (
         insert into outage (state, nature, cause, root_asset_id, area, started_at, estimated_restoration_at, known_at, policy_version)
         select $2, $3, '雷击', id, area, $4::timestamptz, $4::timestamptz + interval '4 h', $4, 1 from asset where code = $1
         returning id, root_asset_id)
       insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select id, root_asset_id, $4, 'measured', 1 from o returning outage_id as id`,
      [transformer, state, nature, new Date(from)],
    );
    return made?.id ?? 0;
  };
  /** As telemetry writes it: the interval and the journal entry in one transaction. */
  const supply = async (transformer: string, to: 'dead' | 'live', moment: number): Promise<void> => {
    await held.service.db.inTx(async (tx) => {
      const [asset] = await tx.query<{ id: number }>('select id from asset where code = $1', [transformer]);
      await tx.query(
        to === 'dead'
          ? `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'dead', $2, 'power_off')`
          : `update supply_interval set ended_at = $2, end_source = 'power_on' where transformer_id = $1 and ended_at is null`,
        [asset?.id, new Date(moment)],
      );
      await tx.query(
        `insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
         values ('supply_changed', 'transformer', $1, $2, $3, 'system', $4)`,
        [
          asset?.id,
          new Date(moment),
          new Date(tx.now),
          JSON.stringify({ from: to === 'dead' ? 'live' : 'dead', to, source: 'power' }),
        ],
      );
    });
  };

  beforeAll(async () => {
    const { service } = held;
    const names = Array.from({ length: 12 }, (_, index) => `T${index + 1}`);
    await service.call(
      'POST',
      '/network/assets',
      `code,kind,parent_code,name,area,setting\nS,substation,,,城东,urban\nF,feeder,S,,城东,urban\nS7,substation,,,城东,urban\nF7,feeder,S7,,城东,urban\n${names
        .map(
          (name) =>
            `${name},transformer,${name === 'T7' ? 'F7' : 'F'},${name}台区,城东,${name === 'T2' ? 'rural' : 'urban'}`,
        )
        .join('\n')}`,
    );
    await service.call(
      'POST',
      '/network/customers',
      `account_no,transformer_code,mobile\n${names.map((name, i) => `A${i + 1},${name},1380000${1000 + i}\nB${i + 1},${name},1390000${1000 + i}`).join('\n')}`,
    );
    await service.call('POST', '/responsibility-routes', 'business,area,unit,person\nrepair,城东,城东抢修中心,李四');
  });

  it('makes an order with both clocks of arrival, each with its arithmetic and source', async () => {
    const order = await ordered({ accountNo: 'A1', place: '3 号楼', extent: 'premises', contact: '王五 13800001000' });
    expect(order).toMatchObject({ state: 'reported', unit: '城东抢修中心', routeNote: null, knownCause: null });
    const due = Object.fromEntries(order.deadlines.filter((d) => d.stage === 'due').map((d) => [d.kind, d.dueAt]));
    expect(due).toEqual({
      repair_dispatch: '2026-07-15T10:05:00+08:00',
      repair_arrival_promise: '2026-07-15T10:45:00+08:00',
      repair_arrival_regulation: '2026-07-15T11:00:00+08:00',
    });
    const regulation = order.deadlines.find((d) => d.kind === 'repair_arrival_regulation' && d.stage === 'due');
    const receipt = await held.service.call<{ steps: { en: string }[] }>('GET', `/deadlines/${regulation?.id}/receipt`);
    expect(receipt.body.steps.map(({ en }) => en)).toEqual(
      expect.arrayContaining([
        'Start: 2026-07-15T10:00:00+08:00 (fault report)',
        'Limit: 1 h',
        expect.stringContaining('供电监管办法 art. 14'),
      ]),
    );
  });

  it('goes through the legs, keeps what was said and when it was booked, and closes with a satisfied customer', async () => {
    const order = await ordered({ accountNo: 'A1', extent: 'premises' });
    clock.set(at(60));
    // All booked an hour later, the last one first.
    expect((await book(order, 'arrived', { at: at(30) })).body.state).toBe('arrived');
    expect((await book(order, 'dispatched', { at: at(4) })).body.state).toBe('arrived');
    const repaired = (await book(order, 'repaired', { at: at(50) })).body;
    expect(repaired).toMatchObject({ state: 'repaired', restoredSource: 'claimed', contradicted: false });
    expect(states(repaired)).toMatchObject({
      repair_dispatch: 'met',
      repair_arrival_promise: 'met',
      repair_arrival_regulation: 'met',
      repair_restoration: 'met',
      repair_callback: 'pending',
    });
    expect((await book(order, 'called-back', { at: at(40), reached: true, satisfied: true })).body.code).toBe(
      'not_restored_yet',
    );
    const closed = (await book(order, 'called-back', { at: at(58), reached: true, satisfied: true })).body;
    expect(closed).toMatchObject({ state: 'closed', outcome: 'satisfied' });
    expect(states(closed).repair_callback).toBe('met');
    clock.set(START);
  });

  it('refuses what cannot be, and says what it contradicts', async () => {
    const order = await ordered({ accountNo: 'A3', extent: 'premises' });
    clock.set(at(60));
    await book(order, 'dispatched', { at: at(10) });
    const early = await book(order, 'arrived', { at: at(5) });
    expect([early.status, early.body.code]).toEqual([409, 'impossible_leg']);
    expect(early.body.detail).toContain('the dispatch was at 2026-07-15T10:10:00+08:00');
    expect((await book(order, 'dispatched', { at: at(-3) })).body.code).toBe('leg_on_record');
    expect((await book(order, 'dispatched', { at: at(-3), note: '电话派单' })).body.code).toBe('impossible_leg');
    expect((await book(order, 'repaired', { at: at(90) })).body.code).toBe('impossible_leg');
    expect((await book({ id: 999_999 }, 'arrived', { at: at(20) })).status).toBe(404);
    // A correction says why; both bookings stay in the trail, and the clocks follow.
    await eventually(async () => states(await get(order)).repair_dispatch === 'fired');
    const corrected = (await book(order, 'dispatched', { at: at(3), note: '电话派单，补录' })).body;
    expect(corrected.trail.map(({ at, note }) => [at, note])).toEqual([
      ['2026-07-15T10:10:00+08:00', ''],
      ['2026-07-15T10:03:00+08:00', '电话派单，补录'],
    ]);
    expect(states(corrected).repair_dispatch).toBe('met');
    // Sent again it changes nothing.
    expect((await book(order, 'dispatched', { at: at(3), note: '电话派单，补录' })).body.trail).toHaveLength(2);
    clock.set(START);
  });

  it('warns when nobody is sent in time, and takes it back when the dispatch turns out to have been in time', async () => {
    const warnings = async (
      kind: string,
      order: Order,
    ): Promise<{ severity: string; status: string; title: string }[]> =>
      await held.service.db.query<{ severity: string; status: string; title: string }>(
        `select severity, status, title from warning where kind = $1 and subject_type = 'repair_order' and subject_id = $2`,
        [kind, order.id],
      );
    const order = await ordered({ accountNo: 'A4', extent: 'premises' });
    clock.set(at(5));
    const [dispatch] = await eventually(async () => {
      const found = await warnings('repair_dispatch_overdue', order);
      return found.length > 0 ? found : null;
    });
    expect(dispatch).toEqual({ severity: 'major', status: 'open', title: '户号 A4 报修后 5 分钟仍未派单' });
    clock.set(at(46));
    const arrival = await eventually(async () => (await warnings('repair_arrival_overdue', order))[0]);
    expect(arrival).toMatchObject({ severity: 'minor', title: '户号 A4 抢修人员超过承诺的 45 分钟未到达现场' });
    clock.set(at(61));
    await eventually(async () => (await warnings('repair_arrival_overdue', order))[0]?.severity === 'major');

    const late = (await book(order, 'dispatched', { at: at(4) })).body;
    expect(states(late).repair_dispatch).toBe('met');
    await eventually(async () => (await warnings('repair_dispatch_overdue', order))[0]?.status === 'resolved');
    await book(order, 'arrived', { at: at(61) });
    await eventually(async () => (await warnings('repair_arrival_overdue', order))[0]?.status === 'resolved');
    expect(states(await get(order))).toMatchObject({
      repair_arrival_promise: 'fired',
      repair_arrival_regulation: 'fired',
      repair_restoration: 'pending',
    });
    // Four hours from arrival.
    clock.set(at(61 + 240));
    await eventually(async () => (await warnings('repair_overdue', order))[0]?.status === 'open');
    await book(order, 'repaired', { at: at(300) });
    await eventually(async () => (await warnings('repair_overdue', order))[0]?.status === 'resolved');
    clock.set(START);
  });

  it('answers a known cause without an order, links the call to its event, and asks once for each externalId', async () => {
    const outageId = await outage('T5');
    const body = { externalId: 'call-1', accountNo: 'A5', at: START };
    const first = await report(body);
    expect(first.status).toBe(200);
    expect(first.body.order).toBeNull();
    expect(first.body.report).toMatchObject({
      outcome: 'known_cause',
      cause: 'fault',
      eventType: 'outage',
      eventId: outageId,
      estimatedRestorationAt: '2026-07-15T14:00:00+08:00',
    });
    expect(first.body.report.words?.zh[0]).toBe('故障停电，7月15日 10:00 起，原因：雷击');
    expect(first.body.report.words?.zh).toContain('告知预计 7月15日 14:00 恢复供电');
    const again = await report(body);
    expect([again.status, again.body.report.reportId]).toEqual([200, first.body.report.reportId]);
    expect((await report({ ...body, symptom: '另一件事' })).status).toBe(409);
    // The neighbour without an account number, by the transformer.
    expect((await report({ transformerCode: 'T5' })).status).toBe(200);
    const calls = await held.service.call<{ items: { cause: string }[] }>(
      'GET',
      `/fault-reports?eventType=outage&eventId=${outageId}`,
    );
    expect(calls.body.items).toHaveLength(2);
    const journal = await held.service.db.query(`select data from journal where type = 'fault_report_answered'`);
    expect(journal).toHaveLength(2);
  });

  it('makes an order in spite of a known cause for danger, and for a dispatcher with a reason', async () => {
    const danger = await report({ accountNo: 'A5', symptom: '没电，电线断线落地' });
    expect([danger.status, danger.body.order?.knownCause, danger.body.order?.forced?.why]).toEqual([
      201,
      'fault',
      'hazard',
    ]);
    const forced = await report({ accountNo: 'B5', force: { reason: '重要客户要求到场' } });
    expect(forced.body.order?.forced).toMatchObject({ why: 'dispatcher', text: '重要客户要求到场' });
    // Both are of the one outage: one crew.
    expect(forced.body.order?.jobId).toBe(danger.body.order?.jobId);
    // A call that was answered gets an order when it is sent again with the reason; and only one.
    const call = { externalId: 'call-2', callerPhone: '13800001004' };
    expect((await report(call)).status).toBe(200);
    const wanted = await report({ ...call, force: { reason: '客户坚持' } });
    expect([wanted.status, wanted.body.order?.knownCause]).toEqual([201, 'fault']);
    expect((await report(call)).body.order?.id).toBe(wanted.body.order?.id);
    const key = (
      await held.service.call<{ key: string }>('POST', '/api-keys', { name: '95598', roles: ['integration'] })
    ).body.key;
    expect((await report({ accountNo: 'B5', force: { reason: 'x' } }, key)).status).toBe(403);
  });

  it('tells who was cut for theft how to be supplied again', async () => {
    await held.service.call('POST', '/disconnections', {
      externalId: 'D-theft',
      accountNo: 'A6',
      reason: 'theft',
      approvedBy: '王主任',
      plannedAt: at(-60),
      disconnectedAt: at(-60),
    });
    const answer = await report({ accountNo: 'A6' });
    expect(answer.status).toBe(200);
    expect(answer.body.report).toMatchObject({ cause: 'theft', eventType: 'disconnection' });
    expect(answer.body.report.words?.zh.join('')).toContain('补交电费并承担违约使用电费');
    expect(answer.body.report.words?.en.join(' ')).toContain('service counter');
  });

  it('groups callers of one transformer to one job, lets telemetry prove the repair, and calls every caller back', async () => {
    await supply('T7', 'dead', at(-2));
    const one = await ordered({ accountNo: 'A7', extent: 'several' });
    clock.set(at(5));
    const two = await ordered({ accountNo: 'B7', extent: 'area' });
    expect(two).toMatchObject({ jobId: one.jobId, jobOrderIds: [one.id, two.id] });
    await book(one, 'dispatched', { at: at(4) });
    await book(two, 'arrived', { at: at(5) });
    expect((await get(two)).legs.dispatched?.claimedAt).toBe('2026-07-15T10:04:00+08:00');

    // The crew says done, the transformer is still measured dead.
    clock.set(at(40));
    const claimed = (await book(one, 'repaired', { at: at(35) })).body;
    expect(claimed).toMatchObject({ state: 'arrived', contradicted: true, restoredAt: null });
    expect(states(claimed).repair_restoration).toBe('pending');
    await supply('T7', 'live', at(38));
    const proven = await eventually(async () => {
      const found = await get(two);
      return found.restoredSource === 'observed' ? found : null;
    });
    expect(proven).toMatchObject({
      state: 'repaired',
      restoredAt: '2026-07-15T10:38:00+08:00',
      observedAt: '2026-07-15T10:38:00+08:00',
      legs: { repaired: { claimedAt: '2026-07-15T10:35:00+08:00' } },
    });

    // The first cannot be reached twice and is then satisfied; the second is not, and goes back once.
    clock.set(at(90));
    for (const minute of [60, 70]) await book(one, 'called-back', { at: at(minute), reached: false });
    expect((await book(one, 'called-back', { at: at(80), reached: true, satisfied: true })).body).toMatchObject({
      state: 'closed',
      outcome: 'satisfied',
      callbacks: [{ reached: false }, { reached: false }, { reached: true }],
    });
    const back = (await book(two, 'called-back', { at: at(80), reached: true, satisfied: false })).body;
    expect(back).toMatchObject({ state: 'reported', round: 2, jobOrderIds: [two.id], restoredAt: null, outcome: null });
    expect(back.jobId).not.toBe(one.jobId);
    expect(back.deadlines.find(({ kind, stage }) => kind === 'repair_dispatch' && stage === 'due')).toMatchObject({
      dueAt: '2026-07-15T11:25:00+08:00',
    });
    expect(back.trail.length).toBeGreaterThan(3); // of the first round
    // The clocks of both rounds stay, each with its own arithmetic; the call back of the first was made in time.
    const clocks = async (): Promise<[number, string, string, string][]> =>
      (
        await held.service.call<{ items: (Deadline & { round: number })[] }>(
          'GET',
          `/deadlines?subjectType=repair_order&subjectId=${two.id}`,
        )
      ).body.items
        .filter(({ stage }) => stage === 'due')
        .map(({ round, kind, state, dueAt }) => [round, kind, state, dueAt.slice(11, 16)]);
    const first = [
      [1, 'repair_dispatch', 'met', '10:10'],
      [1, 'repair_arrival_promise', 'met', '10:50'],
      [1, 'repair_arrival_regulation', 'met', '11:05'],
      [1, 'repair_restoration', 'met', '14:05'],
      [1, 'repair_callback', 'met', '10:38'],
    ];
    const second = [
      [2, 'repair_dispatch', expect.any(String), '11:25'],
      [2, 'repair_arrival_promise', 'pending', '12:05'],
      [2, 'repair_arrival_regulation', 'pending', '12:20'],
    ];
    expect(await clocks()).toEqual(expect.arrayContaining([...first, ...second]));
    expect(await clocks()).toHaveLength(8);
    const { items } = (
      await held.service.call<{ items: (Deadline & { round: number })[] }>(
        'GET',
        `/deadlines?kind=repair_dispatch&subjectType=repair_order&subjectId=${two.id}`,
      )
    ).body;
    const dispatch = items.find(({ round, stage }) => round === 1 && stage === 'due');
    const receipt = await held.service.call<{ steps: { en: string }[] }>('GET', `/deadlines/${dispatch?.id}/receipt`);
    expect(receipt.body.steps[0]?.en).toBe('Start: 2026-07-15T10:05:00+08:00 (fault report)');
    await book(two, 'repaired', { at: at(85) });
    expect((await book(two, 'called-back', { at: at(88), reached: true, satisfied: false })).body).toMatchObject({
      state: 'closed',
      outcome: 'unsatisfied',
    });
    expect(await clocks()).toEqual(expect.arrayContaining(first));
    clock.set(START);
  });

  it('joins reports that turn out to be of one outage, unless a crew is on its way to each', async () => {
    const orders = [
      await ordered({ accountNo: 'A8' }),
      await ordered({ accountNo: 'A9' }),
      await ordered({ accountNo: 'A10' }),
    ];
    expect(new Set(orders.map(({ jobId }) => jobId)).size).toBe(3);
    const [first, second, third] = orders as [Order, Order, Order];
    await book(second, 'dispatched', { at: START });
    const outageId = await outage('T8');
    await held.service.db.query(
      `insert into outage_transformer (outage_id, transformer_id, started_at, source, customers)
       select $1, id, $2, 'measured', 1 from asset where code in ('T9', 'T10')`,
      [outageId, new Date(START)],
    );
    // Any news of the outage makes the follower look at its row; this one interests few others.
    await held.service.db.query(
      `insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
       values ('outage_discarded', 'outage', $1, now(), now(), 'system', '{"state": "confirmed"}')`,
      [outageId],
    );
    const joined = await eventually(async () => {
      const found = await get(first);
      return found.jobId === second.jobId ? found : null;
    });
    expect(joined).toMatchObject({ outageId, state: 'dispatched', jobOrderIds: [first.id, second.id, third.id] });
    expect(states(joined).repair_dispatch).toBe('met');
  });

  it('shows numbers only to those who may see them, and logs who saw them', async () => {
    const order = await ordered({ accountNo: 'A11', callerPhone: '138 0000 1010', contact: '王五 13800001010' });
    const viewer = (await held.service.call<{ key: string }>('POST', '/api-keys', { name: 'board', roles: ['viewer'] }))
      .body.key;
    const masked = await held.service.call<Order>('GET', `/repair-orders/${order.id}`, undefined, viewer);
    expect(masked.body).toMatchObject({ callerPhone: '138****1010', contact: '***' });
    expect((await get(order)).callerPhone).toBe('13800001010');
    const [access] = await held.service.db.query<{ count: number }>(
      `select count(*)::int as count from personal_data_access p join customer c on c.id = p.customer_id
       where c.account_no = 'A11' and p.route = 'GET /repair-orders/:id'`,
    );
    expect(access?.count).toBe(1);
  });

  it('says that no unit is responsible where the routing table has none, and takes unknown accounts all the same', async () => {
    const order = await ordered({ accountNo: 'not-in-register', address: '城南路 8 号' });
    expect(order.unit).toBeNull();
    expect(order.routeNote?.zh).toContain('没有责任单位');
    const nobody = await held.service.call<{ code: string }>('POST', '/repair-orders', { symptom: '没电' });
    expect([nobody.status, nobody.body.code]).toEqual([400, 'invalid_input']);
    expect((await report({ transformerCode: 'T999' })).body.code).toBe('transformer_not_found');
  });

  it('takes two calls of one transformer that come at the same instant into one job', async () => {
    const answers = await Promise.all(['A12', 'B12'].map((accountNo) => ordered({ accountNo, extent: 'area' })));
    expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
    const same = await Promise.all(
      [1, 2, 3].map(() => report({ externalId: 'twin', accountNo: 'A12', extent: 'premises', at: START })),
    );
    expect(new Set(same.map(({ body }) => body.order?.id)).size).toBe(1);
    // Made once: who sends it again hears that it is on record.
    expect(same.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201]);
  });

  it('lists by state, unit and job, page by page', async () => {
    const page = (await held.service.call<{ items: Order[]; nextCursor: string }>('GET', '/repair-orders?limit=2'))
      .body;
    expect(page.items).toHaveLength(2);
    const next = (
      await held.service.call<{ items: Order[] }>('GET', `/repair-orders?limit=2&cursor=${page.nextCursor}`)
    ).body;
    expect(next.items.map(({ id }) => id)).not.toEqual(page.items.map(({ id }) => id));
    const closed = (await held.service.call<{ items: Order[] }>('GET', '/repair-orders?state=closed')).body.items;
    expect(closed.every(({ state }) => state === 'closed')).toBe(true);
    expect(closed.length).toBeGreaterThan(0);
  });

  it('imports the routing table by line, and answers who is responsible', async () => {
    const answer = await held.service.call<{ accepted: number; rejected: { line: number; reason: string }[] }>(
      'POST',
      '/responsibility-routes',
      'business,area,unit,person,phone\nmetering,城东,计量班,甲,\nmetering,城东,计量二班,,\nrefund,,,,\nnonsense,,x,,\ndefault,,营业厅,,8520000',
    );
    expect(answer.body.accepted).toBe(2);
    expect(answer.body.rejected.map(({ line, reason }) => [line, reason.split(' ')[0]])).toEqual([
      [3, 'metering'],
      [4, 'unit'],
      [5, 'business'],
    ]);
    const who = async (path: string): Promise<object> =>
      (await held.service.call('GET', `/responsibility-routes/${path}`)).body;
    expect(await who('metering?area=城东')).toEqual({
      unit: '计量班',
      person: '甲',
      why: 'business_and_area',
      missing: null,
    });
    expect(await who('inspection?area=城东')).toMatchObject({ unit: '营业厅', why: 'default' });
  });
});
