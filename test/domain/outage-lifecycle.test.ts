import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { ladderOf } from '../../src/domain/outage-ladder.js';
import { reviseOutage } from '../../src/domain/outage-lifecycle.js';
import type { OutageFacts } from '../../src/domain/outage-lifecycle.js';
import type { OutageMember, OutageRecord } from '../../src/domain/outage-record.js';
import { newRecord } from '../../src/modules/outages/outage-board.js';
import { POLICY } from '../support/small-city.js';

const MOMENTARY = 3 * MINUTE_MS;
const fresh = newRecord(1, 11, 0, 1);
const member = (
  transformerId: number,
  startedAt: number,
  endedAt: number | null,
  endSource = 'power_on',
): OutageMember => ({
  rowId: null,
  transformerId,
  notBefore: startedAt,
  startedAt,
  endedAt,
  source: 'power_off',
  endSource: endedAt === null ? null : endSource,
  customers: 10,
});
const facts = (members: OutageMember[], more: Partial<OutageFacts> = {}): OutageFacts => ({
  rootAssetId: 11,
  area: 'north',
  planned: null,
  members,
  confirmAt: null,
  overran: false,
  revived: false,
  ...more,
});
const revise = (before: OutageRecord, given: OutageFacts) => {
  const { after, happenings } = reviseOutage(before, given, MOMENTARY);
  return { after, types: happenings.map(({ type }) => type) };
};

describe('the life of an outage', () => {
  it.each<[string, OutageFacts, string, string[]]>([
    ['opens suspected', facts([member(1, 0, null)]), 'suspected', ['outage_opened']],
    [
      'that is over within the limit is momentary and never confirmed',
      facts([member(1, 0, MOMENTARY)]),
      'closed',
      ['outage_opened', 'outage_restored', 'outage_closed'],
    ],
    [
      'that lasted a millisecond longer is confirmed',
      facts([member(1, 0, MOMENTARY + 1)]),
      'closed',
      ['outage_opened', 'outage_confirmed', 'outage_restored', 'outage_closed'],
    ],
    [
      'is not over while one transformer is dead',
      facts([member(1, 0, 10), member(2, 0, null)], { confirmAt: MOMENTARY }),
      'confirmed',
      ['outage_opened', 'outage_confirmed'],
    ],
    [
      'that ended on a word waits for measurement',
      facts([member(1, 0, HOUR_MS, 'dispatcher'), member(2, 0, HOUR_MS)]),
      'restored',
      ['outage_opened', 'outage_confirmed', 'outage_restored'],
    ],
  ])('%s', (_, given, state, types) => {
    const result = revise(fresh, given);
    expect(result.after.state).toBe(state);
    expect(result.types).toEqual(types);
  });

  it('counts customers of a transformer once, and as restored only when all its losses are over', () => {
    const { after } = revise(fresh, facts([member(1, 0, 10), member(1, 20, null), member(2, 0, 30)]));
    expect(after).toMatchObject({ customersAffected: 20, customersRestored: 10, startedAt: 0, endedAt: null });
  });

  it('was discarded: stays so, until a person takes that back; then it is what its members say', () => {
    const discarded = { ...revise(fresh, facts([member(1, 0, null)])).after, state: 'discarded' as const };
    const now = facts([member(1, 0, null)], { confirmAt: MOMENTARY });
    expect(revise(discarded, now)).toEqual({ after: discarded, types: [] });
    const taken = revise(discarded, { ...now, revived: true });
    expect(taken.after).toMatchObject({ state: 'confirmed', startedAt: 0 });
    expect(taken.types).toEqual(['outage_changed', 'outage_reopened', 'outage_confirmed']);
    const over = revise(discarded, facts([member(1, 0, HOUR_MS)], { revived: true }));
    expect(over.after).toMatchObject({ state: 'closed', endedAt: HOUR_MS });
    expect(over.types).not.toContain('outage_reopened');
  });

  it('keeps what a person decided', () => {
    const decided = { nature: 'rationing', estimatedRestorationAt: null, cause: '限电' } as const;
    const planned = { id: 5, nature: 'planned', startsAt: 0, endsAt: HOUR_MS } as const;
    const { after } = revise({ ...fresh, decided }, facts([member(1, 0, null)], { planned }));
    expect(after).toMatchObject({
      nature: 'rationing',
      estimatedRestorationAt: null,
      cause: '限电',
      plannedOutageId: 5,
    });
  });

  it('says nothing the second time', () => {
    const instant = fc.integer({ min: 0, max: 100 }).map((minutes) => minutes * MINUTE_MS);
    const anyMember = fc
      .record({ id: fc.integer({ min: 1, max: 5 }), start: instant, length: fc.option(instant) })
      .map(({ id, start, length }) => member(id, start, length === null ? null : start + length));
    fc.assert(
      fc.property(
        fc.array(anyMember, { minLength: 1, maxLength: 8 }),
        fc.array(anyMember, { minLength: 1, maxLength: 8 }),
        fc.option(fc.constant(MOMENTARY)),
        (first, second, confirmAt) => {
          const start = reviseOutage(fresh, facts(first, { confirmAt }), MOMENTARY);
          const next = reviseOutage(start.after, facts(second, { confirmAt }), MOMENTARY);
          const again = reviseOutage(next.after, facts(second, { confirmAt }), MOMENTARY);
          expect(again.happenings).toEqual([]);
          expect(again.after).toEqual(next.after);
          // Opening, and the first confirmation, are told once; an end is told exactly when it is new.
          const types = [...start.happenings, ...next.happenings].map(({ type }) => type);
          expect(types.filter((type) => type === 'outage_opened')).toHaveLength(1);
          expect(types.filter((type) => type === 'outage_confirmed').length).toBeLessThanOrEqual(1);
          expect(next.after.endedAt === null).toBe(second.some(({ endedAt }) => endedAt === null));
          // It is open again exactly when it was over and is not.
          const isReopened = next.happenings.some(({ type }) => type === 'outage_reopened');
          expect(isReopened).toBe(start.after.endedAt !== null && next.after.endedAt === null);
        },
      ),
    );
  });

  it('has a ladder whose long-outage stage names its own source', () => {
    const stages = ladderOf(1_000, POLICY.policy, POLICY.sources);
    expect(stages.map(({ stage, dueAt }) => [stage, (dueAt - 1_000) / HOUR_MS])).toEqual([
      ['4h', 4],
      ['6h', 6],
      ['8h', 8],
      ['12h', 12],
      ['24h', 24],
    ]);
    expect(stages[2]?.receipt.source).toBe(POLICY.sources['outage.longHours']);
    expect(stages[1]?.receipt.source).toBe(POLICY.sources['outage.ladderHours']);
  });
});
