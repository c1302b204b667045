import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { findActions } from '../../src/modules/advice/action-queries.js';
import { adviceFollower } from '../../src/modules/advice/advice.follower.js';
import { recordAction } from '../../src/modules/advice/record-action.js';
import { withdrawAction } from '../../src/modules/advice/withdraw-action.js';
import { findWarning, findWarnings } from '../../src/modules/warnings/warning-queries.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { appendAll, buildSmallCity, catchUp, journalOf, POLICY } from '../support/small-city.js';
import type { SmallCity } from '../support/small-city.js';
import { insertVoltages } from '../support/voltages.js';

/** 20:00 in the utility's zone: the evening peak has lasted two hours. */
const NOW = Date.parse('2026-07-15T20:00:00+08:00');
const EVENING = NOW - 2 * HOUR_MS;
const clock = new TestClock(NOW);
const held = useDatabase(clock);
let city: SmallCity;
let built = false;

beforeEach(async () => {
  const { db } = held;
  if (!built) city = await buildSmallCity(db);
  built = true;
  await db.query('truncate warning, warning_comment, episode, reading, transformer_state, corrective_action cascade');
  await db.query(
    `update asset set capacity_kva = 315, tap_position = 3, tap_count = 5, tap_step_percent = 2.5 where kind = 'transformer'`,
  );
  clock.set(NOW);
});

/** An episode as telemetry writes it: the row and its entry. */
async function lowOn(transformerId: number, phase: 'A' | 'B' | 'C' = 'A'): Promise<void> {
  const { db } = held;
  const [row] = await db.query<{ id: number }>(
    `insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, worst_value,
       evidence, policy_version)
     values ($1, 'low_voltage', $2, 'minor', $3, $3, $3, 196, '{}', 1) returning id`,
    [transformerId, phase, new Date(EVENING)],
  );
  const entry: NewJournalEntry = {
    type: 'episode_opened',
    subjectType: 'episode',
    subjectId: row?.id ?? 0,
    happenedAt: EVENING,
    data: {
      transformerId,
      kind: 'low_voltage',
      phase,
      severity: 'minor',
      startedAt: EVENING,
      endedAt: null,
      worstValue: 196,
      policyVersion: 1,
    },
  };
  await appendAll(db, entry);
}

async function follow(): Promise<void> {
  await catchUp(held.db, followerOf(POLICY));
  await catchUp(held.db, adviceFollower({ at: () => POLICY }, 'Asia/Shanghai'));
}

async function adviceOf(transformerId: number) {
  const [row] = await held.db.query<{ id: number }>(`select id from warning where subject_id = $1`, [transformerId]);
  return findWarning(held.db, row?.id ?? 0);
}

const WEEK = { from: NOW - 7 * DAY_MS, to: NOW, eveningV: 196, otherV: 215 };

describe('advice on a warning of voltage', () => {
  it('computes the tap from a week of readings, and tells it once', async () => {
    const { db } = held;
    const [t1 = 0, ...others] = city.transformers;
    await insertVoltages(db, [t1], WEEK);
    await insertVoltages(db, others, { ...WEEK, eveningV: 212 });
    await lowOn(t1);
    await lowOn(t1, 'B');
    await lowOn(t1, 'C');
    await follow();
    const { advised, advice, id } = await adviceOf(t1);
    expect(advised.map(({ kind }) => kind)).toEqual(['tap']);
    expect(advised[0]?.text).toContain('由 III 档调到 IV 档（低往低调）：预计 201 至 220.5 V');
    expect(advised[0]?.arithmetic[0]).toMatchObject({
      values: { A: '196, 215 V', lowestHour: 18 },
      result: '196 .. 215 V',
    });
    expect(advice).toEqual([advised[0]?.text]);
    const { items } = await findWarnings(db, {
      params: undefined,
      query: { limit: 10, brief: false },
      body: undefined,
    });
    expect(items.find((one) => one.id === id)?.advice).toEqual(advice);
    const told = async () =>
      (await journalOf(db, ['warning_changed'])).filter(
        (entry) => entry.subjectId === id && entry.type === 'warning_changed' && entry.data.changed.includes('advice'),
      ).length;
    const before = await told();
    await appendAll(db, {
      type: 'warning_changed',
      subjectType: 'warning',
      subjectId: id,
      happenedAt: NOW,
      data: {
        kind: 'low_voltage',
        severity: 'minor',
        status: 'open',
        subjectType: 'transformer',
        subjectId: t1,
        assetId: t1,
        outageId: null,
        changed: ['evidence.phases'],
        why: '',
        whyEn: '',
      },
    });
    await follow();
    expect([before, await told()]).toEqual([1, 1]);
  });

  it('tells the amperes to move from a phase that alone is low and heavy', async () => {
    const [t1 = 0] = city.transformers;
    await insertVoltages(held.db, [t1], { ...WEEK, onlyA: true, amperes: [200, 80, 80] });
    await lowOn(t1);
    await follow();
    const { advised } = await adviceOf(t1);
    expect(advised.map(({ kind }) => kind)).toEqual(['phase_balance']);
    expect(advised[0]?.text).toContain('从 A 相调 40 A 到');
  });

  it('advises to shift load from a transformer that carries more than 80 % for two hours', async () => {
    const [t1 = 0] = city.transformers;
    // 3 x 215 V x 450 A = 290 kVA of 315.
    await insertVoltages(held.db, [t1], { ...WEEK, amperes: [450, 450, 450] });
    for (const phase of ['A', 'B', 'C'] as const) await lowOn(t1, phase);
    await follow();
    const { advised } = await adviceOf(t1);
    expect(advised.map(({ kind }) => kind)).toEqual(['load_shift']);
    expect(advised[0]?.arithmetic[0]).toMatchObject({ values: { peakKva: 290.3 }, result: '92.1 % >= 80 %' });
  });

  it('finds no fixed tap where it is low in the evening and high at other hours', async () => {
    const [t1 = 0] = city.transformers;
    await insertVoltages(held.db, [t1], { ...WEEK, eveningV: 192, otherV: 238 });
    for (const phase of ['A', 'B', 'C'] as const) await lowOn(t1, phase);
    await follow();
    expect((await adviceOf(t1)).advised.map(({ kind }) => kind)).toEqual(['no_fixed_tap']);
  });

  it('points to the HV side once half of the feeder is low, also in the warnings that came first', async () => {
    const [t1 = 0, t2 = 0] = city.transformers;
    await insertVoltages(held.db, city.transformers, WEEK);
    await lowOn(t1);
    await follow();
    expect((await adviceOf(t1)).advised.map(({ kind }) => kind)).not.toContain('hv_side');
    await lowOn(t2);
    await follow();
    for (const id of [t1, t2]) {
      const { advised } = await adviceOf(id);
      expect(advised).toMatchObject([
        { kind: 'hv_side', text: expect.stringContaining('4 台有量测台区中 2 台') as unknown },
      ]);
    }
  });

  it('advises on chronic low voltage by the whole week', async () => {
    const { db } = held;
    const [t1 = 0] = city.transformers;
    await insertVoltages(db, [t1], { ...WEEK, onlyA: true, amperes: [200, 80, 80] });
    const [row] = await db.query<{ id: number }>(
      `insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, asset_id, title,
         happened_at, known_at, evidence, policy_version)
       values ('chronic_voltage', 'minor', 'transformer', $1::integer, 'T1', '名T1', 'north', $1::integer, '', $2, $2, '{}', 1) returning id`,
      [t1, new Date(NOW)],
    );
    await appendAll(db, {
      type: 'warning_raised',
      subjectType: 'warning',
      subjectId: row?.id ?? 0,
      happenedAt: NOW,
      data: {
        kind: 'chronic_voltage',
        severity: 'minor',
        status: 'open',
        subjectType: 'transformer',
        subjectId: t1,
        assetId: t1,
        outageId: null,
      },
    });
    await follow();
    const { advised } = await adviceOf(t1);
    // The phase and its current come from all evenings of the week.
    expect(advised.map(({ kind }) => kind)).toEqual(['phase_balance']);
  });

  it('computes nothing from a few hours', async () => {
    const [t1 = 0] = city.transformers;
    await insertVoltages(held.db, [t1], { ...WEEK, from: NOW - 5 * HOUR_MS });
    await lowOn(t1);
    await follow();
    const { id, advised, advice } = await adviceOf(t1);
    expect(advised.map(({ kind }) => kind)).toEqual(['insufficient_data']);
    // The first steps stay until there is something better.
    expect(advice[0]).toBe(advised[0]?.text);
    expect(advice.slice(1).join()).toContain('核对三相负荷');

    // Measured on: advised on again when enough hours are there, though nothing else of the warning changed.
    const reviews = () =>
      held.db.query<{ state: string; dueAt: number; source: string }>(
        `select state, due_at as "dueAt", receipt ->> 'source' as source from deadline where kind = 'advice' and subject_id = $1`,
        [id],
      );
    const [review] = await reviews();
    expect(review).toMatchObject({ state: 'pending', source: POLICY.sources['advice.minimumHours'] });
    expect(review?.source).toMatch(/^own: /);
    await insertVoltages(held.db, [t1], { ...WEEK, from: NOW, to: review?.dueAt ?? NOW });
    clock.set(review?.dueAt ?? NOW);
    await sweep(held.db);
    await follow();
    const later = await adviceOf(t1);
    expect(later.advised.map(({ kind }) => kind)).not.toContain('insufficient_data');
    expect(later.advice).toEqual(later.advised.map(({ text }) => text));
  });

  it('waits for no more hours once the warning is over', async () => {
    const [t1 = 0] = city.transformers;
    await insertVoltages(held.db, [t1], { ...WEEK, from: NOW - 5 * HOUR_MS });
    await lowOn(t1);
    await follow();
    const [episode] = await held.db.query<{ id: number }>(
      'update episode set ended_at = $2 where transformer_id = $1 returning id',
      [t1, new Date(NOW)],
    );
    await appendAll(held.db, {
      type: 'episode_closed',
      subjectType: 'episode',
      subjectId: episode?.id ?? 0,
      happenedAt: NOW,
      data: {
        transformerId: t1,
        kind: 'low_voltage',
        phase: 'A',
        severity: 'minor',
        startedAt: EVENING,
        endedAt: NOW,
        worstValue: 196,
        policyVersion: 1,
      },
    });
    await follow();
    expect(
      await held.db.query(
        `select d.state from deadline d join warning w on w.id = d.subject_id and d.kind = 'advice' where w.subject_id = $1`,
        [t1],
      ),
    ).toEqual([{ state: 'cancelled' }]);
  });
});

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
