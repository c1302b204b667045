import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EpisodeData, OutageData } from '../../src/domain/journal-entry.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import { decideWarnings } from '../../src/domain/warning-rules.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import type { DisconnectionFacts, Facts, OrderFacts, OutageFacts, Place } from '../../src/domain/warnings/facts.js';
import { WarningBook } from '../../src/domain/warnings/warning-book.js';
import type { Known } from '../../src/domain/warnings/warning.js';
import { POLICY } from '../support/small-city.js';

const { policy } = POLICY;
const T0 = Date.parse('2026-07-15T10:00:00+08:00');
const PLACE: Place = { assetId: 7, code: 'T7', name: '七号配变', area: 'north' };

const outageRow: OutageFacts = {
  id: 1,
  state: 'confirmed',
  nature: 'fault',
  cause: '',
  root: PLACE,
  startedAt: T0,
  endedAt: null,
  estimatedRestorationAt: null,
  customersAffected: 50,
  momentary: false,
  planned: null,
  parentId: null,
  responsible: { owner: null, manager: null },
  overrunSinceAt: null,
};
const orderRow: OrderFacts = {
  id: 3,
  accountNo: 'A3',
  place: PLACE,
  paidAt: T0,
  dueAt: T0 + 12 * HOUR_MS,
  restoredAt: null,
};

const facts = (
  over: {
    outage?: Partial<OutageFacts>;
    order?: Partial<OrderFacts>;
    broken?: DisconnectionFacts['broken'];
    reported?: Partial<DisconnectionFacts['reported']>;
    responsible?: DisconnectionFacts['responsible'];
  } = {},
): Facts => ({
  transformers: new Map([
    [7, { place: PLACE, supply: 'unknown', supplySinceAt: T0, lastHeardAt: T0, inOpenOutage: false }],
  ]),
  outages: new Map([[1, { ...outageRow, ...over.outage }]]),
  plannedOutages: new Map(),
  orders: new Map([[3, { ...orderRow, ...over.order }]]),
  disconnections: new Map([
    [
      4,
      {
        id: 4,
        accountNo: 'A4',
        place: PLACE,
        reason: 'arrears',
        cutAt: T0,
        broken: over.broken ?? [],
        reported: { unit: null, person: null, ...over.reported },
        responsible: over.responsible ?? { owner: '城东供电所', manager: '李工' },
      },
    ],
  ]),
  repairs: new Map(),
  notices: new Map(),
  complaints: new Map(),
});

let entryId = 0;
const entry = <Type extends WarningEntry['type']>(
  type: Type,
  subjectType: WarningEntry['subjectType'],
  subjectId: number,
  data: Extract<WarningEntry, { type: Type }>['data'],
  happenedAt = T0,
): WarningEntry =>
  ({
    id: (entryId += 1),
    type,
    subjectType,
    subjectId,
    happenedAt,
    knownAt: happenedAt,
    actor: 'system',
    data,
  }) as never;

const outage = (type: 'outage_confirmed' | 'outage_changed' | 'outage_restored', over: Partial<OutageData> = {}) =>
  entry(type, 'outage', 1, {
    state: 'confirmed',
    nature: 'fault',
    rootAssetId: 7,
    startedAt: T0,
    endedAt: null,
    estimatedRestorationAt: null,
    plannedOutageId: null,
    parentId: null,
    momentary: false,
    customersAffected: 50,
    customersRestored: 0,
    ...(type === 'outage_changed' ? { changed: [], why: 'test' } : {}),
    ...over,
  } as never);
const fired = (
  kind: string,
  stage: string,
  subjectType: 'outage' | 'reconnection_order' | 'transformer',
  subjectId: number,
  dueAt: number,
) =>
  entry('deadline_fired', subjectType, subjectId, { kind, stage, subjectType, subjectId, dueAt, deadlineId: 1 }, dueAt);
const ladder = (hours: number) => fired('outage_ladder', `${hours}h`, 'outage', 1, T0 + hours * HOUR_MS);

function run(entries: readonly WarningEntry[], given: Facts = facts(), book = new WarningBook([])): WarningBook {
  for (const one of entries) book.apply(decideWarnings(one, given, policy, book));
  return book;
}
const shown = (book: WarningBook): string[] => book.pages.map(({ now }) => `${now.kind} ${now.severity} ${now.status}`);

describe('warnings of an outage', () => {
  const ETA = T0 + 2 * HOUR_MS;
  const soon = fired('outage_restoration', 'soon', 'outage', 1, ETA - HOUR_MS / 2);
  const passed = fired('outage_restoration', 'passed', 'outage', 1, ETA);
  const moved = outage('outage_changed', { estimatedRestorationAt: ETA + HOUR_MS });
  const table: readonly [what: string, entries: WarningEntry[], given: Facts, expected: string[]][] = [
    ['a momentary one: nothing', [outage('outage_confirmed', { momentary: true })], facts(), []],
    ['100 customers: major', [outage('outage_confirmed', { customersAffected: 100 })], facts(), ['outage major open']],
    [
      '1000 customers: critical',
      [outage('outage_confirmed', { customersAffected: 1000 })],
      facts(),
      ['outage critical open'],
    ],
    [
      'over in 7 h 59 min 59 s: no long outage',
      [outage('outage_confirmed'), outage('outage_restored', { endedAt: T0 + 8 * HOUR_MS - 1_000 })],
      facts(),
      ['outage minor resolved'],
    ],
    [
      'known only afterwards to have lasted 8 h: recorded and ended',
      [outage('outage_confirmed'), outage('outage_restored', { endedAt: T0 + 8 * HOUR_MS })],
      facts(),
      ['outage minor resolved', 'outage_over_8h critical resolved'],
    ],
    [
      'its 8 h stage fires after the restoration was digested: not a second time',
      [outage('outage_confirmed'), outage('outage_restored', { endedAt: T0 + 9 * HOUR_MS }), ladder(4), ladder(8)],
      facts({ outage: { endedAt: T0 + 9 * HOUR_MS, state: 'closed' } }),
      ['outage minor resolved', 'outage_over_8h critical resolved'],
    ],
    [
      'a stage after the end: nothing',
      [outage('outage_confirmed'), outage('outage_restored', { endedAt: T0 + 3 * HOUR_MS }), ladder(4)],
      facts({ outage: { endedAt: T0 + 3 * HOUR_MS, state: 'closed' } }),
      ['outage minor resolved'],
    ],
    [
      'taken for over, and goes on: the same warning opens again',
      [
        outage('outage_confirmed'),
        outage('outage_restored', { state: 'restored', endedAt: T0 + HOUR_MS }),
        outage('outage_changed'),
      ],
      facts(),
      ['outage minor open'],
    ],
    [
      'a planned window of 9 h: expected at once, minor; overrun makes it major',
      [
        outage('outage_confirmed', { nature: 'planned', estimatedRestorationAt: T0 + 9 * HOUR_MS }),
        fired('planned_overrun', 'end', 'outage', 1, T0 + 9 * HOUR_MS),
      ],
      facts({ outage: { nature: 'planned', planned: { id: 9, endsAt: T0 + 9 * HOUR_MS, registeredLate: null } } }),
      ['outage major open', 'outage_over_8h_expected minor open'],
    ],
    [
      'its expected restoration comes near, then passes: minor, then major',
      [soon, passed],
      facts({ outage: { estimatedRestorationAt: ETA } }),
      ['restoration_overdue major open'],
    ],
    [
      'near only: minor',
      [soon],
      facts({ outage: { estimatedRestorationAt: ETA } }),
      ['restoration_overdue minor open'],
    ],
    [
      'the expectation was moved before the stage was digested: nothing',
      [passed],
      facts({ outage: { estimatedRestorationAt: ETA + HOUR_MS } }),
      [],
    ],
    [
      'a dispatcher moves the expectation: the warning of the old one ends',
      [outage('outage_confirmed', { estimatedRestorationAt: ETA }), passed, moved],
      facts({ outage: { estimatedRestorationAt: ETA } }),
      ['outage minor open', 'restoration_overdue major resolved'],
    ],
    [
      'supply is back: it ends with the outage',
      [passed, outage('outage_restored', { endedAt: ETA + HOUR_MS })],
      facts({ outage: { estimatedRestorationAt: ETA } }),
      ['restoration_overdue major resolved'],
    ],
  ];
  it.each(table)('%s', (_, entries, given, expected) => {
    expect(shown(run(entries, given))).toEqual(expected);
  });
});

describe('warnings of a promise to reconnect', () => {
  const stage = (name: string, hours: number) =>
    fired('reconnection', name, 'reconnection_order', 3, T0 + hours * HOUR_MS);
  const met = entry('reconnection_met', 'reconnection_order', 3, {
    customerId: 1,
    disconnectionId: 1,
    restoredAt: T0 + HOUR_MS,
    source: 'measured',
    late: false,
  });
  const breached = entry('reconnection_breached', 'reconnection_order', 3, {
    customerId: 1,
    disconnectionId: 1,
    dueAt: T0 + 12 * HOUR_MS,
  });
  const ids = { customerId: 1, disconnectionId: 1 };
  const claimedAt = T0 + 13 * HOUR_MS;
  const claimed = entry('reconnection_claimed', 'reconnection_order', 3, { ...ids, claimedAt, by: '一班', late: true });
  const refuted = entry('reconnection_claim_refuted', 'reconnection_order', 3, {
    ...ids,
    claimedAt,
    refutedAt: claimedAt + HOUR_MS,
  });
  const cancelled = entry('reconnection_cancelled', 'reconnection_order', 3, { ...ids, reason: '退票' });
  const forecast = entry('reconnection_forecast_missed', 'reconnection_order', 3, {
    ...ids,
    dueAt: T0 + 12 * HOUR_MS,
    expectedAt: T0 + 15 * HOUR_MS,
    arithmetic: { zh: '排第 3', en: 'place 3' },
  });
  const table: readonly [string, WarningEntry[], Facts, string[]][] = [
    ['half of the limit: for information', [stage('50%', 6)], facts(), ['reconnection_due_soon info open']],
    [
      'three quarters: minor, the same warning',
      [stage('50%', 6), stage('75%', 9)],
      facts(),
      ['reconnection_due_soon minor open'],
    ],
    ['nine tenths: major', [stage('75%', 9), stage('90%', 10.8)], facts(), ['reconnection_due_soon major open']],
    [
      'due: overdue, once, whoever says it',
      [stage('90%', 10.8), stage('due', 12), breached],
      facts(),
      ['reconnection_due_soon major resolved', 'reconnection_overdue critical open'],
    ],
    ['restored in time: no stage after it', [stage('50%', 6)], facts({ order: { restoredAt: T0 + HOUR_MS } }), []],
    ['met: all ends', [stage('50%', 6), met], facts(), ['reconnection_due_soon info resolved']],
    [
      'the queue says that it will be late: at once, and an early stage does not make it lighter',
      [forecast, stage('50%', 6)],
      facts(),
      ['reconnection_due_soon minor open'],
    ],
    ['a crew says so: all ends', [stage('90%', 10.8), claimed], facts(), ['reconnection_due_soon major resolved']],
    ['the word is refuted: at once', [claimed, refuted], facts(), ['reconnection_due_soon major open']],
    [
      'refuted after the limit: the overdue warning goes on',
      [stage('due', 12), claimed, refuted],
      facts(),
      ['reconnection_overdue critical open'],
    ],
    [
      'the payment is reversed: all ends',
      [stage('50%', 6), cancelled],
      facts(),
      ['reconnection_due_soon info resolved'],
    ],
  ];
  it.each(table)('%s', (_, entries, given, expected) => {
    expect(shown(run(entries, given))).toEqual(expected);
  });
});

describe('other warnings', () => {
  const recorded = entry('disconnection_recorded', 'disconnection', 4, {
    customerId: 1,
    reason: 'arrears',
    disconnectedAt: T0,
    missingSteps: [],
  });
  const noApproval = {
    rule: 'approval' as const,
    step: 'approval',
    zh: '无停电审批',
    en: 'nobody has approved it',
    remedy: { zh: '报批', en: 'have it approved' },
    source: 'art. 67',
  };

  it('names the rules that a cut broke and who answers for it, and says nothing of a correct one', () => {
    expect(shown(run([recorded]))).toEqual([]);
    const book = run([recorded], facts({ broken: [noApproval] }));
    expect(book.pages[0]?.now).toMatchObject({
      kind: 'disconnection_without_dunning',
      severity: 'major',
      title: expect.stringContaining('无停电审批') as unknown,
      evidence: { broken: [noApproval], accountable: { unit: '城东供电所', person: '李工', basis: 'asset' } },
    });
    // A person in the field of the unit is a person.
    const named = run([recorded], facts({ broken: [noApproval], responsible: { owner: '赵工', manager: null } }));
    expect(named.pages[0]?.now.evidence.accountable).toEqual({ unit: null, person: '赵工', basis: 'asset' });
    const said = run([recorded], facts({ broken: [noApproval], reported: { unit: '城西供电所' } }));
    expect(said.pages[0]?.now.evidence.accountable).toEqual({ unit: '城西供电所', person: null, basis: 'report' });
  });

  it('is critical about a cut with life support', () => {
    const broken = [{ ...noApproval, rule: 'life_support' as const, step: 'life_support' }];
    expect(shown(run([recorded], facts({ broken })))).toEqual(['disconnection_without_dunning critical open']);
  });

  it('is silent about a terminal whose transformer is heard again, or is known to be out', () => {
    const stage = fired('terminal_offline', 'notice', 'transformer', 7, T0);
    const given = facts();
    const transformer = given.transformers.get(7);
    expect(shown(run([stage], given))).toEqual(['terminal_offline minor open']);
    for (const over of [{ supply: 'live' as const }, { inOpenOutage: true }]) {
      const other = { ...given, transformers: new Map([[7, { ...transformer, ...over } as never]]) };
      expect(shown(run([stage], other))).toEqual([]);
    }
  });
});

describe('warnings of voltage, whatever happens', () => {
  const step = fc.record({
    type: fc.constantFrom(
      'episode_opened' as const,
      'episode_worsened' as const,
      'episode_closed' as const,
      'episode_revised' as const,
    ),
    episode: fc.integer({ min: 1, max: 4 }),
    severity: fc.constantFrom('minor' as const, 'major' as const, 'critical' as const),
    closed: fc.boolean(),
    withdrawn: fc.boolean(),
  });
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
  const entryOf = ({ type, episode, severity, closed, withdrawn }: Step): WarningEntry => {
    const data: EpisodeData = {
      transformerId: 7,
      kind: 'low_voltage',
      phase: (['A', 'B', 'C', 'A'] as const)[episode - 1] ?? 'A',
      severity,
      startedAt: T0 + episode,
      endedAt: type === 'episode_closed' || (type === 'episode_revised' && closed) ? T0 + HOUR_MS : null,
      worstValue: 190,
      policyVersion: 1,
    };
    const late = type === 'episode_revised' ? { why: 'late', withdrawn } : {};
    return entry(type, 'episode', episode, { ...data, ...late } as never);
  };
  const live = (book: WarningBook): Known[] =>
    book.pages.map(({ now }) => now).filter(({ status }) => status !== 'resolved');
  const contents = (book: WarningBook): unknown => book.pages.map(({ now }) => now);

  it('never has two live warnings, and is live exactly while an episode of its evidence is open', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const book = run(steps.map(entryOf));
        expect(live(book).length).toBeLessThanOrEqual(1);
        for (const { now } of book.pages) {
          const episodes = Object.values(
            now.evidence.episodes as Record<string, { endedAt: number | null; withdrawn?: boolean }>,
          );
          const open = episodes.some((one) => one.endedAt === null && one.withdrawn !== true);
          if (now.status !== 'resolved') expect(open).toBe(true);
        }
      }),
    );
  });

  it('stays resolved by a person when late readings come, and opens again when it gets worse', () => {
    const one = { episode: 1, severity: 'minor', closed: false, withdrawn: false } as const;
    const book = run([entryOf({ ...one, type: 'episode_opened' })]);
    book.apply([
      { action: 'resolve', kind: 'low_voltage', subject: { type: 'transformer', id: 7 }, at: T0, note: 'by a person' },
    ]);
    run([entryOf({ ...one, type: 'episode_revised' })], facts(), book);
    expect(shown(book)).toEqual(['low_voltage minor resolved']);
    run([entryOf({ ...one, type: 'episode_worsened', severity: 'major' })], facts(), book);
    expect(shown(book)).toEqual(['low_voltage major open']);
  });

  it('is not changed by reading an entry twice in a row', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const entries = steps.map(entryOf);
        const twice = entries.flatMap((one) => [one, one]);
        expect(contents(run(twice))).toEqual(contents(run(entries)));
      }),
    );
  });
});
