import type { AdviceLimits, Picture, TapChanger } from './advice.js';

const NOMINAL_HV_KV = 10;
const NOMINAL_LV_V = 400;

/** One tap with the range of voltage that the measured range becomes on it. */
export interface TapForecast {
  position: number;
  hvKv: number;
  minV: number;
  maxV: number;
  /** The smaller distance from a limit; negative = out of limits. */
  marginV: number;
  feasible: boolean;
}

export type TapChoice =
  /** The ratio of measured voltages is wider than the band: no fixed tap can fit. */
  | { verdict: 'spread'; forecasts: TapForecast[] }
  /** The band is wide enough, but no tap of this changer in the direction of the cure keeps the margin. */
  | { verdict: 'none_fits'; closest: TapForecast; forecasts: TapForecast[] }
  /** The present tap is the best. */
  | { verdict: 'stay'; forecasts: TapForecast[] }
  /** `next` is one step from the present tap towards `best`. */
  | { verdict: 'move'; next: TapForecast; best: TapForecast; forecasts: TapForecast[] };

/** HV voltage of a tap in kV: taps lie around the middle one, tap I highest (10.5 / 10 / 9.5 kV, or in steps of 2.5 %). */
export const tapHvKv = ({ count, stepPercent }: Omit<TapChanger, 'position'>, position: number): number =>
  NOMINAL_HV_KV * (1 + (stepPercent / 100) * ((count + 1) / 2 - position));

/** LV line voltage without load, when 10 kV are supplied. */
export const noLoadLineV = (changer: Omit<TapChanger, 'position'>, position: number): number =>
  (NOMINAL_LV_V * NOMINAL_HV_KV) / tapHvKv(changer, position);

/** What the measured range becomes on each tap: V' = V x U_now / U_tap. */
export function forecastTaps(
  range: { minV: number; maxV: number },
  changer: TapChanger,
  limits: Pick<AdviceLimits, 'lowV' | 'highV' | 'marginV'>,
): TapForecast[] {
  const nowKv = tapHvKv(changer, changer.position);
  return Array.from({ length: changer.count }, (_, index) => {
    const hvKv = tapHvKv(changer, index + 1);
    const minV = (range.minV * nowKv) / hvKv;
    const maxV = (range.maxV * nowKv) / hvKv;
    const marginV = Math.min(minV - limits.lowV, limits.highV - maxV);
    return { position: index + 1, hvKv, minV, maxV, marginV, feasible: marginV >= limits.marginV };
  });
}

/**
 * The tap with the best smaller margin, in the direction of the cure only (高往高调, 低往低调: too high goes to the higher HV tap, I; too low
 * to the lower one), and at most one step per order: the taps between the present and the best never pass the limit on the far side.
 */
export function chooseTap(
  kind: Picture['kind'],
  range: { minV: number; maxV: number },
  changer: TapChanger,
  limits: Pick<AdviceLimits, 'lowV' | 'highV' | 'marginV'>,
): TapChoice {
  const forecasts = forecastTaps(range, changer, limits);
  if (range.maxV / range.minV > limits.highV / limits.lowV) return { verdict: 'spread', forecasts };
  const direction = kind === 'low_voltage' ? 1 : -1;
  const reachable = forecasts
    .filter(({ position }) => (position - changer.position) * direction >= 0)
    .sort((a, b) => b.marginV - a.marginV || (a.position - b.position) * direction);
  const [closest] = reachable;
  if (closest === undefined) throw new Error(`tap ${changer.position} is not one of ${changer.count}`);
  if (!closest.feasible) return { verdict: 'none_fits', closest, forecasts };
  if (closest.position === changer.position) return { verdict: 'stay', forecasts };
  const next = reachable.find(({ position }) => position === changer.position + direction) ?? closest;
  return { verdict: 'move', next, best: closest, forecasts };
}

/** I, II, III: the numbers on the plate. */
export const tapName = (position: number): string =>
  ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'][position - 1] ?? String(position);
