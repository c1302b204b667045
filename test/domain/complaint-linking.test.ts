import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../src/domain/complaints/complaint.js';
import type { ComplaintCategory } from '../../src/domain/complaints/complaint.js';
import { scoreLink } from '../../src/domain/complaints/linking.js';
import type { Candidate } from '../../src/domain/complaints/linking.js';
import { missedWarning } from '../../src/domain/complaints/missed-warning.js';
import type { LinkedEvent } from '../../src/domain/complaints/missed-warning.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { POLICY } from '../support/small-city.js';

const { policy } = POLICY;
const CALL = Date.parse('2026-07-15T20:00:00+08:00');

const candidate = (over: Partial<Candidate>): Candidate => ({
  eventType: 'outage',
  eventId: 1,
  kind: null,
  startedAt: CALL - HOUR_MS,
  endedAt: null,
  topology: 'transformer',
  ...over,
});
const call = (category: ComplaintCategory, text: string) => ({ category, text, receivedAt: CALL });
const verdict = (category: ComplaintCategory, text: string, over: Partial<Candidate>): string =>
  scoreLink(call(category, text), candidate(over), policy)?.status ?? 'nothing';

const voltage: Partial<Candidate> = {
  eventType: 'episode',
  kind: 'low_voltage',
  endedAt: CALL - 2 * DAY_MS,
  startedAt: CALL - 3 * DAY_MS,
};
const cut: Partial<Candidate> = { eventType: 'disconnection', topology: 'account', startedAt: CALL - 3 * DAY_MS };

describe('a link between a complaint and an event', () => {
  const table: readonly [what: string, ComplaintCategory, string, Partial<Candidate>, string][] = [
    ['a call during the outage', 'outage', '家里停电了', {}, 'linked'],
    [
      'a call three hours after it',
      'outage',
      '下午停电',
      { startedAt: CALL - 5 * HOUR_MS, endedAt: CALL - 3 * HOUR_MS },
      'linked',
    ],
    [
      'a call two days after it',
      'outage',
      '前天停电',
      { startedAt: CALL - 50 * HOUR_MS, endedAt: CALL - 48 * HOUR_MS },
      'nothing',
    ],
    [
      'frequent outages, one of them two weeks ago',
      'outage',
      '我们这里经常停电',
      { startedAt: CALL - 15 * DAY_MS, endedAt: CALL - 14 * DAY_MS },
      'linked',
    ],
    ['a call ten minutes before it was noticed', 'outage', '没电了', { startedAt: CALL + 10 * MINUTE_MS }, 'linked'],
    ['a call five hours before it began', 'outage', '没电了', { startedAt: CALL + 5 * HOUR_MS }, 'proposed'],
    ['a call seven hours before it began', 'outage', '没电了', { startedAt: CALL + 7 * HOUR_MS }, 'nothing'],
    ['a dim light and low voltage days ago', 'supply_quality', '灯很暗，空调带不动', voltage, 'linked'],
    ['a dim light and an outage', 'supply_quality', '灯很暗，空调带不动', {}, 'nothing'],
    [
      'low voltage more than a month ago',
      'supply_quality',
      '电压低',
      { ...voltage, startedAt: CALL - 40 * DAY_MS, endedAt: CALL - 39 * DAY_MS },
      'nothing',
    ],
    ['paid and still dark while cut for arrears', 'reading_and_dunning', '交了费还没电', cut, 'linked'],
    ['no power at home while cut for arrears', 'outage', '家里没电', cut, 'linked'],
    ['paid and still dark during an outage', 'reading_and_dunning', '交了费还没电', {}, 'nothing'],
    [
      'no notice of a planned work on the feeder',
      'outage',
      '停电没有通知',
      { eventType: 'planned_outage', topology: 'ancestor' },
      'linked',
    ],
    ['the price, during an outage', 'price_and_fee', '电费太贵', {}, 'nothing'],
    ['rudeness, during an outage', 'service_conduct', '态度恶劣', {}, 'proposed'],
  ];
  it.each(table)('%s', (_, category, text, over, expected) => {
    expect(verdict(category, text, over)).toBe(expected);
  });

  it('adds up to its evidence', () => {
    const link = scoreLink(call('outage', '整个小区停电了'), candidate({}), policy);
    const sum = link?.evidence.reduce((total, { points }) => total + points, 0) ?? 0;
    expect(link?.score).toBeCloseTo(Math.min(1, sum), 2);
    expect(link?.evidence.map(({ term }) => term)).toEqual(['topology', 'time', 'category', 'text', 'text']);
  });

  it('never scores an event that ended longer ago higher than one that ended later, whatever the call', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CATEGORIES),
        fc.constantFrom('停电', '灯暗', '交了费还没电', '态度差', ''),
        fc.integer({ min: 0, max: 40 * 24 * 60 }),
        fc.integer({ min: 0, max: 40 * 24 * 60 }),
        fc.constantFrom<Partial<Candidate>>({}, voltage, cut, { eventType: 'planned_outage', topology: 'ancestor' }),
        (category, text, a, b, kind) => {
          const score = (minutesAgo: number): number => {
            const endedAt = CALL - minutesAgo * MINUTE_MS;
            const one = candidate({ ...kind, startedAt: endedAt - HOUR_MS, endedAt });
            const found = scoreLink(call(category, text), one, policy);
            expect(found === null || (found.score >= policy.complaints.proposeScore && found.score <= 1)).toBe(true);
            return found?.score ?? 0;
          };
          expect(score(Math.max(a, b))).toBeLessThanOrEqual(score(Math.min(a, b)));
        },
      ),
    );
  });
});

describe('why nobody warned', () => {
  const event = (over: Partial<LinkedEvent>): LinkedEvent => ({
    score: 0.8,
    confirmed: false,
    warnedAt: CALL - HOUR_MS,
    noticedAt: CALL - HOUR_MS,
    customersAreTold: true,
    ...over,
  });
  const table: readonly [string, ComplaintCategory, LinkedEvent[], string | null][] = [
    ['warned and told in time', 'outage', [event({})], null],
    ['no event at all', 'outage', [], 'no_event_found'],
    ['no event, but the call is about conduct', 'service_conduct', [], null],
    ['an event without a warning', 'outage', [event({ warnedAt: null })], 'no_warning'],
    ['a warning after the call', 'outage', [event({ warnedAt: CALL + 1 })], 'warned_after_call'],
    ['warned, customer not told', 'outage', [event({ noticedAt: null })], 'notice_not_sent'],
    ['warned, customer told too late', 'outage', [event({ noticedAt: CALL + 1 })], 'notice_not_sent'],
    ['voltage: customers are not told', 'supply_quality', [event({ noticedAt: null, customersAreTold: false })], null],
    [
      'the confirmed event counts, not the better score',
      'outage',
      [event({ score: 0.9, warnedAt: null }), event({ score: 0.6, confirmed: true })],
      null,
    ],
  ];
  it.each(table)('%s', (_, category, events, expected) => {
    expect(missedWarning({ category, receivedAt: CALL }, events)?.reason ?? null).toBe(expected);
  });
});
