import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assessChronic, seasonOf } from '../../src/domain/chronic-voltage.js';
import type { LowSpan } from '../../src/domain/chronic-voltage.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { decideChronic } from '../../src/domain/warnings/chronic-rules.js';
import type { Known } from '../../src/domain/warnings/warning.js';
import { policy } from './detection/telling.js';

const rule = policy.chronicVoltage;
/** Noon of a summer's day. */
const NOW = Date.parse('2026-08-31T12:00:00+08:00');
const noon = (daysAgo: number): number => NOW - daysAgo * DAY_MS;
let id = 0;
const low = (startedAt: number, lastsMs: number, isOpen = false): LowSpan => ({
  episodeId: (id += 1),
  startedAt,
  endedAt: startedAt + lastsMs,
  isOpen,
});
/** Two hours of low voltage around 19:00 of each of these days. */
const evenings = (...daysAgo: number[]): LowSpan[] => daysAgo.map((days) => low(noon(days) + 6 * HOUR_MS, 2 * HOUR_MS));
const days = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('chronic low voltage', () => {
  const table: [
    sentence: string,
    spans: LowSpan[],
    unsupplied: { startedAt: number; endedAt: number }[],
    count: number,
    chronic: boolean,
  ][] = [
    ['is low voltage on 7 of the last 30 days', evenings(...days(1, 7)), [], 7, true],
    ['is not 6 of 30', evenings(...days(1, 6)), [], 6, false],
    ['counts the 30th day, today included', evenings(29), [], 1, false],
    ['does not count the 31st', evenings(30), [], 0, false],
    ['does not count a day of 59 minutes', [low(noon(2), 59 * MINUTE_MS)], [], 0, false],
    ['counts a day of 60 minutes', [low(noon(2), 60 * MINUTE_MS)], [], 1, false],
    [
      'adds up several short times of one day',
      [low(noon(2), 30 * MINUTE_MS), low(noon(2) + HOUR_MS, 30 * MINUTE_MS)],
      [],
      1,
      false,
    ],
    [
      'does not count two phases at once twice',
      [low(noon(2), 45 * MINUTE_MS), low(noon(2), 45 * MINUTE_MS)],
      [],
      0,
      false,
    ],
    ['counts each day of a long episode', [low(noon(9), 8 * DAY_MS)], [], 9, true],
    ['counts an hour to each side of midnight for two days', [low(noon(3) + 11 * HOUR_MS, 2 * HOUR_MS)], [], 2, false],
    [
      'does not count days of a long episode on which nobody measured',
      [low(noon(9), 8 * DAY_MS)],
      [{ startedAt: noon(8) - 12 * HOUR_MS, endedAt: noon(4) + 12 * HOUR_MS }],
      4,
      false,
    ],
  ];
  it.each(table)('%s', (_sentence, spans, unsupplied, count, chronic) => {
    const found = assessChronic(spans, unsupplied, rule, NOW);
    expect([found.days.length, found.isChronic]).toEqual([count, chronic]);
  });

  it('is looked at again at midnight while an episode is open or many days are left, and else not', () => {
    const midnight = Date.parse('2026-09-01T00:00:00+08:00');
    expect(assessChronic([low(noon(0), 0, true)], [], rule, NOW).reviewAt).toBe(midnight);
    expect(assessChronic(evenings(1, 2, 3, 4), [], rule, NOW).reviewAt).toBe(midnight);
    expect(assessChronic(evenings(1, 2, 3), [], rule, NOW).reviewAt).toBeNull();
  });

  it('begins anew after a person has settled it', () => {
    expect(assessChronic(evenings(...days(1, 9)), [], rule, NOW, noon(4)).days.map(({ date }) => date)).toEqual([
      '2026-08-27',
      '2026-08-28',
      '2026-08-29',
      '2026-08-30',
    ]);
  });

  it('is seasonal when all low days of the year lie in one season', () => {
    expect(assessChronic(evenings(...days(1, 9)), [], rule, NOW).season).toBe('summer');
    expect(assessChronic(evenings(...days(1, 9), 200), [], rule, NOW)).toMatchObject({
      season: null,
      daysBySeason: { summer: 9, spring_festival: 1 },
    });
  });

  it.each([
    ['2026-02-17T12:00:00+08:00', 'spring_festival'], // New Year's Day of the year of the horse
    ['2026-02-06T12:00:00+08:00', 'winter'],
    ['2026-02-07T12:00:00+08:00', 'spring_festival'],
    ['2026-03-03T12:00:00+08:00', 'spring_festival'], // Lantern Festival
    ['2026-03-04T12:00:00+08:00', 'other'],
    ['2026-06-01T00:00:00+08:00', 'summer'],
    ['2026-09-30T23:00:00+08:00', 'summer'],
    ['2026-10-01T00:00:00+08:00', 'other'],
    ['2026-12-01T00:00:00+08:00', 'winter'],
  ])('%s is %s', (instant, season) => {
    expect(seasonOf(Date.parse(instant))).toBe(season);
  });

  it('counts the same however the episodes are ordered or cut in two', () => {
    const span = fc.record({ at: fc.integer({ min: 0, max: 40 * 24 }), hours: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), (given) => {
        const spans = given
          .map(({ at, hours }) => low(NOW - at * HOUR_MS, hours * HOUR_MS))
          .map((one) => ({ ...one, endedAt: Math.min(one.endedAt, NOW) }));
        const halves = spans.toReversed().flatMap((one) => {
          const middle = Math.floor((one.startedAt + one.endedAt) / 2);
          return [
            { ...one, startedAt: middle },
            { ...one, endedAt: middle },
          ];
        });
        const whole = assessChronic(spans, [], rule, NOW);
        expect(assessChronic(halves, [], rule, NOW).days).toEqual(whole.days);
        expect(whole.days.length).toBeLessThanOrEqual(rule.ofDays);
      }),
    );
  });
});

describe('the warning of chronic low voltage', () => {
  const place = { assetId: 7, code: 'T7', name: '七号配变', area: 'north' };
  const decide = (spans: LowSpan[], newest: Partial<Known> | null = null) =>
    decideChronic(place, assessChronic(spans, [], rule, NOW), newest as Known | null, policy, NOW);

  it('says how many days, and the season', () => {
    expect(decide(evenings(...days(1, 7)))).toMatchObject([
      {
        action: 'raise',
        draft: {
          severity: 'minor',
          title: '七号配变 季节性低电压（迎峰度夏）：近 30 天有 7 天低于 198 V',
          evidence: { lowDays: 7 },
        },
      },
    ]);
    expect(decide(evenings(...days(1, 15), 120))).toMatchObject([
      {
        draft: {
          severity: 'major',
          title: '七号配变 长期低电压：近 30 天有 15 天低于 198 V',
          titleEn: '七号配变 chronic low voltage: below 198 V on 15 of the last 30 days',
        },
      },
    ]);
  });

  it('stays while more than 3 days are left, and then ends', () => {
    const live = { ref: 1, status: 'open', happenedAt: noon(20) } as const;
    expect(decide(evenings(1, 2, 3, 4), live)).toMatchObject([{ action: 'raise', draft: { happenedAt: noon(20) } }]);
    expect(decide(evenings(1, 2, 3), live)).toMatchObject([{ action: 'revise' }, { action: 'resolve', at: NOW }]);
    expect(decide(evenings(1, 2, 3, 4))).toEqual([]);
  });
});
