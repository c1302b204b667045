import { describe, expect, it } from '@jest/globals';
import type { OutageData } from '../../src/domain/journal-entry.js';
import { HOUR_MS } from '../../src/domain/instants.js';
import type { WarningEntry } from '../../src/domain/warning-rules.js';
import type { Facts } from '../../src/domain/warnings/facts.js';
import { entry, facts, run, shown, T0 } from '../support/warning-rules.js';

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
