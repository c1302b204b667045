import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/domain/instants.js';
import { findWarnings } from '../../src/modules/warnings/warning-queries.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { EVENING, NOW, useAdvice, WEEK } from '../support/advice.js';
import { appendAll, journalOf, POLICY } from '../support/small-city.js';
import { insertVoltages } from '../support/voltages.js';

const { clock, held, city, lowOn, follow, adviceOf } = useAdvice();

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
