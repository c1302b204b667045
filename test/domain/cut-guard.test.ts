import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';
import { CUT_RULES } from '../../src/domain/reconnection/cut-facts.js';
import type { CutFacts, CutFinding, CutRule } from '../../src/domain/reconnection/cut-facts.js';
import { judgeCut } from '../../src/domain/reconnection/cut-guard.js';
import type { CutLaw } from '../../src/domain/reconnection/cut-law.js';
import type { Policy } from '../../src/domain/policy.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Wednesday. */
const CUT = Date.parse('2026-07-15T10:00:00+08:00');
const at = (text: string): number => Date.parse(`${text}+08:00`);

type Profile = 'csg' | 'sgcc';
const FILES = { csg: readPolicyFile(builtInPolicyFile('csg')), sgcc: readPolicyFile(builtInPolicyFile('sgcc')) };
const CALENDAR = {
  hours: [{ fromMinute: 480, toMinute: 1_080 }],
  years: new Map([
    [
      2026,
      {
        year: 2026,
        holidays: [{ from: '2026-10-01', to: '2026-10-07', zh: '国庆节', en: 'National Day' }],
        workingDays: ['2026-10-10'],
        source: 'test',
      },
    ],
  ]),
};
const lawOf = (profile: Profile, change: Partial<Policy['disconnection']> = {}): CutLaw => ({
  policy: { ...FILES[profile].policy.disconnection, ...change },
  sourceOf: (name) => FILES[profile].sources[`disconnection.${name}`] ?? 'policy',
  calendar: CALENDAR,
});

/** Every step taken, nothing in the way; 7 days' notice suits both profiles. */
const proper: CutFacts = {
  reason: 'arrears',
  plannedAt: CUT,
  disconnectedAt: null,
  cancelledAt: null,
  approvedBy: '李主任',
  noticeServedAt: CUT - 7 * DAY,
  finalNoticeAt: CUT - 30 * MINUTE,
  authorityInformedAt: null,
  category: 'residential',
  arrears: [{ dueOn: '2026-06-14', clearedAt: null }],
  dunning: [{ stage: 'phone', at: CUT - 10 * DAY, result: 'reached', promisedOn: null }],
  protections: [],
  outages: [],
  complaints: [],
  cuts: [],
};
/** The same proper cut at another instant. */
const properAt = (cutAt: number): Partial<CutFacts> => ({
  plannedAt: cutAt,
  noticeServedAt: cutAt - 7 * DAY,
  finalNoticeAt: cutAt - HOUR,
});
const step = (change: Partial<CutFacts['dunning'][number]>): CutFacts['dunning'] => [
  { stage: 'phone', at: CUT - 10 * DAY, result: 'reached', promisedOn: null, ...change },
];
const protect = (kind: CutFacts['protections'][number]['kind'], from: number, to: number | null) => ({
  protections: [{ id: 1, kind, from, to, scope: 'account' as const, why: '' }],
});
const find = (profile: Profile, change: Partial<CutFacts>): CutFinding[] =>
  judgeCut({ ...proper, ...change }, lawOf(profile));
const stepsOf = (findings: readonly CutFinding[]): string[] => findings.map((finding) => finding.step);

type Row = readonly [string, Partial<CutFacts>, readonly string[]];
const BOTH: readonly Row[] = [
  ['allows a cut with every step taken', {}, []],
  ['asks for a debt on record', { arrears: [] }, ['arrears']],
  ['refuses once the debt is paid', { arrears: [{ dueOn: '2026-06-14', clearedAt: CUT - 1 }] }, ['paid']],
  ['does not count what was paid after the cut', { arrears: [{ dueOn: '2026-06-14', clearedAt: CUT + 1 }] }, []],
  ['refuses on the thirtieth day overdue', { arrears: [{ dueOn: '2026-06-15', clearedAt: null }] }, ['overdue']],
  [
    'takes the oldest unpaid debt',
    {
      arrears: [
        { dueOn: '2026-07-01', clearedAt: null },
        { dueOn: '2026-05-01', clearedAt: null },
      ],
    },
    [],
  ],
  ['asks for collection', { dunning: [] }, ['dunning']],
  ['does not count collection of an older debt', { dunning: step({ at: at('2026-06-13T23:59:00') }) }, ['dunning']],
  ['does not count collection after the cut', { dunning: step({ at: CUT + MINUTE }) }, ['dunning']],
  ['does not count a call that nobody answered', { dunning: step({ result: 'not_reached' }) }, ['dunning_failed']],
  ['does not count a wrong number', { dunning: step({ result: 'wrong_contact' }) }, ['dunning_failed']],
  ['counts a message that was delivered', { dunning: step({ stage: 'remote', result: 'delivered' }) }, []],
  ['counts a customer who refuses', { dunning: step({ stage: 'onsite', result: 'refused' }) }, []],
  ['believes words that say none of the results', { dunning: step({ result: 'unclassified' }) }, []],
  [
    'waits for the day by which the customer promised to pay',
    { dunning: step({ result: 'promised', promisedOn: '2026-07-15' }) },
    ['payment_promised'],
  ],
  ['goes on when that day is over', { dunning: step({ result: 'promised', promisedOn: '2026-07-14' }) }, []],
  [
    'believes a promise for fifteen days at most',
    { dunning: step({ at: CUT - 16 * DAY, result: 'promised', promisedOn: '2026-09-01' }) },
    [],
  ],
  ['does not wait for a promise without a day', { dunning: step({ result: 'promised' }) }, []],
  ['asks for an approval', { approvedBy: null }, ['approval']],
  ['does not take blanks for an approval', { approvedBy: '  ' }, ['approval']],
  ['asks for a written notice', { noticeServedAt: null }, ['notice']],
  ['refuses a notice on the eighth day before', { noticeServedAt: at('2026-07-07T23:59:59') }, ['notice_too_early']],
  ['asks for the final notice', { finalNoticeAt: null }, ['final_notice']],
  ['refuses a final notice 29 min before', { finalNoticeAt: CUT - 29 * MINUTE }, ['final_notice_too_late']],
  ['refuses an important customer without the authority', { category: 'important' }, ['important_customer']],
  [
    'allows an important customer whose notice the authority has',
    { category: 'important', authorityInformedAt: CUT - 6 * DAY },
    [],
  ],
  ['never cuts life support', protect('life_support', CUT - DAY, null), ['life_support']],
  ['keeps a period of guaranteed supply', protect('supply_guarantee', CUT, CUT + 1), ['supply_guarantee']],
  ['allows the instant at which it ends', protect('supply_guarantee', CUT - DAY, CUT), []],
  ['allows the instant before it begins', protect('supply_guarantee', CUT + 1, CUT + DAY), []],
  ['spares hardship', protect('hardship', CUT - DAY, CUT + DAY), ['hardship']],
  ['spares people in extreme heat', protect('extreme_heat', CUT - DAY, CUT + DAY), ['extreme_heat']],
  ['does not cut during an outage', { outages: [{ id: 7, from: CUT - HOUR, to: null }] }, ['outage']],
  ['allows a cut once the outage is over', { outages: [{ id: 7, from: CUT - HOUR, to: CUT }] }, []],
  ['waits for a dispute', protect('dispute', CUT - DAY, null), ['dispute']],
  [
    'waits for an open complaint about the bill',
    { complaints: [{ id: 3, category: 'price_and_fee', receivedAt: CUT - DAY }] },
    ['dispute'],
  ],
  [
    'waits for an open complaint about the meter',
    { complaints: [{ id: 3, category: 'metering', receivedAt: CUT - DAY }] },
    ['dispute'],
  ],
  [
    'waits for an open complaint about the voltage',
    { complaints: [{ id: 3, category: 'supply_quality', receivedAt: CUT - DAY }] },
    ['voltage_complaint'],
  ],
  [
    'does not wait for complaints about something else, or made after the cut',
    {
      complaints: [
        { id: 3, category: 'service_conduct', receivedAt: CUT - DAY },
        { id: 4, category: 'metering', receivedAt: CUT + 1 },
      ],
    },
    [],
  ],
  ['does not cut in the evening', properAt(at('2026-07-15T17:00:00')), ['no_cut_hours']],
  ['cuts until a minute before', properAt(at('2026-07-15T16:59:00')), []],
  ['does not cut before eight', properAt(at('2026-07-15T07:59:00')), ['no_cut_hours']],
  ['does not cut on a Saturday', properAt(at('2026-07-18T10:00:00')), ['no_cut_day']],
  ['cuts on a Saturday that is worked (调休)', properAt(at('2026-10-10T10:00:00')), []],
  ['does not cut on a holiday', properAt(at('2026-10-01T10:00:00')), ['no_cut_day']],
  ['does not cut on the eve of a holiday', properAt(at('2026-09-30T10:00:00')), ['no_cut_eve']],
  ['does not cut twice', { cuts: [{ id: 5, from: CUT - DAY, to: null }] }, ['already_cut']],
  ['cuts again after a restoration', { cuts: [{ id: 5, from: CUT - 9 * DAY, to: CUT - 8 * DAY }] }, []],
  [
    'judges a cut that was done by the instant it was done',
    { noticeServedAt: CUT - 7 * DAY - HOUR, disconnectedAt: CUT - 10 * MINUTE },
    ['final_notice_too_late', 'cut_before_planned'],
  ],
  ['leaves the crew four hours', { disconnectedAt: CUT + 4 * HOUR }, []],
  ['refuses a cut long after the announced time', { disconnectedAt: CUT + 4 * HOUR + 1 }, ['cut_after_planned']],
  [
    'knows that the plan was called off',
    { disconnectedAt: CUT, cancelledAt: CUT - MINUTE },
    ['cut_after_cancellation'],
  ],
  [
    'cuts for violation by the same procedure, without a debt to collect',
    { reason: 'violation', arrears: [], dunning: [], approvedBy: null, noticeServedAt: null, finalNoticeAt: null },
    ['approval', 'notice', 'final_notice'],
  ],
  [
    'stops theft without approval and notice, at any hour',
    {
      reason: 'theft',
      arrears: [],
      dunning: [],
      approvedBy: null,
      noticeServedAt: null,
      finalNoticeAt: null,
      plannedAt: at('2026-07-18T23:00:00'),
    },
    [],
  ],
  [
    'does not cut life support even for theft',
    { reason: 'theft', ...protect('life_support', 0, null) },
    ['life_support'],
  ],
  [
    'names everything at once, whatever sort it is of',
    {
      arrears: [],
      dunning: [],
      approvedBy: null,
      noticeServedAt: null,
      finalNoticeAt: null,
      category: 'important',
      ...protect('life_support', 0, null),
      outages: [{ id: 7, from: 0, to: null }],
      complaints: [{ id: 3, category: 'supply_quality', receivedAt: 0 }],
      plannedAt: at('2026-07-18T22:00:00'),
      cuts: [{ id: 5, from: 0, to: null }],
    },
    [
      'already_cut',
      'arrears',
      'dunning',
      'approval',
      'notice',
      'important_customer',
      'final_notice',
      'life_support',
      'outage',
      'voltage_complaint',
      'no_cut_hours',
      'no_cut_day',
    ],
  ],
];
const ONLY: Readonly<Record<Profile, readonly Row[]>> = {
  csg: [
    ['allows a notice exactly three days before', { noticeServedAt: CUT - 3 * DAY }, []],
    ['refuses a notice a millisecond later', { noticeServedAt: CUT - 3 * DAY + 1 }, ['notice_too_late']],
    ['allows a notice on the seventh day before', { noticeServedAt: at('2026-07-08T00:00:00') }, []],
  ],
  sgcc: [
    ['refuses a notice six days before', { noticeServedAt: CUT - 6 * DAY }, ['notice_too_late']],
    ['allows a notice seven days before to the millisecond', { noticeServedAt: CUT - 7 * DAY }, []],
    ['leaves the whole seventh day before', { noticeServedAt: at('2026-07-08T00:00:00') }, []],
  ],
};

describe.each(['csg', 'sgcc'] as const)('the guard before a cut, profile %s', (profile) => {
  it.each([...BOTH, ...ONLY[profile]])('%s', (_, change, expected) => {
    expect(stepsOf(find(profile, change))).toEqual(expected);
  });
});

/** What allows a cut (less of it never allows more), and what is in its way (more of it never allows more). */
const instant = fc.integer({ min: CUT - 60 * DAY, max: CUT + DAY });
const stretch = fc.record({ id: fc.nat(9), from: instant, to: fc.option(instant) });
const anyFacts: fc.Arbitrary<CutFacts> = fc.record({
  reason: fc.constantFrom('arrears', 'violation', 'theft'),
  plannedAt: fc.integer({ min: CUT - 3 * DAY, max: CUT + 3 * DAY }),
  disconnectedAt: fc.option(instant),
  cancelledAt: fc.option(instant),
  approvedBy: fc.option(fc.constant('李主任')),
  noticeServedAt: fc.option(instant),
  finalNoticeAt: fc.option(instant),
  authorityInformedAt: fc.option(instant),
  category: fc.constantFrom('residential', 'important'),
  arrears: fc.array(
    fc.record({
      dueOn: fc.constantFrom('2026-05-20', '2026-06-13', '2026-06-20', '2026-07-10'),
      clearedAt: fc.option(instant),
    }),
    { maxLength: 3 },
  ),
  dunning: fc.array(
    fc.record({
      stage: fc.constantFrom('remote', 'phone', 'onsite'),
      at: instant,
      result: fc.constantFrom('reached', 'promised', 'not_reached', 'refused', 'delivered'),
      promisedOn: fc.option(fc.constantFrom('2026-07-10', '2026-07-20')),
    }),
    { maxLength: 3 },
  ),
  protections: fc.array(
    fc.record({
      id: fc.nat(9),
      from: instant,
      to: fc.option(instant),
      kind: fc.constantFrom('life_support', 'supply_guarantee', 'dispute', 'extreme_heat'),
      scope: fc.constantFrom('account', 'area', 'everywhere'),
      why: fc.constant(''),
    }),
    { maxLength: 3 },
  ),
  outages: fc.array(stretch, { maxLength: 2 }),
  complaints: fc.array(
    fc.record({
      id: fc.nat(9),
      category: fc.constantFrom('metering', 'supply_quality', 'service_conduct'),
      receivedAt: instant,
    }),
    { maxLength: 2 },
  ),
  cuts: fc.array(stretch, { maxLength: 2 }),
});
const rulesOf = (facts: CutFacts): Set<CutRule> =>
  new Set(judgeCut(facts, lawOf('csg')).map((finding) => finding.rule));
const without = <Item>(list: readonly Item[], index: number): Item[] => list.filter((_, place) => place !== index);

/** Each is the facts with one thing less that could allow the cut. */
function poorer(facts: CutFacts): CutFacts[] {
  return [
    ...facts.arrears.map((_, index) => ({ ...facts, arrears: without(facts.arrears, index) })),
    ...facts.dunning.flatMap(({ result }, index) =>
      result === 'promised' ? [] : [{ ...facts, dunning: without(facts.dunning, index) }],
    ),
    { ...facts, approvedBy: null },
    { ...facts, noticeServedAt: null },
    { ...facts, finalNoticeAt: null },
    { ...facts, authorityInformedAt: null },
  ];
}

/** Each is the facts with one thing less in the way of the cut. */
function freer(facts: CutFacts): CutFacts[] {
  return (['protections', 'outages', 'complaints', 'cuts'] as const).flatMap((field) =>
    facts[field].map((_, index) => ({ ...facts, [field]: without<unknown>(facts[field], index) })),
  );
}

describe('the guard, whatever is on record', () => {
  it('breaks no fewer rules when something that allows the cut is taken away', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const less of poorer(facts)) {
          const [before, after] = [rulesOf(facts), rulesOf(less)];
          // Where nothing is owed there is nothing to collect either; that alone is said.
          if (after.has('debt')) before.delete('dunning');
          expect([...before].filter((rule) => !after.has(rule))).toEqual([]);
        }
      }),
    );
  });

  it('breaks no more rules when something in the way is taken away, and still those that other facts support', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const before = rulesOf(facts);
        const supported = judgeCut(facts, lawOf('csg')).length;
        for (const less of freer(facts)) {
          expect([...rulesOf(less)].filter((rule) => !before.has(rule))).toEqual([]);
          expect(judgeCut(less, lawOf('csg')).length).toBeGreaterThanOrEqual(supported - 1);
        }
      }),
    );
  });

  it('finds the same in whatever order the facts are given', () => {
    const key = (finding: CutFinding): string => `${finding.step} ${finding.zh}`;
    const lists = ['arrears', 'dunning', 'protections', 'outages', 'complaints', 'cuts'] as const;
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const turned = { ...facts, ...Object.fromEntries(lists.map((name) => [name, facts[name].toReversed()])) };
        expect(judgeCut(turned, lawOf('csg')).map(key).sort()).toEqual(judgeCut(facts, lawOf('csg')).map(key).sort());
      }),
    );
  });

  it('says of each finding in both languages what is wrong and what helps, and where the rule is written', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom('csg' as const, 'sgcc' as const), (facts, profile) => {
        for (const { zh, en, remedy, source, rule } of judgeCut(facts, lawOf(profile))) {
          for (const text of [zh, en, remedy.zh, remedy.en]) expect(text.trim()).not.toBe('');
          expect(source).not.toBe('policy');
          expect(CUT_RULES).toContain(rule);
        }
      }),
    );
  });
});
