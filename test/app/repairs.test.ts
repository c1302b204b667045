import { describe, expect, it } from '@jest/globals';
import { at, START, useRepairs } from '../support/repairs.js';
import type { Deadline, Order } from '../support/repairs.js';
import { eventually } from '../support/service.js';

describe('repair orders and the five calls', () => {
  const { held, report, ordered, book, get, states, outage, supply } = useRepairs();

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
    await held.service.goTo(at(60));
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
    await held.service.goTo(START);
  });

  it('refuses what cannot be, and says what it contradicts', async () => {
    const order = await ordered({ accountNo: 'A3', extent: 'premises' });
    await held.service.goTo(at(60));
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
    await held.service.goTo(START);
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
    await held.service.goTo(at(5));
    const [dispatch] = await eventually(async () => {
      const found = await warnings('repair_dispatch_overdue', order);
      return found.length > 0 ? found : null;
    });
    expect(dispatch).toEqual({ severity: 'major', status: 'open', title: '户号 A4 报修后 5 分钟仍未派单' });
    await held.service.goTo(at(46));
    const arrival = await eventually(async () => (await warnings('repair_arrival_overdue', order))[0]);
    expect(arrival).toMatchObject({ severity: 'minor', title: '户号 A4 抢修人员超过承诺的 45 分钟未到达现场' });
    await held.service.goTo(at(61));
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
    await held.service.goTo(at(61 + 240));
    await eventually(async () => (await warnings('repair_overdue', order))[0]?.status === 'open');
    await book(order, 'repaired', { at: at(300) });
    await eventually(async () => (await warnings('repair_overdue', order))[0]?.status === 'resolved');
    await held.service.goTo(START);
  });

  it('groups callers of one transformer to one job, lets telemetry prove the repair, and calls every caller back', async () => {
    await supply('T7', 'dead', at(-2));
    const one = await ordered({ accountNo: 'A7', extent: 'several' });
    await held.service.goTo(at(5));
    const two = await ordered({ accountNo: 'B7', extent: 'area' });
    expect(two).toMatchObject({ jobId: one.jobId, jobOrderIds: [one.id, two.id] });
    await book(one, 'dispatched', { at: at(4) });
    await book(two, 'arrived', { at: at(5) });
    expect((await get(two)).legs.dispatched?.claimedAt).toBe('2026-07-15T10:04:00+08:00');

    // The crew says done, the transformer is still measured dead.
    await held.service.goTo(at(40));
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
    await held.service.goTo(at(90));
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
    await held.service.goTo(START);
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
});
