import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countdownTo, formatDuration } from '../../web/src/model/countdown.js';

const HOUR = 3_600_000;
const words = { hours: 'h', minutes: 'min' };
const of8h = (passedMs: number) => countdownTo(0, 8 * HOUR, passedMs);

describe('countdown to a long outage', () => {
  it.each([
    ['just after the start', 0, 'calm'],
    ['at half of the limit', 4 * HOUR, 'near'],
    ['two hours before', 6 * HOUR, 'close'],
    ['one hour before', 7 * HOUR, 'last-hour'],
    ['a second before', 8 * HOUR - 1_000, 'last-hour'],
    ['at the limit', 8 * HOUR, 'over'],
    ['long after', 30 * HOUR, 'over'],
  ] as const)('is coloured by closeness: %s', (_, passedMs, closeness) => {
    expect(of8h(passedMs).closeness).toBe(closeness);
  });

  it.each([
    [8 * HOUR, '8 h 00 min'],
    [HOUR, '1 h 00 min'],
    [HOUR - 1_000, '59:59'],
    [61_000, '01:01'],
    [1, '00:01'],
    [0, '00:00'],
    [-999, '00:00'],
    [-1_000, '00:01'],
    [-HOUR - 60_000, '1 h 01 min'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms, words)).toBe(text);
  });

  it('shows 00:00 or "over" exactly when the limit has been reached, and never a share beyond the bar', () => {
    fc.assert(
      fc.property(fc.integer({ min: -HOUR, max: 20 * HOUR }), (passedMs) => {
        const { remainingMs, closeness, share } = of8h(passedMs);
        expect(closeness === 'over').toBe(passedMs >= 8 * HOUR);
        if (remainingMs > 0) expect(formatDuration(remainingMs, words)).not.toBe('00:00');
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});
