import { HOUR_MS } from '../instants.js';
import type { Phase } from '../journal-entry.js';
import { PHASES } from './advice.js';
import type { Advice, AdviceLimits, ByPhase, Picture } from './advice.js';
import { balancePhases, unbalanceOf } from './phase-balance.js';
import { shiftLoad } from './load-shift.js';
import {
  adviseBalance,
  adviseFieldCheck,
  adviseHvSide,
  adviseInsufficient,
  adviseLoadShift,
  adviseNeutral,
} from './advice-texts.js';
import { chooseTap } from './tap.js';
import { adviseTap, adviseUnregistered } from './tap-texts.js';

/** A phase counts as low, or high, when it was so in at least half of the abnormal readings. */
const MOSTLY = 0.5;

/**
 * What to do about a voltage out of limits, what is to be done first standing first. The order: a broken neutral (danger); the HV side,
 * when the feeder suffers with it; then what is wrong behind this transformer (phases, load); the tap only when neither is, because a
 * tap moves all phases at all hours.
 * @param now the present; advice that must wait says until when
 */
export function decideAdvice(picture: Picture, limits: AdviceLimits, now: number): Advice[] {
  const { abnormal, neighbours, kind } = picture;
  if (abnormal !== null && abnormal.lowAndHighShare >= MOSTLY) return [adviseNeutral(abnormal, limits)];
  const all = neighbours.measured + 1;
  const alike = neighbours.alike + 1;
  if (all >= limits.feederTransformers && alike / all >= limits.feederShare) {
    return [adviseHvSide(kind, { all, alike }, limits)];
  }
  const range = rangeOf(picture);
  if (range === null || picture.hours < limits.minimumHours) {
    return [adviseInsufficient(picture.hours, limits, readyAt(picture, limits, now))];
  }
  const advice = kind === 'low_voltage' ? behindTheTransformer(picture, limits) : [];
  const { tap } = picture;
  if (range.maxV / range.minV > limits.highV / limits.lowV || advice.length === 0) {
    advice.push(
      tap === null
        ? adviseUnregistered(picture, range, limits)
        : adviseTap(picture, range, tap, limits, chooseTap(kind, range, tap, limits)),
    );
  }
  return advice;
}

/** When enough hours will have been measured, if measuring goes on: the last of those that are missing is over then. */
export const readyAt = ({ hours }: Picture, { minimumHours }: AdviceLimits, now: number): number =>
  (Math.floor(now / HOUR_MS) + Math.max(1, minimumHours - hours) + 1) * HOUR_MS;

function behindTheTransformer(picture: Picture, limits: AdviceLimits): Advice[] {
  const advice: Advice[] = [];
  const [low, ...others] = lowPhases(picture, limits);
  const currents = currentsOf(picture);
  if (low !== undefined && others.length === 0 && currents !== null) {
    const unbalance = unbalanceOf(currents);
    const limitShare = limits.unbalanceShare[picture.connection];
    const heaviest = PHASES.every((phase) => currents[phase] <= currents[low]);
    const { moves, after } = balancePhases(currents);
    advice.push(
      unbalance > limitShare && heaviest && moves.length > 0
        ? adviseBalance(low, currents, moves, after, limitShare)
        : adviseFieldCheck(low, currents, unbalance, limitShare),
    );
  }
  const { peakKva, capacityKva } = picture;
  const shift = peakKva === null || capacityKva === null ? null : shiftLoad(peakKva, capacityKva, limits.loadShare);
  if (shift !== null) advice.push(adviseLoadShift(shift, peakKva ?? 0, capacityKva ?? 0, limits));
  return advice;
}

function lowPhases({ abnormal, percentiles }: Picture, { lowV }: AdviceLimits): Phase[] {
  return PHASES.filter((phase) =>
    abnormal === null ? (percentiles[phase]?.p05 ?? lowV) < lowV : abnormal.phases[phase].lowShare >= MOSTLY,
  );
}

function currentsOf({ abnormal }: Picture): ByPhase<number> | null {
  if (abnormal === null) return null;
  const { A, B, C } = abnormal.phases;
  return A.meanA === null || B.meanA === null || C.meanA === null ? null : { A: A.meanA, B: B.meanA, C: C.meanA };
}

/** The lowest p05 and the highest p95 of all measured phases. */
function rangeOf({ percentiles }: Picture): { minV: number; maxV: number } | null {
  const measured = PHASES.map((phase) => percentiles[phase]).filter((one) => one !== null);
  if (measured.length === 0) return null;
  return {
    minV: Math.min(...measured.map(({ p05 }) => p05)),
    maxV: Math.max(...measured.map(({ p95 }) => p95)),
  };
}
