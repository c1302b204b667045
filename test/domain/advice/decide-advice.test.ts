import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AdviceLimits, ByPhase, Picture } from '../../../src/domain/advice/advice.js';
import { decideAdvice } from '../../../src/domain/advice/decide-advice.js';
import { shiftLoad } from '../../../src/domain/advice/load-shift.js';
import { balancePhases, unbalanceOf } from '../../../src/domain/advice/phase-balance.js';

const LIMITS: AdviceLimits = {
  lowV: 198,
  highV: 235.4,
  marginV: 2,
  minimumHours: 24,
  loadShare: 0.8,
  unbalanceShare: { Yyn0: 0.15, Dyn11: 0.25 },
  feederShare: 0.5,
  feederTransformers: 3,
};

const all = <Value>(value: Value): ByPhase<Value> => ({ A: value, B: value, C: value });
const NOW = Date.parse('2026-07-15T20:30:00+08:00');
const LOW = { lowShare: 1, highShare: 0, meanV: 194, meanA: 100 };
const GOOD = { lowShare: 0, highShare: 0, meanV: 221, meanA: 100 };

const picture = (over: Partial<Picture> = {}): Picture => ({
  kind: 'low_voltage',
  hours: 168,
  percentiles: all({ p05: 196, p95: 220 }),
  lowestHour: 20,
  highestHour: 4,
  abnormal: { readings: 60, lowAndHighShare: 0, phases: all(LOW) },
  peakKva: 150,
  capacityKva: 315,
  connection: 'Dyn11',
  tap: { position: 3, count: 5, stepPercent: 2.5 },
  neighbours: { measured: 5, alike: 0 },
  ...over,
});

const onePhase = (low: number, others: number): Picture['abnormal'] => ({
  readings: 60,
  lowAndHighShare: 0,
  phases: { A: { ...LOW, meanA: low }, B: { ...GOOD, meanA: others }, C: { ...GOOD, meanA: others } },
});

it('says what is missing before it can be computed, and from when on', () => {
  const [advice] = decideAdvice(picture({ hours: 5 }), LIMITS, NOW);
  expect(advice?.text).toContain('近 7 日有 5 小时量测，还差 19 小时');
  // 19 whole hours after the one that runs.
  expect(advice?.text).toContain('2026-07-16 16:00 给出建议');
  expect(advice?.textEn).toContain('19 h are missing');
});

describe('the order of decisions', () => {
  const spread = all({ p05: 192, p95: 240 });
  it.each<[string, Partial<Picture>, string[]]>([
    ['only this outgoing end is low and the load is small: tap', {}, ['tap']],
    ['most of the feeder is low with it: HV side', { neighbours: { measured: 5, alike: 3 } }, ['hv_side']],
    ['few of the feeder are low with it: tap', { neighbours: { measured: 5, alike: 1 } }, ['tap']],
    [
      'its only neighbour is low with it, too few for a feeder: tap',
      { neighbours: { measured: 1, alike: 1 } },
      ['tap'],
    ],
    ['the load reaches 80 %: load shift, no tap', { peakKva: 252 }, ['load_shift']],
    ['the load stays just below 80 %: tap', { peakKva: 251.9 }, ['tap']],
    ['the capacity is not registered: tap', { peakKva: 252, capacityKva: null }, ['tap']],
    ['one phase low that carries far more: phase balance', { abnormal: onePhase(200, 80) }, ['phase_balance']],
    ['one phase low that carries as much as the others: field check', { abnormal: onePhase(100, 95) }, ['field_check']],
    ['one phase low, 20 % unbalance, Dyn11: field check', { abnormal: onePhase(100, 80) }, ['field_check']],
    [
      'one phase low, 20 % unbalance, Yyn0: phase balance',
      { abnormal: onePhase(100, 80), connection: 'Yyn0' },
      ['phase_balance'],
    ],
    ['one phase low that carries less: field check', { abnormal: onePhase(50, 120) }, ['field_check']],
    [
      'one phase low and heavy on a full transformer: both, the phases first',
      { abnormal: onePhase(200, 80), peakKva: 300 },
      ['phase_balance', 'load_shift'],
    ],
    [
      'one phase low while another is high: neutral, whatever else',
      { abnormal: { readings: 9, lowAndHighShare: 0.9, phases: all(LOW) }, neighbours: { measured: 5, alike: 5 } },
      ['neutral'],
    ],
    ['low at the peak and high at noon: no fixed tap', { percentiles: spread }, ['no_fixed_tap']],
    [
      'full and too wide a range: load shift, and no fixed tap',
      { percentiles: spread, peakKva: 300 },
      ['load_shift', 'no_fixed_tap'],
    ],
    ['measured for less than a day: nothing is computed', { hours: 23 }, ['insufficient_data']],
    ['nothing measured at all', { percentiles: all(null) }, ['insufficient_data']],
    ['no tap in the register: its direction only', { tap: null }, ['tap_unregistered']],
    ['too wide a range without a tap in the register', { tap: null, percentiles: spread }, ['no_fixed_tap']],
    [
      'too high on a full transformer: the tap all the same',
      { kind: 'high_voltage', percentiles: all({ p05: 222, p95: 238 }), peakKva: 300 },
      ['tap'],
    ],
  ])('%s', (_, over, kinds) => {
    const advice = decideAdvice(picture(over), LIMITS, NOW);
    expect(advice.map(({ kind }) => kind)).toEqual(kinds);
    for (const { text, textEn, arithmetic, source } of advice) {
      expect([text, textEn, source].every((words) => words.length > 5)).toBe(true);
      expect(arithmetic.length).toBeGreaterThan(0);
    }
  });

  it('shows every tap with its range in the arithmetic', () => {
    const [tap] = decideAdvice(picture(), LIMITS, NOW);
    expect(tap?.text).toContain('由 III 档调到 IV 档（低往低调）：预计 201 至 225.6 V；最佳为 V 档，须分 2 次');
    expect(tap?.arithmetic.map(({ result }) => result)).toEqual([
      '196 .. 220 V',
      '1.122 <= 1.189',
      '186.7 .. 209.5 V, -11.3 V ✗',
      '191.2 .. 214.6 V, -6.8 V ✗',
      '196 .. 220 V, -2 V ✗',
      '201 .. 225.6 V, 3 V ✓',
      '206.3 .. 231.6 V, 3.8 V ✓',
    ]);
  });

  it('names the phases and the amperes to move', () => {
    const [balance] = decideAdvice(picture({ abnormal: onePhase(200, 80) }), LIMITS, NOW);
    expect(balance?.text).toContain('从 A 相调 40 A 到 C 相，从 A 相调 40 A 到 B 相');
    expect(balance?.arithmetic.at(-1)?.result).toBe('0 %');
  });
});

describe('balancing phases', () => {
  it('brings all phases to the mean in at most two moves, from above it to below it, and loses no ampere', () => {
    const amperes = fc.double({ min: 0, max: 900, noNaN: true });
    fc.assert(
      fc.property(fc.record({ A: amperes, B: amperes, C: amperes }), (currents) => {
        const mean = (currents.A + currents.B + currents.C) / 3;
        const { moves, after } = balancePhases(currents);
        expect(moves.length).toBeLessThanOrEqual(2);
        expect(after.A + after.B + after.C).toBeCloseTo(3 * mean, 6);
        for (const { from, to } of moves) expect(currents[from] > mean && currents[to] < mean).toBe(true);
        expect(unbalanceOf(after)).toBeLessThanOrEqual(unbalanceOf(currents) + 1e-9);
        for (const phase of ['A', 'B', 'C'] as const) expect(Math.abs(after[phase] - mean)).toBeLessThan(2);
      }),
    );
  });
});

describe('load shift', () => {
  it('of 300 kVA on 315 kVA is 48 kVA, 72.7 A per phase, or 400 kVA of capacity', () => {
    const shift = shiftLoad(300, 315, 0.8);
    expect(shift).toMatchObject({ neededKva: 400 });
    expect(shift?.load).toBeCloseTo(0.952, 3);
    expect(shift?.shiftKva).toBeCloseTo(48, 9);
    expect(shift?.shiftAmperes).toBeCloseTo(72.73, 2);
  });

  it('is nothing below the limit', () => {
    expect(shiftLoad(251.9, 315, 0.8)).toBeNull();
  });
});
