import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseTap, forecastTaps, noLoadLineV, tapHvKv } from '../../../src/domain/advice/tap.js';

const LIMITS = { lowV: 198, highV: 235.4, marginV: 2 };
const FIVE = { count: 5, stepPercent: 2.5 };

describe('voltages of the taps', () => {
  it('gives the plate of a 10 kV +-2x2.5 % transformer: 381.0, 390.2, 400.0, 410.3, 421.1 V', () => {
    const taps = [1, 2, 3, 4, 5];
    expect(taps.map((tap) => tapHvKv(FIVE, tap))).toEqual([10.5, 10.25, 10, 9.75, 9.5]);
    expect(taps.map((tap) => noLoadLineV(FIVE, tap).toFixed(1))).toEqual(['381.0', '390.2', '400.0', '410.3', '421.1']);
    const phase = taps.map((tap) => (noLoadLineV(FIVE, tap) / Math.sqrt(3)).toFixed(1));
    expect(phase).toEqual(['219.9', '225.3', '230.9', '236.9', '243.1']);
  });

  it('gives the plate of a 10 kV +-5 % transformer: 10.5, 10, 9.5 kV', () => {
    expect([1, 2, 3].map((tap) => tapHvKv({ count: 3, stepPercent: 5 }, tap))).toEqual([10.5, 10, 9.5]);
  });

  it('raises the voltage by 2.6 % for a step of 2.5 % down from the middle, and lowers it by 2.4 % up', () => {
    const forecasts = forecastTaps({ minV: 200, maxV: 220 }, { ...FIVE, position: 3 }, LIMITS);
    expect(forecasts.map(({ minV }) => Number(minV.toFixed(2)))).toEqual([190.48, 195.12, 200, 205.13, 210.53]);
  });
});

describe('the choice of a tap', () => {
  it('goes from III to IV when the lowest is 196 V and the highest 220 V', () => {
    // IV: 201.0 .. 225.6, margin 3.0; V: 206.3 .. 231.6, margin 3.8: the better smaller margin, but two steps away.
    const choice = chooseTap('low_voltage', { minV: 196, maxV: 220 }, { ...FIVE, position: 3 }, LIMITS);
    expect(choice).toMatchObject({ verdict: 'move', next: { position: 4 }, best: { position: 5 } });
  });

  it('goes one step only, also when that step alone does not yet reach the margin', () => {
    const choice = chooseTap('low_voltage', { minV: 186, maxV: 208 }, { ...FIVE, position: 2 }, LIMITS);
    expect(choice).toMatchObject({ verdict: 'move', next: { position: 3, feasible: false }, best: { position: 5 } });
  });

  it('goes to the higher HV tap when the voltage is too high (高往高调)', () => {
    const choice = chooseTap('high_voltage', { minV: 222, maxV: 238 }, { ...FIVE, position: 3 }, LIMITS);
    expect(choice).toMatchObject({ verdict: 'move', next: { position: 2 } });
  });

  it('finds no fixed tap beyond the ratio 235.4 / 198 = 1.189, and one within it', () => {
    const tap = { ...FIVE, position: 3 };
    expect(chooseTap('low_voltage', { minV: 190, maxV: 190 * 1.19 }, tap, LIMITS).verdict).toBe('spread');
    expect(chooseTap('low_voltage', { minV: 190, maxV: 190 * 1.1 }, tap, LIMITS).verdict).toBe('move');
  });

  it('says that none fits at the end of the range', () => {
    const choice = chooseTap('low_voltage', { minV: 190, maxV: 205 }, { ...FIVE, position: 5 }, LIMITS);
    expect(choice).toMatchObject({ verdict: 'none_fits', closest: { position: 5 } });
  });

  it('leaves a tap that is already the best', () => {
    const choice = chooseTap('low_voltage', { minV: 207, maxV: 226 }, { ...FIVE, position: 3 }, LIMITS);
    expect(choice.verdict).toBe('stay');
  });
});

const changers = fc
  .record({ count: fc.constantFrom(3, 5, 7), stepPercent: fc.constantFrom(2.5, 5), at: fc.nat() })
  .map(({ count, stepPercent, at }) => ({ count, stepPercent, position: (at % count) + 1 }));
const ranges = fc
  .record({ minV: fc.double({ min: 150, max: 240, noNaN: true }), ratio: fc.double({ min: 1, max: 1.3, noNaN: true }) })
  .map(({ minV, ratio }) => ({ minV, maxV: minV * ratio }));
const kinds = fc.constantFrom('low_voltage' as const, 'high_voltage' as const);

describe('what holds for every tap', () => {
  it('never calls a tap feasible that leaves the band, and goes one step in the direction of the cure', () => {
    fc.assert(
      fc.property(kinds, ranges, changers, (kind, range, changer) => {
        const choice = chooseTap(kind, range, changer, LIMITS);
        for (const one of choice.forecasts) {
          expect(one.feasible).toBe(one.minV >= LIMITS.lowV + 2 - 1e-9 && one.maxV <= LIMITS.highV - 2 + 1e-9);
        }
        if (choice.verdict !== 'move') return;
        expect(choice.best.feasible).toBe(true);
        expect(choice.next.position - changer.position).toBe(kind === 'low_voltage' ? 1 : -1);
        // A step on the way to a feasible tap never passes the limit on the far side.
        if (kind === 'low_voltage') expect(choice.next.maxV).toBeLessThanOrEqual(LIMITS.highV);
        else expect(choice.next.minV).toBeGreaterThanOrEqual(LIMITS.lowV);
      }),
    );
  });

  it('rises with the number of the tap, and finds no tap where the ratio is too wide', () => {
    fc.assert(
      fc.property(kinds, ranges, changers, (kind, range, changer) => {
        const { verdict, forecasts } = chooseTap(kind, range, changer, LIMITS);
        const volts = forecasts.map(({ minV }) => minV);
        expect([...volts].sort((a, b) => a - b)).toEqual(volts);
        if (verdict === 'spread') expect(forecasts.some(({ marginV }) => marginV >= 0)).toBe(false);
      }),
    );
  });

  it('never advises a lower best tap for a lower voltage', () => {
    fc.assert(
      fc.property(ranges, changers, fc.double({ min: 0.9, max: 1, noNaN: true }), (range, changer, factor) => {
        const best = (scale: number): number | null => {
          const scaled = { minV: range.minV * scale, maxV: range.maxV * scale };
          const choice = chooseTap('low_voltage', scaled, changer, LIMITS);
          return choice.verdict === 'move' ? choice.best.position : choice.verdict === 'stay' ? changer.position : null;
        };
        const [of, ofLower] = [best(1), best(factor)];
        if (of !== null && ofLower !== null) expect(ofLower).toBeGreaterThanOrEqual(of);
      }),
    );
  });
});
