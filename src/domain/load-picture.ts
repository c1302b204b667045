import type { Connection, Rating, ReadingInput } from './detector.js';
import type { Limits } from './limits.js';
import type { Verdict } from './voltage-picture.js';

/*
 * Everything here is worked out from single precision, whatever precision comes in: the uneventful path of assess.ts asks with the
 * readings as they arrive, and must come to what the stored ones say. NaN = cannot be told; no comparison with it is true.
 */
const { fround, max, min, sqrt } = Math;

/** Apparent power, kVA: from active and reactive power, or else from the voltages and currents of all three phases. */
export function apparentKvaOf({ ua, ub, uc, ia, ib, ic, p, q }: ReadingInput): number {
  if (p !== null && q !== null) return sqrt(fround(p) ** 2 + fround(q) ** 2);
  if (ia === null || ib === null || ic === null || ua === null || ub === null || uc === null) return NaN;
  return (fround(ua) * fround(ia) + fround(ub) * fround(ib) + fround(uc) * fround(ic)) / 1000;
}

/** Load factor, share of the rated capacity. */
export const loadOf = (reading: ReadingInput, { capacityKva }: Rating): number =>
  capacityKva === null ? NaN : apparentKvaOf(reading) / capacityKva;

/** (Imax - Imin) / Imax; NaN at light load, where a few appliances make any figure, and where the rated current is not known. */
export function unbalanceOf({ ia, ib, ic }: ReadingInput, { capacityKva }: Rating, limits: Limits): number {
  if (ia === null || ib === null || ic === null || capacityKva === null) return NaN;
  const [a, b, c] = [fround(ia), fround(ib), fround(ic)] as const;
  const largest = max(a, b, c);
  return largest < limits.lightShare * ratedA(capacityKva, limits) ? NaN : (largest - min(a, b, c)) / largest;
}

/** Neutral current, share of the rated current; NaN where either is not known. Counts at light load, too: it heats one conductor. */
export const neutralShareOf = (reading: ReadingInput, { capacityKva }: Rating, limits: Limits): number =>
  reading.in === null || capacityKva === null ? NaN : fround(reading.in) / ratedA(capacityKva, limits);

const ratedA = (capacityKva: number, limits: Limits): number => (capacityKva * 1000) / (sqrt(3) * limits.ratedV);

export const connectionOf = ({ connection }: Rating, limits: Limits): Connection =>
  connection ?? limits.usualConnection;

/** Neither heavy nor unbalanced; true also where that cannot be told. */
export function isLoadInBand(reading: ReadingInput, rating: Rating, limits: Limits): boolean {
  const connection = connectionOf(rating, limits);
  return (
    !(loadOf(reading, rating) >= limits.heavyShare) &&
    !(unbalanceOf(reading, rating, limits) > limits.unbalanceShare[connection]) &&
    !(neutralShareOf(reading, rating, limits) > limits.neutralShare[connection])
  );
}

/** `isSupplied`: any phase is. A transformer without supply has no load to judge. */
export function judgeLoad(load: number, isSupplied: boolean, limits: Limits): Verdict {
  if (!isSupplied || Number.isNaN(load)) return 'unmeasured';
  if (load >= limits.heavyShare) return 'wrong';
  return load < limits.loadGoodShare ? 'good' : 'between';
}

/**
 * Unbalance is wrong by the three currents or by the neutral's, good only by both; a neutral that is not measured says nothing.
 * `isWhole`: all three phases are supplied. The currents of a lost phase say nothing of how the load is spread.
 */
export function judgeUnbalance(
  unbalance: number,
  neutral: number,
  isWhole: boolean,
  connection: Connection,
  limits: Limits,
): Verdict {
  if (!isWhole) return 'unmeasured';
  const limit = limits.unbalanceShare[connection];
  const neutralLimit = limits.neutralShare[connection];
  if (unbalance > limit || neutral > neutralLimit) return 'wrong';
  if (Number.isNaN(unbalance)) return 'unmeasured';
  return unbalance <= limit - limits.unbalanceHysteresis && !(neutral > neutralLimit - limits.unbalanceHysteresis)
    ? 'good'
    : 'between';
}
