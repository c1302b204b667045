import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../../src/domain/instants.js';
import { expectedTimes } from '../../../src/domain/service-quality/expected-time.js';
import { PARTS_OF, rate } from '../../../src/domain/service-quality/rating.js';
import type { Part, Role } from '../../../src/domain/service-quality/rating.js';
import { loadClassesOf } from '../../../src/domain/service-quality/service-case.js';
import type { ServiceCase } from '../../../src/domain/service-quality/service-case.js';
import { figuresOf, judgeCases } from '../../../src/domain/service-quality/service-figures.js';
import { builtInPolicyFile, readPolicyFile } from '../../../src/policy-file.js';

const { policy } = readPolicyFile(builtInPolicyFile('csg'));
const T0 = Date.parse('2026-07-01T08:00:00+08:00');
const at = (minutes: number): number => T0 + minutes * MINUTE_MS;

let orders = 0;
/** An order reported at minute `start`, with legs so many minutes after it. */
function order(start: number, given: Partial<Omit<ServiceCase, 'startedAt'>> & { took?: number } = {}): ServiceCase {
  orders += 1;
  const { took = 100, ...rest } = given;
  return {
    orderId: orders,
    jobId: orders,
    crew: '一班',
    unit: '城东所',
    agent: '0012',
    area: '城东',
    setting: 'urban',
    extent: 'premises',
    startedAt: at(start),
    dispatchedAt: at(start + 4),
    arrivedAt: at(start + 40),
    restoredAt: at(start + took),
    calledBackAt: at(start + took + 30),
    outcome: 'satisfied',
    round: 1,
    wentBack: false,
    isReportedAgain: false,
    ...rest,
  };
}

const NOW = at(100_000);
const figures = (role: Role, cases: readonly ServiceCase[], reference = cases) =>
  figuresOf(role, judgeCases(cases, reference, policy, NOW), [], policy, NOW);

describe('the load of a time', () => {
  it('is by how many other orders of the area were open', () => {
    const many = Array.from({ length: 30 }, (_, index) => order(index, { took: 500 }));
    const alone = order(10_000);
    const elsewhere = order(20, { area: '城西' });
    const classes = loadClassesOf([...many, alone, elsewhere], { busyFrom: 5, stormFrom: 20 });
    expect(many.map(({ orderId }) => classes.get(orderId))).toEqual(
      many.map((_, index) => (index >= 20 ? 'storm' : index >= 5 ? 'busy' : 'calm')),
    );
    expect([alone, elsewhere].map(({ orderId }) => classes.get(orderId))).toEqual(['calm', 'calm']);
  });
});

describe('the expected time', () => {
  it('is the mean of like cases, and of a wider group where they are few', () => {
    const town = Array.from({ length: 20 }, (_, index) => order(index * 1_000, { took: 60 }));
    const country = Array.from({ length: 20 }, (_, index) =>
      order(index * 1_000 + 300, { took: 180, setting: 'rural', area: '乡' }),
    );
    const rare = order(50_000, { took: 600, setting: 'rural', extent: 'area', area: '乡' });
    const expected = expectedTimes([...town, ...country, rare], new Map(), 20);
    expect(expected(order(0))).toMatchObject({
      minutes: 60,
      cases: 20,
      like: { setting: 'urban', extent: 'premises' },
    });
    expect(expected(rare)).toMatchObject({ minutes: 200, cases: 21, like: { setting: 'rural', load: 'calm' } });
  });

  it('makes remote places and storms no fault of the crew', () => {
    const remote = Array.from({ length: 20 }, (_, index) =>
      order(index * 2_000, { took: 400, setting: 'remote', crew: '山区班', area: '山' }),
    );
    const town = Array.from({ length: 20 }, (_, index) => order(index * 2_000, { took: 80, crew: '城区班' }));
    const all = [...remote, ...town];
    const mountain = figures('crew', remote, all);
    const city = figures('crew', town, all);
    expect(mountain.actualMinutes).toBeCloseTo(400);
    expect(mountain.rating.parts.find(({ part }) => part === 'time')?.value).toBeCloseTo(1);
    expect(city.rating.parts.find(({ part }) => part === 'time')?.value).toBeCloseTo(1);
  });
});

describe('the figures', () => {
  it('count legs by job and words by call', () => {
    const first = order(0);
    const second = { ...order(10, { outcome: 'unsatisfied' }), jobId: first.jobId };
    expect(figures('unit', [first, second])).toMatchObject({
      cases: 2,
      jobs: 1,
      arrivalPromise: { met: 1, of: 1 },
      satisfied: { met: 1, of: 2 },
    });
  });

  it('count two jobs at once as one time', () => {
    const both = [order(0, { took: 100 }), order(50, { took: 100 })];
    // 4 to 100 and 54 to 150
    expect(figures('crew', both).effectiveMinutes).toBe(146);
  });

  it.each([
    ['arrived within 45 min in a town', { arrivedAt: at(45) }, { met: 1, of: 1 }, { met: 1, of: 1 }],
    ['arrived after the promise, within the regulation', { arrivedAt: at(50) }, { met: 0, of: 1 }, { met: 1, of: 1 }],
    ['arrived after both', { arrivedAt: at(61) }, { met: 0, of: 1 }, { met: 0, of: 1 }],
    [
      'not there yet, the limit has passed',
      { arrivedAt: null, restoredAt: null },
      { met: 0, of: 1 },
      { met: 0, of: 1 },
    ],
    [
      'nobody booked the arrival, supply was back',
      { arrivedAt: null, restoredAt: at(30) },
      { met: 1, of: 1 },
      { met: 1, of: 1 },
    ],
  ])('%s', (_, given, arrivalPromise, arrivalRegulation) => {
    expect(figures('crew', [order(0, given)])).toMatchObject({ arrivalPromise, arrivalRegulation });
  });

  it('leave open what cannot be said yet', () => {
    const fresh = order(0, {
      dispatchedAt: null,
      arrivedAt: null,
      restoredAt: null,
      calledBackAt: null,
      outcome: null,
    });
    const judged = judgeCases([fresh], [fresh], policy, at(3));
    expect(figuresOf('unit', judged, [], policy, at(3))).toMatchObject({
      dispatch: { of: 0 },
      arrivalPromise: { of: 0 },
      firstFix: { of: 0 },
      satisfied: { of: 0 },
      actualMinutes: null,
    });
  });

  it('call a fault that came back, or went back, not fixed', () => {
    const back = order(2_000, { wentBack: true, outcome: 'unsatisfied' });
    const mended = order(3_000, { orderId: back.orderId, round: 2 });
    const cases = [order(0), order(1_000, { isReportedAgain: true }), back, mended];
    expect(figures('crew', cases)).toMatchObject({
      cases: 3,
      firstFix: { met: 1, of: 3 },
      satisfied: { met: 3, of: 4 },
    });
    expect(figures('crew', [mended]).firstFix).toEqual({ met: 0, of: 0 });
  });

  it('count requests passed on within ten minutes', () => {
    const requests = [
      { agent: 'a', confirmedAt: at(0), passedOnAt: at(10) },
      { agent: 'a', confirmedAt: at(0), passedOnAt: at(11) },
      { agent: 'a', confirmedAt: at(0), passedOnAt: null },
    ];
    expect(figuresOf('agent', [], requests, policy, at(30)).passOn).toEqual({ met: 1, of: 3 });
    expect(figuresOf('agent', [], requests, policy, at(5)).passOn).toEqual({ met: 1, of: 2 });
  });
});

describe('the rating', () => {
  const full = (value: number): Partial<Record<Part, { value: number; cases: number }>> => ({
    arrival: { value, cases: 10 },
    time: { value, cases: 10 },
    firstFix: { value, cases: 10 },
    satisfaction: { value, cases: 10 },
  });

  it.each([
    [1, 100, 5],
    [0.9, 90, 5],
    [0.85, 85, 4],
    [0.75, 75, 3],
    [0.6, 60, 2],
    [0.1, 10, 1],
  ])('of parts that are all %d is %d points and %d stars', (value, score, stars) => {
    const rating = rate('crew', full(value), policy.serviceQuality);
    expect(rating.score).toBeCloseTo(score);
    expect(rating.stars).toBe(stars);
  });

  it('is none where too few cases speak', () => {
    const few = {
      ...full(1),
      arrival: { value: 1, cases: 4 },
      firstFix: { value: 1, cases: 4 },
      time: { value: 1, cases: 4 },
    };
    expect(rate('crew', few, policy.serviceQuality)).toMatchObject({ score: null, stars: null });
  });

  it('never falls when a part gets better, and stays between 0 and 100', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const roles = fc.constantFrom(...(Object.keys(PARTS_OF) as Role[]));
    fc.assert(
      fc.property(
        roles,
        fc.array(share, { minLength: 7, maxLength: 7 }),
        fc.nat(6),
        share,
        (role, values, index, better) => {
          const parts = PARTS_OF[role];
          const of = (given: readonly number[]) =>
            rate(
              role,
              Object.fromEntries(parts.map((part, place) => [part, { value: given[place] ?? 0, cases: 10 }])),
              policy.serviceQuality,
            ).score ?? 0;
          const raised = values.map((value, place) => (place === index ? Math.max(value, better) : value));
          expect(of(raised)).toBeGreaterThanOrEqual(of(values) - 1e-9);
          expect(of(raised)).toBeLessThanOrEqual(100 + 1e-9);
        },
      ),
    );
  });
});
