import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutageHistory, likelyFrom, outlookOf } from '../../src/domain/outage-outlook.js';
import type { KnownOutage, OutageCase } from '../../src/domain/outage-outlook.js';
import { chanceOfLonger, survivalCurve } from '../../src/domain/survival.js';
import type { Lasting } from '../../src/domain/survival.js';

const over = (minutes: number, cases = 1): Lasting => ({ minutes, isOver: true, cases });
const lasts = (minutes: number, cases = 1): Lasting => ({ minutes, isOver: false, cases });

describe('survival', () => {
  it('is the product-limit estimate, worked by hand', () => {
    // Ten cases. At 2: 10 at risk, 1 ends. At 3 one is lost sight of. At 5: 8 at risk, 2 end. At 7: 6, one lost, 1 ends first. At 9: 4, 1 ends.
    const cases = [over(2), lasts(3), over(5, 2), over(7), lasts(7), over(9), lasts(10, 3)];
    const { longer, beyond } = survivalCurve(cases, 10);
    const expected = [1, 1, 0.9, 0.9, 0.9, 0.9 * (6 / 8), 0.675, 0.675 * (5 / 6), 0.5625, 0.5625 * (3 / 4), 0.421875];
    longer.forEach((share, minute) => expect(share).toBeCloseTo(expected[minute] ?? -1, 12));
    expect(beyond).toEqual([10, 10, 9, 8, 8, 6, 6, 4, 4, 3, 0]);
    const chance = chanceOfLonger({ longer, beyond }, 5, 9);
    expect(chance).toMatchObject({ cases: 6, longer: 3 });
    expect(chance?.probability).toBeCloseTo(0.421875 / 0.675, 12);
  });

  it('of cases that are all over is the plain share', () => {
    const curve = survivalCurve([over(60, 50), over(300, 20), over(600, 30)], 480);
    expect(chanceOfLonger(curve, 0, 480)?.probability).toBeCloseTo(0.3, 12);
    expect(chanceOfLonger(curve, 60, 480)).toMatchObject({ cases: 50, longer: 30 });
    expect(chanceOfLonger(curve, 60, 480)?.probability).toBeCloseTo(0.6, 12);
    expect(chanceOfLonger(curve, 480, 480)).toEqual({ probability: 1, cases: 30, longer: 30 });
  });

  it('says nothing beyond the last case whose end nobody knows, nor without cases', () => {
    const curve = survivalCurve([over(10), lasts(60)], 480);
    expect(chanceOfLonger(curve, 0, 60)?.probability).toBe(0.5);
    expect(chanceOfLonger(curve, 0, 61)).toBeNull();
    expect(chanceOfLonger(survivalCurve([], 480), 0, 480)).toBeNull();
    expect(chanceOfLonger(survivalCurve([over(5)], 480), 5, 480)).toBeNull();
  });

  const anyCases = fc.array(
    fc.record({ minutes: fc.nat(40), isOver: fc.boolean(), cases: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 30 },
  );

  it('lies in [0, 1], grows with what has passed and falls with the limit', () => {
    fc.assert(
      fc.property(anyCases, fc.nat(30), fc.nat(30), fc.nat(30), (cases, a, b, limit) => {
        const curve = survivalCurve(cases, 40);
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        const first = chanceOfLonger(curve, early, limit);
        const then = chanceOfLonger(curve, late, limit);
        const further = chanceOfLonger(curve, early, limit + 10);
        for (const one of [first, then, further]) {
          if (one === null) continue;
          expect(one.probability).toBeGreaterThanOrEqual(0);
          expect(one.probability).toBeLessThanOrEqual(1);
          expect(one.longer).toBeLessThanOrEqual(Math.max(one.cases, one.longer));
        }
        if (first !== null && then !== null) expect(then.probability).toBeGreaterThanOrEqual(first.probability - 1e-12);
        if (first !== null && further !== null)
          expect(further.probability).toBeLessThanOrEqual(first.probability + 1e-12);
      }),
    );
  });

  it('does not depend on the order of the cases, nor on how they are counted together', () => {
    fc.assert(
      fc.property(anyCases, (cases) => {
        const single = cases.flatMap((one) => Array.from({ length: one.cases }, () => ({ ...one, cases: 1 })));
        const { longer, beyond } = survivalCurve(single.toReversed(), 40);
        const counted = survivalCurve(cases, 40);
        expect(counted.beyond).toEqual(beyond);
        counted.longer.forEach((share, minute) => {
          if (Number.isNaN(share)) expect(longer[minute]).toBeNaN();
          else expect(share).toBeCloseTo(longer[minute] ?? -1, 9);
        });
      }),
    );
  });
});

describe('the outlook of an outage', () => {
  const RULES = { limitMinutes: 480, minimumCases: 10 };
  const fault: KnownOutage = { nature: 'fault', setting: 'urban', cause: '', windowMinutes: null };
  const cases = (known: Partial<KnownOutage>, ...lastings: Lasting[]): OutageCase[] =>
    lastings.map((lasting) => ({ ...fault, ...known, ...lasting }));
  const history = new OutageHistory([
    ...cases({}, over(60, 60), over(600, 20)),
    ...cases({ setting: 'rural' }, over(60, 10), over(600, 10)),
    ...cases({ cause: '电缆故障' }, over(120, 2), over(700, 18)),
    ...cases({ nature: 'planned', windowMinutes: 360 }, over(350, 19), over(500, 1)),
    ...cases({ nature: 'planned', windowMinutes: 600 }, over(590, 12)),
  ]);

  it.each<[string, Partial<KnownOutage>, number, { probability: number; cases: number; basis: string[] } | null]>([
    [
      'goes by nature and setting',
      { setting: 'rural' },
      0,
      { probability: 0.5, cases: 20, basis: ['nature', 'setting'] },
    ],
    [
      'goes by the cause where it is known',
      { cause: '电缆故障' },
      0,
      { probability: 0.9, cases: 20, basis: ['nature', 'cause', 'setting'] },
    ],
    [
      'of a cause that is rare goes by the setting',
      { cause: '鸟害', setting: 'rural' },
      0,
      { probability: 0.5, cases: 20, basis: ['nature', 'setting'] },
    ],
    [
      'of a setting that is rare goes by all of its nature',
      { setting: 'remote' },
      0,
      { probability: 0.4, cases: 120, basis: ['nature'] },
    ],
    [
      'grows with every case that is over by now',
      { setting: 'rural' },
      60,
      { probability: 1, cases: 10, basis: ['nature', 'setting'] },
    ],
    [
      'of a work goes by works whose window is on the same side of the limit',
      { nature: 'planned', windowMinutes: 300 },
      0,
      { probability: 0.05, cases: 20, basis: ['nature', 'window', 'setting'] },
    ],
    ['is not guessed from too few', { nature: 'temporary' }, 0, null],
    ['is not guessed from too few that lasted as long', { nature: 'planned', windowMinutes: 300 }, 400, null],
    ['is a fact beyond the limit', { nature: 'temporary' }, 480, { probability: 1, cases: 0, basis: [] }],
  ])('%s', (_, known, elapsed, expected) => {
    const outlook = outlookOf(history, { ...fault, ...known }, elapsed, RULES);
    if (expected === null || outlook === null) expect(outlook).toBe(expected);
    else {
      expect(outlook).toMatchObject({ cases: expected.cases, basis: expected.basis });
      expect(outlook.probability).toBeCloseTo(expected.probability, 12);
    }
  });

  it('is known ahead: the first minute from which it is at least the share', () => {
    expect(likelyFrom(history, fault, 0, RULES, 0.5)).toMatchObject({ elapsedMinutes: 60, cases: 40, longer: 38 });
    expect(likelyFrom(history, { ...fault, nature: 'temporary' }, 0, RULES, 0.5)).toBeNull();
    fc.assert(
      fc.property(fc.nat(479), fc.double({ min: 0.1, max: 1, noNaN: true }), (from, share) => {
        const found = likelyFrom(history, fault, from, RULES, share);
        if (found === null) return;
        expect(found.probability).toBeGreaterThanOrEqual(share);
        for (let minute = from; minute < found.elapsedMinutes; minute += 1)
          expect(outlookOf(history, fault, minute, RULES)?.probability ?? 0).toBeLessThan(share);
      }),
      { numRuns: 30 },
    );
  });
});
