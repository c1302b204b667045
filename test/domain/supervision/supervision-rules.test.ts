import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../src/domain/instants.js';
import { CAUSES, causeOf, numberText, SUPERVISED_KINDS } from '../../../src/domain/supervision/causes.js';
import { measureEffect } from '../../../src/domain/supervision/effect.js';
import type { EffectFacts } from '../../../src/domain/supervision/effect.js';
import { openingOf } from '../../../src/domain/supervision/opening.js';
import type { SupervisedWarning } from '../../../src/domain/supervision/opening.js';
import { levelOf, replyStages } from '../../../src/domain/supervision/reply-clock.js';
import { responsibleFor } from '../../../src/domain/supervision/responsible.js';
import { POLICY } from '../../support/small-city.js';

const T0 = Date.parse('2026-07-15T00:00:00+08:00');
const { policy, sources } = POLICY;

describe('which warnings open a supervision order', () => {
  const warning: SupervisedWarning = {
    id: 9,
    kind: 'outage_over_8h_expected',
    severity: 'minor',
    status: 'open',
    subjectType: 'outage',
    subjectId: 4,
    dueAt: T0 + 8 * HOUR_MS,
    evidence: {},
    plannedOutageId: null,
  };
  it.each([
    ['the first stage of the ladder', {}, 'too_slight'],
    ['a later stage', { severity: 'major' }, 'outage:4'],
    [
      'an expected restoration within the limit',
      { evidence: { estimatedRestorationAt: T0 + 7 * HOUR_MS } },
      'too_slight',
    ],
    ['an expected restoration beyond it', { evidence: { estimatedRestorationAt: T0 + 9 * HOUR_MS } }, 'outage:4'],
    ['a planned end beyond it', { evidence: { plannedEndAt: T0 + 9 * HOUR_MS } }, 'outage:4'],
    ['a planned work that is too long', { subjectType: 'planned_outage' }, 'planned_outage:4'],
    ['an outage of a planned work', { severity: 'major', plannedOutageId: 2 }, 'planned_outage:2'],
    ['an expectation that did not come true', { severity: 'major', status: 'resolved' }, 'over_already'],
    [
      '8 h passed, also when it is known late',
      { kind: 'outage_over_8h', severity: 'critical', status: 'resolved' },
      'outage:4',
    ],
    ['the promised arrival missed', { kind: 'repair_arrival_overdue', subjectType: 'repair_order' }, 'too_slight'],
    [
      'the regulated arrival missed',
      { kind: 'repair_arrival_overdue', subjectType: 'repair_order', severity: 'major' },
      'repair_order:4',
    ],
    [
      'a late dispatch, which the policy leaves out',
      { kind: 'repair_dispatch_overdue', severity: 'major' },
      'not_supervised',
    ],
    ['low voltage', { kind: 'low_voltage', severity: 'critical' }, 'not_supervised'],
    [
      'repeats: each run of them',
      { kind: 'repeat_complaint', subjectType: 'customer', severity: 'major' },
      'repeat:customer:4:9',
    ],
  ] as const)('%s', (_, over, expected) => {
    const opening = openingOf({ ...warning, ...over }, policy.supervision);
    expect(opening.kind === null ? opening.why : opening.causeKey).toBe(expected);
  });

  it('each kind has a cause, and numbers sort as text', () => {
    for (const kind of SUPERVISED_KINDS) expect(CAUSES).toContain(causeOf(kind));
    expect(numberText(2026, 17)).toBe('2026-000017');
    expect([numberText(2026, 10), numberText(2026, 9)].toSorted()).toEqual(['2026-000009', '2026-000010']);
  });
});

describe('the measured effect', () => {
  it.each<[string, EffectFacts, boolean]>([
    ['an outage that goes on', { of: 'outage', state: 'confirmed', endedAt: null }, false],
    ['restored by word', { of: 'outage', state: 'restored', endedAt: T0 }, false],
    ['every transformer measured live', { of: 'outage', state: 'closed', endedAt: T0 }, true],
    [
      'a work still too long',
      { of: 'planned_outage', registered: true, startsAt: T0, endsAt: T0 + 9 * HOUR_MS, limitMs: 8 * HOUR_MS, now: T0 },
      false,
    ],
    [
      'a work cut down',
      { of: 'planned_outage', registered: true, startsAt: T0, endsAt: T0 + 8 * HOUR_MS, limitMs: 8 * HOUR_MS, now: T0 },
      true,
    ],
    [
      'a work called off',
      {
        of: 'planned_outage',
        registered: false,
        startsAt: T0,
        endsAt: T0 + 9 * HOUR_MS,
        limitMs: 8 * HOUR_MS,
        now: T0,
      },
      true,
    ],
    ['reconnected by word', { of: 'reconnection_order', measuredAt: null, claimedAt: T0, cancelled: false }, false],
    ['reconnected and measured', { of: 'reconnection_order', measuredAt: T0, claimedAt: T0, cancelled: false }, true],
    ['mended by word', { of: 'repair_order', restoredAt: T0, observed: false, satisfiedAt: null }, false],
    ['mended and measured', { of: 'repair_order', restoredAt: T0, observed: true, satisfiedAt: null }, true],
    [
      'mended and confirmed by the customer',
      { of: 'repair_order', restoredAt: T0, observed: false, satisfiedAt: T0 + 1 },
      true,
    ],
    [
      'a complaint that is not answered',
      { of: 'complaint', answeredAt: null, repeatedAt: null, watchUntil: null, now: T0 },
      false,
    ],
    [
      'answered, still watched',
      { of: 'complaint', answeredAt: T0, repeatedAt: null, watchUntil: T0 + 2, now: T0 + 1 },
      false,
    ],
    [
      'answered, watched to the end',
      { of: 'complaint', answeredAt: T0, repeatedAt: null, watchUntil: T0 + 2, now: T0 + 2 },
      true,
    ],
    [
      'answered and complained of again',
      { of: 'complaint', answeredAt: T0, repeatedAt: T0 + 1, watchUntil: T0 + 2, now: T0 + 9 },
      false,
    ],
    [
      'repeats of which one is not answered',
      { of: 'customer', unanswered: 1, answeredAt: T0, repeatedAt: null, watchUntil: T0 + 2, now: T0 + 9 },
      false,
    ],
    [
      'repeats all answered and quiet',
      { of: 'customer', unanswered: 0, answeredAt: T0, repeatedAt: null, watchUntil: T0 + 2, now: T0 + 9 },
      true,
    ],
  ])('%s', (_, facts, measured) => {
    const effect = measureEffect(facts);
    expect(effect.measured).toBe(measured);
    expect([effect.zh, effect.en].every((text) => text.length > 3)).toBe(true);
    expect(effect.at === null).toBe(!measured);
  });
});

describe('who is responsible', () => {
  const none = { route: null, why: { zh: '没有责任单位', en: 'no unit' } };
  const table = {
    route: { business: 'outage' as const, area: '', unit: '分局', person: '值班' },
    why: 'business' as const,
  };
  const people = { owner: '赵工', manager: '孙七' };
  it.each([
    [
      'an outage: unit of the table, device owner',
      'outage_over_8h',
      table,
      people,
      { unit: '分局', person: '赵工', note: null },
    ],
    [
      'an outage without a table: the unit and the person of the owner',
      'outage_over_8h',
      none,
      { owner: '城东供电所 赵工', manager: null },
      { unit: '城东供电所', person: '赵工', note: null },
    ],
    [
      'a person without a unit: the person is no unit',
      'outage_over_8h',
      none,
      people,
      { unit: null, person: '赵工', note: none.why },
    ],
    [
      'a promise to a customer: the customer manager',
      'reconnection_overdue',
      table,
      people,
      { unit: '分局', person: '孙七', note: null },
    ],
    [
      'nobody of the register: whom the table names',
      'outage_over_8h',
      table,
      { owner: null, manager: null },
      { unit: '分局', person: '值班', note: null },
    ],
    [
      'nothing anywhere: said, not guessed',
      'outage_over_8h',
      none,
      { owner: null, manager: null },
      { unit: null, person: null, note: none.why },
    ],
  ] as const)('%s', (_, kind, routed, found, expected) => {
    expect(responsibleFor(kind, routed, found)).toEqual(expected);
  });
});

describe('the clock of a reply', () => {
  it('has a reminder, the limit and the steps after it, each with its source', () => {
    const stages = replyStages('opened', T0, policy, sources);
    expect(stages.map(({ stage, dueAt }) => [stage, (dueAt - T0) / HOUR_MS, levelOf(stage)])).toEqual([
      ['75%', 1.5, 0],
      ['due', 2, 1],
      ['level2', 6, 2],
    ]);
    expect(stages.every(({ receipt }) => receipt.source.startsWith('own'))).toBe(true);
    expect(replyStages('replied', T0, policy, sources)[1]?.dueAt).toBe(T0 + 4 * HOUR_MS);
  });
});
