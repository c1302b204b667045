import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/instants.js';
import { PolicyTimeline } from '../../../src/domain/policy-in-force.js';
import { afterCallback } from '../../../src/domain/repairs/callback.js';
import { jobFor } from '../../../src/domain/repairs/job-grouping.js';
import type { OpenJob } from '../../../src/domain/repairs/job-grouping.js';
import { hazardIn, knownCauseOf, wordsFor } from '../../../src/domain/repairs/known-cause.js';
import { repairClocks } from '../../../src/domain/repairs/repair-clocks.js';
import type { ClockedOrder } from '../../../src/domain/repairs/repair-clocks.js';
import { currentLegs, LEGS, NO_LEGS, refuseLeg } from '../../../src/domain/repairs/repair-legs.js';
import type { LegBooking } from '../../../src/domain/repairs/repair-legs.js';
import { restorationOf } from '../../../src/domain/repairs/restoration.js';
import type { DeadInterval } from '../../../src/domain/repairs/restoration.js';
import { routeTo } from '../../../src/domain/repairs/routing.js';
import type { Route } from '../../../src/domain/repairs/routing.js';
import type { SupplyAnswer } from '../../../src/domain/accounts/supply-answer.js';
import { builtInPolicyFile, readPolicyFile } from '../../../src/policy-file.js';

const T0 = Date.parse('2026-07-15T10:00:00+08:00');
const min = (minutes: number): number => T0 + minutes * MINUTE_MS;
const inForce = (profile: 'csg' | 'sgcc') =>
  new PolicyTimeline([{ ...readPolicyFile(builtInPolicyFile(profile)), version: 1, effectiveFrom: 0 }]).at(0);
const csg = inForce('csg');

describe('the known-cause question', () => {
  const outage = (state: 'suspected' | 'confirmed', nature: 'fault' | 'rationing'): SupplyAnswer['cause'] => ({
    kind: 'outage',
    fact: { id: 7, state, nature, cause: '', startedAt: T0, endedAt: null, estimatedRestorationAt: null },
  });
  const cut = (reason: 'arrears' | 'violation' | 'theft'): SupplyAnswer['cause'] => ({
    kind: 'disconnection',
    fact: { id: 3, reason, disconnectedAt: T0, claimedAt: null, claimedBy: null, order: null },
  });
  const claimed: SupplyAnswer['cause'] = {
    kind: 'disconnection',
    fact: { id: 3, reason: 'arrears', disconnectedAt: T0, claimedAt: T0 + HOUR_MS, claimedBy: '一班', order: null },
  };
  const plan = (nature: 'planned' | 'temporary'): SupplyAnswer['cause'] => ({
    kind: 'planned',
    fact: { id: 5, nature, reason: '', startsAt: T0, endsAt: T0 + HOUR_MS },
  });

  it.each([
    ['a confirmed fault outage', 'dead', outage('confirmed', 'fault'), 'fault'],
    ['rationing', 'dead', outage('confirmed', 'rationing'), 'rationing'],
    ['an outage that is only suspected: a crew must look', 'unknown', outage('suspected', 'fault'), null],
    [
      'an outage while the transformer is measured live: the fault is behind it',
      'live',
      outage('confirmed', 'fault'),
      null,
    ],
    ['a planned work that runs', 'dead', plan('planned'), 'planned'],
    ['a temporary work on a silent transformer', 'unknown', plan('temporary'), 'temporary'],
    ['a planned work while the transformer is live', 'live', plan('planned'), null],
    ['a cut for arrears', 'dead', cut('arrears'), 'arrears'],
    ['a cut that a crew says it ended: the caller has no supply, so somebody must look', 'unknown', claimed, null],
    ['a cut for breach of contract', 'dead', cut('violation'), 'violation'],
    ['a cut for theft', 'dead', cut('theft'), 'theft'],
    ['a dead transformer without an outage', 'dead', { kind: 'dead' }, null],
    ['silence', 'unknown', { kind: 'silent' }, null],
    ['nothing at all', 'live', { kind: 'none' }, null],
  ] as const)('answers %s', (_, supply, cause, expected) => {
    expect(knownCauseOf({ supply, cause, estimatedRestorationAt: null })?.cause ?? null).toBe(expected);
  });

  it.each([
    ['门口电线杆断线了', '断线'],
    ['变压器冒烟，没电', '冒烟'],
    ['洗衣机麻电', '麻电'],
    ['the wire is down in the street', 'wire is down'],
    ['sparks at the pole', null],
    ['家里没电', null],
    ['lights out since noon', null],
  ])('hears danger in "%s": %s', (symptom, word) => {
    expect(hazardIn(symptom)?.toLowerCase() ?? null).toBe(word);
  });

  it('tells who was cut for theft or breach how supply returns, in both languages, and never sends a crew', () => {
    for (const reason of ['violation', 'theft'] as const) {
      const answer: SupplyAnswer = { supply: 'dead', cause: cut(reason), estimatedRestorationAt: null };
      expect(wordsFor(answer, 'zh-CN', 12).join('\n')).toMatch(/营业厅[\s\S]*申请恢复供电/);
      expect(wordsFor(answer, 'en', 12).join('\n')).toMatch(/no crew[\s\S]*counter[\s\S]*re-supply/);
    }
  });
});

describe('the legs of a crew', () => {
  const legs = { ...NO_LEGS, dispatched: min(4), arrived: min(30) };

  it.each([
    ['dispatch before the report', { leg: 'dispatched', at: min(-1) }, 'before_report'],
    ['dispatch within the minute of the report', { leg: 'dispatched', at: T0 + 1 }, null],
    ['arrival before dispatch', { leg: 'arrived', at: min(3) }, 'before_earlier_leg'],
    ['dispatch after arrival', { leg: 'dispatched', at: min(31) }, 'after_later_leg'],
    ['repair before arrival', { leg: 'repaired', at: min(29) }, 'before_earlier_leg'],
    ['repair after arrival', { leg: 'repaired', at: min(90) }, null],
    ['a correction of the arrival', { leg: 'arrived', at: min(25) }, null],
    ['the future', { leg: 'repaired', at: min(200) }, 'in_the_future'],
    ['a clock that is a little ahead', { leg: 'repaired', at: min(124) }, null],
  ] as const)('judges %s', (_, given, reason) => {
    expect(refuseLeg(given, legs, T0 + 30_000, min(120), 5 * MINUTE_MS)?.reason ?? null).toBe(reason);
  });

  const bookings = fc.array(
    fc.record({ leg: fc.constantFrom(...LEGS), at: fc.integer({ min: 0, max: 300 }), by: fc.constant('x') }),
    { maxLength: 12 },
  );
  it('the newest booking of each leg stands, in whatever order they are read', () => {
    fc.assert(
      fc.property(bookings, fc.integer(), (given, turn) => {
        const numbered: LegBooking[] = given.map((one, id) => ({ ...one, id }));
        const turned = numbered.map((_, index) => numbered[(index + Math.abs(turn)) % numbered.length] as LegBooking);
        expect(currentLegs(turned)).toEqual(currentLegs(numbered));
        for (const leg of LEGS)
          expect(currentLegs(numbered)[leg]).toBe(numbered.findLast((one) => one.leg === leg)?.at ?? null);
      }),
    );
  });

  it('what is accepted one by one is always in order: report, dispatch, arrival, repair', () => {
    fc.assert(
      fc.property(bookings, (given) => {
        const taken: LegBooking[] = [];
        for (const [id, one] of given.entries()) {
          const at = min(one.at);
          if (refuseLeg({ leg: one.leg, at }, currentLegs(taken), T0, min(240), 0) === null)
            taken.push({ ...one, at, id });
        }
        const now = currentLegs(taken);
        const inOrder = [T0, now.dispatched, now.arrived, now.repaired].filter((one) => one !== null);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
        expect(Math.max(...inOrder)).toBeLessThanOrEqual(min(240));
      }),
    );
  });
});

describe('the clocks of an order', () => {
  const order: ClockedOrder = {
    startedAt: T0,
    setting: 'urban',
    settingKnown: true,
    legs: NO_LEGS,
    restoredAt: null,
    calledBackAt: null,
  };
  const dueOf = (over: Partial<ClockedOrder>, { policy, sources } = csg): Record<string, number> =>
    Object.fromEntries(
      repairClocks({ ...order, ...over }, policy, sources).map(({ kind, stages }) => [
        kind,
        ((stages.at(-1)?.dueAt ?? 0) - T0) / MINUTE_MS,
      ]),
    );

  it.each([
    ['csg', 'urban', 45, 60, 4],
    ['csg', 'rural', 90, 120, 5],
    ['csg', 'remote', 120, 240, 5],
    ['sgcc', 'urban', 45, 60, 3],
    ['sgcc', 'rural', 90, 120, 4],
    ['sgcc', 'remote', 120, 240, 4],
  ] as const)(
    '%s, %s: promise %d min, regulation %d min, %d h from arrival',
    (profile, setting, promise, regulation, hours) => {
      expect(dueOf({ setting, legs: { ...NO_LEGS, arrived: min(40) } }, inForce(profile))).toEqual({
        repair_dispatch: 5,
        repair_arrival_promise: promise,
        repair_arrival_regulation: regulation,
        repair_restoration: 40 + hours * 60,
      });
    },
  );

  it('a later leg proves the earlier ones that nobody booked', () => {
    const clocks = repairClocks({ ...order, legs: { ...NO_LEGS, arrived: min(20) } }, csg.policy, csg.sources);
    expect(clocks.find(({ kind }) => kind === 'repair_dispatch')?.endedAt).toBe(min(20));
  });

  it('says that the place is not in the register, and takes the strictest limit', () => {
    const clocks = repairClocks({ ...order, settingKnown: false }, csg.policy, csg.sources);
    const promise = clocks.find(({ kind }) => kind === 'repair_arrival_promise')?.stages.at(-1)?.receipt.source;
    expect(promise).toContain('not in the register');
    expect(clocks[0]?.stages.at(-1)?.receipt.source).not.toContain('not in the register');
  });

  it('has a stage before each limit', () => {
    for (const { stages } of repairClocks(
      { ...order, restoredAt: min(60), legs: { ...NO_LEGS, arrived: min(9) } },
      csg.policy,
      csg.sources,
    )) {
      expect(stages.map(({ stage }) => stage)).toEqual(['75%', 'due']);
      expect(stages[0]?.dueAt).toBeLessThan(stages[1]?.dueAt ?? 0);
    }
  });
});

describe('when supply came back', () => {
  const dead = (from: number, to: number | null, endedLive = to !== null): DeadInterval => ({
    startedAt: min(from),
    endedAt: to === null ? null : min(to),
    endedLive,
  });
  it.each([
    ['no loss was measured: the word stands alone', [], 50, { at: min(50), source: 'claimed' }],
    ['no loss and no word', [], null, null],
    [
      'measured power proves the repair, earlier than the word',
      [dead(-5, 40)],
      50,
      { at: min(40), source: 'observed' },
    ],
    ['measured power without any word', [dead(-5, 40)], null, { at: min(40), source: 'observed' }],
    ['still dead: the word is contradicted', [dead(-5, null)], 50, null],
    ['a call just before the terminal noticed', [dead(10, 40)], null, { at: min(40), source: 'observed' }],
    [
      'power that came and went while the crew tried',
      [dead(-5, 20), dead(25, 60)],
      null,
      { at: min(60), source: 'observed' },
    ],
    [
      'a loss long after the repair is another fault',
      [dead(-5, 20), dead(300, null)],
      25,
      { at: min(20), source: 'observed' },
    ],
    ['a loss long after the call explains nothing of it', [dead(120, 200)], 50, { at: min(50), source: 'claimed' }],
    ['over before the call: the customer is still out', [dead(-60, -30)], null, null],
    ['one stretch within another: the end of the longer one counts', [dead(-3, 5, false), dead(-2, -1)], null, null],
    ['dead, then silent: nothing is proven', [dead(-5, 30, false)], null, null],
  ] as const)('%s', (_, intervals, claimed, expected) => {
    expect(restorationOf(intervals, T0, claimed === null ? null : min(claimed))).toEqual(expected);
  });

  it('does not depend on the order in which the stretches became known', () => {
    const interval = fc.tuple(
      fc.integer({ min: -60, max: 300 }),
      fc.option(fc.integer({ min: 1, max: 90 })),
      fc.boolean(),
    );
    fc.assert(
      fc.property(
        fc.array(interval, { maxLength: 6 }),
        fc.option(fc.integer({ min: 0, max: 300 })),
        (given, claimed) => {
          const unique = new Map(
            given.map(([from, length, live]) => [
              from,
              dead(from, length === null ? null : from + length, length !== null && live),
            ]),
          );
          const intervals = [...unique.values()];
          const claimedAt = claimed === null ? null : min(claimed);
          const restored = restorationOf(intervals, T0, claimedAt);
          expect(restorationOf(intervals.toReversed(), T0, claimedAt)).toEqual(restored);
          if (restored?.source === 'observed')
            expect(intervals.some(({ endedAt, endedLive }) => endedLive && endedAt === restored.at)).toBe(true);
          if (restored !== null) expect(restored.at).toBeGreaterThanOrEqual(T0);
        },
      ),
    );
  });
});

describe('what follows', () => {
  const { repairs } = csg.policy;
  it.each([
    ['satisfied', { reached: true, satisfied: true }, 0, 1, { next: 'closed', outcome: 'satisfied' }],
    [
      'not satisfied the first time: back to the unit',
      { reached: true, satisfied: false },
      0,
      1,
      { next: 'back_to_unit' },
    ],
    [
      'not satisfied the second time',
      { reached: true, satisfied: false },
      0,
      2,
      { next: 'closed', outcome: 'unsatisfied' },
    ],
    ['not reached', { reached: false, satisfied: null }, 0, 1, { next: 'try_again', attemptsLeft: 2 }],
    ['not reached three times', { reached: false, satisfied: null }, 2, 1, { next: 'closed', outcome: 'not_reached' }],
  ] as const)('from a call back: %s', (_, call, attempts, round, expected) => {
    expect(afterCallback(call, { attempts, round }, repairs)).toEqual(expected);
  });

  const job: OpenJob = { id: 1, transformerId: 7, outageId: null, extent: 'several', reportedAt: T0 };
  const report = { transformerId: 7, outageId: null, extent: 'area', reportedAt: min(10) } as const;
  it.each([
    ['a neighbour of the same transformer', report, [job], 1],
    ['two premises: each has its own fault', { ...report, extent: 'premises' }, [{ ...job, extent: 'premises' }], null],
    [
      'one premises, but one outage holds both',
      { ...report, extent: 'premises', outageId: 4 },
      [{ ...job, outageId: 4, transformerId: 9 }],
      1,
    ],
    ['another transformer', { ...report, transformerId: 8 }, [job], null],
    ['a place that nobody knows', { ...report, transformerId: null }, [{ ...job, transformerId: null }], null],
    ['three hours later', { ...report, reportedAt: min(180) }, [job], null],
    ['another outage of the same transformer', { ...report, outageId: 5 }, [{ ...job, outageId: 4 }], null],
  ] as const)('a report joins a job: %s', (_, given, jobs, expected) => {
    expect(jobFor(given, jobs, repairs.sameJobMinutes).jobId).toBe(expected);
  });

  const routes: Route[] = [
    { business: 'metering', area: '城东', unit: '计量班', person: '甲' },
    { business: 'metering', area: '', unit: '计量中心', person: null },
    { business: 'default', area: '城西', unit: '城西供电所', person: null },
  ];
  it.each([
    ['metering', '城东', '计量班', 'business_and_area'],
    ['metering', '城西', '计量中心', 'business'],
    ['refund', '城西', '城西供电所', 'default'],
    ['refund', '城东', null, null],
  ] as const)('%s in %s goes to %s', (business, area, unit, why) => {
    const routed = routeTo(business, area, routes);
    expect(routed.route?.unit ?? null).toBe(unit);
    if (routed.route === null) expect(routed.why.zh).toContain('没有责任单位');
    else expect(routed.why).toBe(why);
  });
});
