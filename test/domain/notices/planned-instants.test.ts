import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../../src/domain/instants.js';
import { plannedInstants } from '../../../src/domain/notices/planned-instants.js';

const DAYTIME = { fromHour: 8, toHour: 20 };
const t = (text: string): number => new Date(text).getTime();
const told = (start: string, now: string): string[] =>
  plannedInstants(t(start), 7, t(now), DAYTIME).map(({ stage, at }) => {
    const date = new Date(at);
    return `${stage} ${date.getMonth() + 1}-${date.getDate()} ${date.getHours()}:${String(date.getMinutes()).padStart(2, '0')}`;
  });

describe('plannedInstants', () => {
  it('tells 7 days before and on the day before', () => {
    expect(told('2026-07-20T09:00', '2026-07-01T10:00')).toEqual(['lead 7-13 9:00', 'day_before 7-19 9:00']);
  });

  it('moves a lead at night back into the day before it, for 7 days are a minimum', () => {
    expect(told('2026-07-20T05:00', '2026-07-01T10:00')).toEqual(['lead 7-12 19:00', 'day_before 7-19 8:00']);
    expect(told('2026-07-20T22:30', '2026-07-01T10:00')).toEqual(['lead 7-13 19:00', 'day_before 7-19 19:00']);
  });

  it('tells at once what was registered late, in daytime', () => {
    expect(told('2026-07-20T09:00', '2026-07-17T10:30')).toEqual(['lead 7-17 10:30', 'day_before 7-19 9:00']);
    expect(told('2026-07-20T09:00', '2026-07-17T23:30')).toEqual(['lead 7-18 8:00', 'day_before 7-19 9:00']);
  });

  it('wakes people rather than telling them after the start', () => {
    expect(told('2026-07-20T06:00', '2026-07-20T02:00')).toEqual(['lead 7-20 2:00']);
  });

  it('tells once when the first message falls on the day before', () => {
    expect(told('2026-07-20T09:00', '2026-07-19T08:30')).toEqual(['lead 7-19 8:30']);
  });

  it('tells nothing of what has begun', () => {
    expect(told('2026-07-20T09:00', '2026-07-20T09:00')).toEqual([]);
  });

  it('never tells after the start, never before now, and never keeps the lead short when there was time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * 24 * 60 }), fc.integer({ min: 0, max: 20 }), (minutes, lead) => {
        const now = t('2026-03-01T00:00');
        const start = now + minutes * 60_000;
        const instants = plannedInstants(start, lead, now, DAYTIME);
        for (const { at } of instants) {
          expect(at).toBeGreaterThanOrEqual(now);
          expect(at).toBeLessThan(start + (lead === 0 ? 1 : 0));
        }
        if (start - now >= lead * DAY_MS + 13 * HOUR_MS)
          expect(start - (instants[0]?.at ?? Infinity)).toBeGreaterThanOrEqual(lead * DAY_MS);
      }),
    );
  });
});
