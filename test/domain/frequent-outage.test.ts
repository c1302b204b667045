import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assessFrequency, frequencyHorizon } from '../../src/domain/frequent-outage.js';
import type { PastOutage } from '../../src/domain/frequent-outage.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { decideFrequent } from '../../src/domain/warnings/frequent-rules.js';
import type { Known } from '../../src/domain/warnings/warning.js';
import { builtInPolicyFile, readPolicyFile } from '../../src/policy-file.js';

const csg = readPolicyFile(builtInPolicyFile('csg')).policy.frequentOutage;
const sgcc = readPolicyFile(builtInPolicyFile('sgcc')).policy.frequentOutage;
const NOW = Date.parse('2026-09-15T12:00:00+08:00');

/** One hour long, so many days before NOW. */
const outage = (outageId: number, daysAgo: number, more: Partial<PastOutage> = {}): PastOutage => {
  const startedAt = more.startedAt ?? NOW - daysAgo * DAY_MS;
  return { outageId, nature: 'fault', startedAt, endedAt: startedAt + HOUR_MS, ...more };
};
const days = (...ago: number[]): PastOutage[] => ago.map((one, index) => outage(index + 1, one));

describe('frequent outages', () => {
  it.each<[string, typeof csg, PastOutage[], string | null, string[]]>([
    ['one outage is nothing', csg, days(1), null, []],
    ['two in 30 days warn early', csg, days(29, 1), 'early', ['early-30d']],
    ['two further apart do not', csg, days(31, 1), null, []],
    ['three in 50 days warn early', csg, days(49, 40, 35), 'early', ['early-50d']],
    ['three in 60 days are not yet frequent by the reliability rule', csg, days(59, 40, 35), null, []],
    ['four in 60 days are', csg, days(59, 40, 35, 1), 'frequent', ['reliability-60d', 'early-year', 'early-50d']],
    ['four in the year warn early', csg, days(250, 190, 130, 70), 'early', ['early-year']],
    [
      'six in the year are frequent',
      csg,
      days(250, 210, 170, 130, 90, 40),
      'frequent',
      ['reliability-year', 'early-year'],
    ],
    ['those of last year do not count for the year', csg, days(300, 290, 280, 130, 90, 40), null, []],
    [
      'four planned in the year are frequent on their own',
      csg,
      days(250, 190, 130, 70).map((one) => ({ ...one, nature: 'planned' as const })),
      'frequent',
      ['planned-year', 'early-year'],
    ],
    [
      'three in two months are frequent by the complaint rule',
      sgcc,
      days(60, 30, 1),
      'frequent',
      ['complaint-2m', 'early-2m'],
    ],
    ['two in two months warn early there', sgcc, days(60, 1), 'early', ['early-2m']],
    ['what is older than two months does not count', sgcc, days(63, 30), null, []],
    [
      'rationing counts for the complaint rule',
      sgcc,
      days(30, 1).map((one) => ({ ...one, nature: 'rationing' as const })),
      'early',
      ['early-2m'],
    ],
    [
      'and not for the reliability rule',
      csg,
      days(20, 1).map((one) => ({ ...one, nature: 'rationing' as const })),
      null,
      [],
    ],
  ])('%s', (_, limits, history, level, met) => {
    const found = assessFrequency(history, limits, NOW);
    expect(found.level).toBe(level);
    expect(found.rules.filter(({ isMet }) => isMet).map(({ name }) => name)).toEqual(met);
  });

  it('names what it does not count, with the reason', () => {
    const first = outage(1, 10);
    const history = [
      first,
      outage(2, 0, { startedAt: first.startedAt + 6 * HOUR_MS - 1 }),
      outage(3, 0, { startedAt: first.startedAt + 6 * HOUR_MS }),
      outage(4, 5, { endedAt: NOW - 5 * DAY_MS + 5 * MINUTE_MS - 1 }),
      outage(5, 4, { endedAt: NOW - 4 * DAY_MS + 5 * MINUTE_MS }),
      outage(6, 3, { nature: 'rationing' }),
      outage(7, 2),
      outage(8, 0.1, { endedAt: null }),
    ];
    const { counted, excluded } = assessFrequency(history, { ...csg, majorEventDays: ['2026-09-13'] }, NOW);
    expect(counted.map(({ outageId }) => outageId)).toEqual([1, 3, 5]);
    expect(excluded.map(({ outageId, reason, intoOutageId }) => [outageId, reason, intoOutageId])).toEqual([
      [2, 'merged', 1],
      [4, 'shorter_than_minimum', undefined],
      [6, 'nature_excluded', undefined],
      [7, 'major_event_day', undefined],
      [8, 'not_over', undefined],
    ]);
  });

  it('says when the level can fall: then it does, and a moment before it does not', () => {
    const history = days(20, 1);
    const { reviewAt } = assessFrequency(history, csg, NOW);
    expect(reviewAt).toBe(NOW + 10 * DAY_MS);
    expect(assessFrequency(history, csg, NOW + 10 * DAY_MS - 1).level).toBe('early');
    expect(assessFrequency(history, csg, NOW + 10 * DAY_MS)).toMatchObject({ level: null, reviewAt: null });
  });

  const histories = fc
    .array(
      fc.record({
        outageId: fc.integer({ min: 1, max: 1_000 }),
        nature: fc.constantFrom('fault' as const, 'planned' as const, 'rationing' as const),
        startedAt: fc.integer({ min: NOW - 380 * DAY_MS, max: NOW - HOUR_MS }),
        lastsMs: fc.option(fc.integer({ min: 0, max: 40 * HOUR_MS }), { freq: 20 }),
      }),
      { maxLength: 15 },
    )
    .map((rows) =>
      rows.map(({ lastsMs, ...row }) => ({ ...row, endedAt: lastsMs === null ? null : row.startedAt + lastsMs })),
    );

  it('does not depend on the order in which outages are known', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(csg, sgcc), (history, limits) => {
        const distinct = history.map((one, index) => ({ ...one, outageId: index }));
        expect(assessFrequency(distinct.toReversed(), limits, NOW)).toEqual(assessFrequency(distinct, limits, NOW));
      }),
    );
  });

  it('stays as it is until the review, and everything it needs lies after the horizon', () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(csg, sgcc),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (history, limits, share) => {
          const now = assessFrequency(history, limits, NOW);
          const after = (instant: number): PastOutage[] =>
            history.filter(({ startedAt }) => startedAt > frequencyHorizon(limits, instant));
          expect(assessFrequency(after(NOW), limits, NOW).level).toBe(now.level);
          if (now.reviewAt === null) return;
          const between = NOW + Math.floor((now.reviewAt - NOW) * share);
          const later = assessFrequency(history, limits, between);
          expect([later.level, later.counted]).toEqual([now.level, now.counted]);
        },
      ),
    );
  });

  it('counts each outage once, and kept ones begin at least the merging time apart', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { counted, excluded } = assessFrequency(history, csg, NOW);
        expect(counted.length + excluded.length).toBeLessThanOrEqual(history.length);
        counted.forEach((one, index) => {
          const before = counted[index - 1];
          if (before !== undefined) expect(one.startedAt - before.startedAt).toBeGreaterThanOrEqual(6 * HOUR_MS);
        });
      }),
    );
  });

  it('does not bring back what a person resolved, unless another outage counts', () => {
    const place = { assetId: 7, code: 'T7', name: '七号配变', area: 'north' };
    const early = assessFrequency(days(20, 10), csg, NOW);
    const [raised] = decideFrequent(place, early, null, NOW);
    if (raised?.action !== 'raise') throw new Error('expected a warning');
    expect(raised.draft).toMatchObject({
      severity: 'minor',
      title: '七号配变 近 30 天停电 2 次，接近频繁停电',
      titleEn: '七号配变 2 outages in 30 days, close to frequent outages',
    });
    const resolved: Known = { ...raised.draft, ref: 0, status: 'resolved', resolvedAt: NOW };
    expect(decideFrequent(place, early, resolved, NOW)).toEqual([]);
    expect(decideFrequent(place, assessFrequency(days(20, 10, 2), csg, NOW), resolved, NOW)).toMatchObject([
      { action: 'raise' },
    ]);
  });
});
