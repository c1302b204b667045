import { describe, expect, it } from '@jest/globals';
import { majorEventDays, majorEventThreshold } from '../../src/domain/major-event-days.js';

describe('major event days (2.5 beta)', () => {
  const rule = { years: 5, betas: 2.5 };
  it('drops zero days: logs 0, 1, 2 give alpha 1, beta 1, threshold exp(3.5)', () => {
    const threshold = majorEventThreshold([0, 1, Math.E, 0, Math.E ** 2], 2.5);
    expect(threshold).toMatchObject({ days: 3 });
    expect(threshold?.alpha).toBeCloseTo(1, 12);
    expect(threshold?.beta).toBeCloseTo(1, 12);
    expect(threshold?.tMedMinutes).toBeCloseTo(33.1155, 4);
  });

  it.each([
    ['no day', []],
    ['only zero days', [0, 0]],
    ['one day', [0, 4]],
  ])('has no threshold from %s', (_, days) => {
    expect(majorEventThreshold(days, 2.5)).toBeNull();
  });

  it('applies the threshold of five years to the year after them, and never to the years it came from', () => {
    const day = (year: number, saidiMinutes: number) => ({ year, date: `${year}-06-01`, saidiMinutes });
    const history = [day(2020, 1e6), ...[2021, 2022, 2023].map((year, log) => day(year, Math.exp(log)))];
    const { thresholds, days } = majorEventDays([...history, day(2026, 33.2), day(2025, 33.0)], [2026], rule);
    // 2020 is too far back. 2025 counts as history of 2026: logs 0, 1, 2, 3.497.
    expect(thresholds.get(2026)?.days).toBe(4);
    expect(days).toEqual([]);
    const earlier = majorEventDays([...history.slice(1), day(2026, 33.2)], [2026], rule);
    expect(earlier.days.map(({ date }) => date)).toEqual(['2026-06-01']);
  });
});
