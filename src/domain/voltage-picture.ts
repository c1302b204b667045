import type { ReadingInput } from './detector.js';
import type { Limits } from './limits.js';
import type { Severity } from './journal-entry.js';

/**
 * What one reading says of one signal: wrong; good (beyond the hysteresis); between (neither: an episode stays, a hold time breaks);
 * unmeasured (the phase or the whole supply is gone, so the signal cannot be judged: an episode waits, a hold time breaks).
 */
export type Verdict = 'wrong' | 'good' | 'between' | 'unmeasured';

/**
 * One phase of the HV side is lost: one LV phase stays normal, the windings of the other two lie in series across the same line
 * voltage, so both collapse and add up to about the normal one (recorded: 156 V + 84 V = 240 V). Both have lost their supply, also the
 * one that is above the loss limit.
 */
export function isHvPhaseLost({ ua, ub, uc }: ReadingInput, limits: Limits): boolean {
  if (ua === null || ub === null || uc === null) return false;
  const normal = Math.max(ua, ub, uc);
  const lowest = Math.min(ua, ub, uc);
  const middle = ua + ub + uc - normal - lowest;
  return (
    normal >= limits.liveV &&
    middle < limits.liveV &&
    lowest < limits.deadV &&
    Math.abs(middle + lowest - normal) <= limits.hvSumTolerance * normal
  );
}

/**
 * Where the neutral point lies, from the three voltages alone: the line voltages come from the high-voltage side and stay, so the phase
 * voltages are the distances of the neutral from the corners of an equilateral triangle. With Q = sum of squares and F = sum of fourth
 * powers its side is sqrt((Q + sqrt(3 Q^2 - 6 F)) / 2); the middle is side / sqrt(3) from the corners.
 * @returns volts between the neutral and its place
 */
export function neutralShiftOf(ua: number, ub: number, uc: number): number {
  const squares = ua ** 2 + ub ** 2 + uc ** 2;
  const fourths = ua ** 4 + ub ** 4 + uc ** 4;
  const sideSquared = (squares + Math.sqrt(Math.max(0, 3 * squares ** 2 - 6 * fourths))) / 2;
  return Math.sqrt(Math.max(0, squares / 3 - sideSquared / 3));
}

/**
 * A broken neutral: the neutral has left its place, so that one phase is clearly high and another low, while the sum of the three stays
 * about what it was. With a lost HV phase no phase is high and the sum falls to two thirds; with overload all sag.
 */
export function judgeNeutral({ ua, ub, uc }: ReadingInput, isSupplied: boolean, limits: Limits): Verdict {
  if (!isSupplied || ua === null || ub === null || uc === null) return 'unmeasured';
  const shift = neutralShiftOf(ua, ub, uc);
  const sum = ua + ub + uc;
  if (
    Math.max(ua, ub, uc) > limits.neutralHighV &&
    Math.min(ua, ub, uc) < limits.neutralLowV &&
    sum >= limits.neutralSumMinV &&
    sum <= limits.neutralSumMaxV &&
    shift >= limits.neutralShiftV
  )
    return 'wrong';
  return shift <= limits.neutralShiftV / 2 ? 'good' : 'between';
}

/** A phase is lost while another is supplied (`isSupplied`: any phase is). When none is, that is an outage (see supply.ts) and phase loss cannot be judged. */
export function judgeLoss(volts: number, isSupplied: boolean, isHvLost: boolean, limits: Limits): Verdict {
  if (!isSupplied) return 'unmeasured';
  if (volts >= limits.liveV) return 'good';
  return volts < limits.deadV || isHvLost ? 'wrong' : 'between';
}

/** `isLost`: the phase counts as lost. Below the assessment band voltage is not low but gone. */
export function judgeLow(volts: number, isLost: boolean, limits: Limits): Verdict {
  if (isLost || volts < limits.deadV) return 'unmeasured';
  if (volts < limits.lowV) return 'wrong';
  return volts >= limits.lowGoodV ? 'good' : 'between';
}

export function judgeHigh(volts: number, limits: Limits): Verdict {
  if (volts < limits.deadV) return 'unmeasured';
  if (volts > limits.highV) return 'wrong';
  return volts <= limits.highGoodV ? 'good' : 'between';
}

export const severityOfLow = (volts: number, limits: Limits): Severity =>
  volts < limits.lowCriticalV ? 'critical' : volts < limits.lowMajorV ? 'major' : 'minor';

export const severityOfHigh = (volts: number, limits: Limits): Severity =>
  volts > limits.highCriticalV ? 'critical' : volts > limits.highMajorV ? 'major' : 'minor';

/** One lost phase leaves two thirds of the customers supplied; two, or a lost HV phase, also ruin three-phase motors. */
export function severityOfLoss({ ua, ub, uc }: ReadingInput, isHvLost: boolean, limits: Limits): Severity {
  const lost = countLost(ua, limits) + countLost(ub, limits) + countLost(uc, limits);
  return isHvLost || lost > 1 ? 'critical' : 'major';
}

const countLost = (volts: number | null, limits: Limits): number => (volts !== null && volts < limits.deadV ? 1 : 0);
