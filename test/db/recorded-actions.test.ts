import { beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { findActions } from '../../src/modules/advice/action-queries.js';
import { recordAction } from '../../src/modules/advice/record-action.js';
import { withdrawAction } from '../../src/modules/advice/withdraw-action.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { NOW, useAdvice, WEEK } from '../support/advice.js';
import { journalOf, POLICY } from '../support/small-city.js';
import { insertVoltages } from '../support/voltages.js';

const { clock, held, city, lowOn, follow, adviceOf } = useAdvice();

describe('a recorded action', () => {
  const AT = NOW - 4 * DAY_MS;
  const move = (given: { from: string; to: string; at: number }) =>
    held.db.inTx((tx) =>
      recordAction(
        tx,
        POLICY,
        { id: city.transformers[0] ?? 0, area: 'north' },
        { kind: 'tap_moved', by: '李工', note: '', ...given },
        'desk',
      ),
    );
  const tapNow = async () =>
    (
      await held.db.query<{ tap: number }>('select tap_position as tap from asset where id = $1', [
        city.transformers[0],
      ])
    )[0]?.tap;
  const judged = async () =>
    (await findActions(held.db, city.transformers[0] ?? 0, { after: null, limit: 10 }, POLICY.policy)).map(
      ({ judgement }) => judgement,
    );

  it('brings the tap into the register, unless a later move is known', async () => {
    await move({ from: '3', to: '4', at: AT });
    expect(await tapNow()).toBe(4);
    await move({ from: '2', to: '3', at: AT - DAY_MS });
    expect(await tapNow()).toBe(4);
  });

  it('is refused when it lies ahead, names no tap, or stands already', async () => {
    await expect(move({ from: '3', to: '4', at: NOW + 1 })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(move({ from: '3', to: 'IV', at: AT })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(move({ from: '5', to: '6', at: AT })).rejects.toMatchObject({ code: 'invalid_input' });
    await move({ from: '3', to: '4', at: AT });
    await expect(move({ from: '3', to: '4', at: AT })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is judged by the same hours of the day, three days before and after', async () => {
    const ids = city.transformers.slice(0, 1);
    await insertVoltages(held.db, ids, { from: AT - 10 * DAY_MS, to: AT, eveningV: 196, otherV: 215 });
    await insertVoltages(held.db, ids, { from: AT, to: NOW, eveningV: 201, otherV: 220.5 });
    await move({ from: '3', to: '4', at: AT });
    const [judgement] = await judged();
    expect(judgement).toMatchObject({ verdict: 'improved', before: { hours: 72 }, after: { hours: 72 } });
    expect(judgement?.before.phases.A).toMatchObject({
      p05: 196,
      p95: 215,
      readings: 288,
      lowShare: 1 / 6,
      highShare: 0,
    });
    expect(judgement?.after.phases.A).toMatchObject({ p05: 201, p95: 220.5, readings: 288, lowShare: 0 });
  });

  it('compares only the hours that have passed, and gives no verdict before a day', async () => {
    const ids = city.transformers.slice(0, 1);
    const moved = NOW - 5 * HOUR_MS; // 15:00; the evening until 20:00 has been seen since
    await insertVoltages(held.db, ids, { from: NOW - 9 * DAY_MS, to: moved, eveningV: 196, otherV: 215 });
    await insertVoltages(held.db, ids, { from: moved, to: NOW, eveningV: 201, otherV: 220.5 });
    await move({ from: '3', to: '4', at: moved });
    const [judgement] = await judged();
    expect(judgement?.verdict).toBe('pending');
    // 15:00 to 19:45 of three days: 20 quarter hours each, of which 8 lie in the evening.
    expect(judgement?.before.phases.A?.readings).toBe(3 * 20);
    expect(judgement?.before.phases.A?.lowShare).toBeCloseTo(8 / 20, 9);
    expect(judgement?.after.phases.A?.readings).toBe(20);
  });

  describe('at the instant at which the hours after it have been measured', () => {
    const MOVED = NOW - HOUR_MS;
    const DUE = MOVED + 73 * HOUR_MS;
    const told = async (id: number) =>
      (await journalOf(held.db, ['corrective_action_judged'])).flatMap((entry) =>
        entry.type === 'corrective_action_judged' && entry.data.actionId === id ? entry.data.verdict : [],
      );
    const deadlineOf = (id: number) =>
      held.db.query(
        `select due_at as due, state, receipt ->> 'startMeaning' as start from deadline where kind = 'action_effect' and subject_id = $1`,
        [id],
      );
    const pass = async (moment: number): Promise<void> => {
      clock.set(moment);
      await sweep(held.db);
      await follow();
    };
    const viewed = async () =>
      (await findActions(held.db, city.transformers[0] ?? 0, { after: null, limit: 10 }, POLICY.policy))[0];
    const measure = (eveningV: number, otherV: number) =>
      insertVoltages(held.db, city.transformers.slice(0, 1), { from: MOVED, to: DUE, eveningV, otherV });

    beforeEach(async () => {
      const [t1 = 0] = city.transformers;
      await insertVoltages(held.db, [t1], { ...WEEK, to: MOVED });
      for (const phase of ['A', 'B', 'C'] as const) await lowOn(t1, phase);
      await follow();
    });

    it('is judged, once, and the warning says that it did not help', async () => {
      const id = await move({ from: '2', to: '3', at: MOVED });
      expect(await deadlineOf(id)).toEqual([{ due: DUE, state: 'pending', start: 'action taken' }]);
      await measure(196.5, 215);
      await pass(DUE - 1);
      expect([await told(id), (await viewed())?.judged]).toEqual([[], null]);
      await pass(DUE);
      expect(await viewed()).toMatchObject({ judged: { at: DUE, verdict: 'unchanged', isCurrent: true } });
      const { advised } = await adviceOf(city.transformers[0] ?? 0);
      expect(advised.map(({ kind }) => kind)).toEqual(['tap', 'action_without_effect']);
      expect(advised[1]).toMatchObject({
        text: expect.stringContaining(
          '2026-07-15 19:00 调分接开关（II → III）没有改善：越下限 16.7 % → 16.7 %',
        ) as unknown,
        arithmetic: [{ result: '16.7 %', values: { hoursBefore: 72, hoursAfter: 72 } }],
      });
      await pass(DUE + DAY_MS);
      expect(await told(id)).toEqual(['unchanged']);
    });

    it('says nothing to the warning when it helped', async () => {
      const id = await move({ from: '2', to: '3', at: MOVED });
      await measure(201, 220);
      await pass(DUE);
      expect(await told(id)).toEqual(['improved']);
      const { advised } = await adviceOf(city.transformers[0] ?? 0);
      expect(advised.map(({ kind }) => kind)).not.toContain('action_without_effect');
    });

    it('is judged at once when it is recorded late, and what readings say later stands beside what was told', async () => {
      const id = await move({ from: '2', to: '3', at: MOVED });
      await measure(201, 220);
      await pass(DUE);
      await held.db.query('update reading set ua = 190, ub = 190, uc = 190 where ts >= $1', [new Date(MOVED)]);
      expect(await viewed()).toMatchObject({
        judged: { verdict: 'improved', isCurrent: false },
        judgement: { verdict: 'worse' },
      });
      const late = await move({ from: '1', to: '2', at: MOVED - DAY_MS });
      await pass(DUE + 1);
      expect([await told(id), await told(late)]).toEqual([['improved'], ['worse']]);
    });

    it('is not judged once it is withdrawn; the tap goes back, and the right one can be recorded', async () => {
      const withdraw = (id: number) =>
        held.db.inTx((tx) => withdrawAction(tx, city.transformers[0] ?? 0, id, '记错台区', 'desk'));
      const id = await move({ from: '2', to: '3', at: MOVED });
      await withdraw(id);
      expect([await tapNow(), await deadlineOf(id)]).toMatchObject([2, [{ state: 'cancelled' }]]);
      expect(await viewed()).toMatchObject({ withdrawn: { by: 'desk', reason: '记错台区' } });
      await expect(withdraw(id)).rejects.toMatchObject({ code: 'conflict' });
      const right = await move({ from: '3', to: '4', at: MOVED });
      await measure(190, 215);
      await pass(DUE);
      expect([await told(id), await told(right)]).toEqual([[], ['unchanged']]);
      await withdraw(right);
      await follow();
      const { advised } = await adviceOf(city.transformers[0] ?? 0);
      expect(advised.map(({ kind }) => kind)).not.toContain('action_without_effect');
      expect(await tapNow()).toBe(3);
    });
  });

  it('is not judged where nothing was measured', async () => {
    await move({ from: '3', to: '4', at: AT });
    expect(await judged()).toMatchObject([{ verdict: 'pending', before: { hours: 0 }, after: { hours: 0 } }]);
  });
});
