import { HOUR_MS, MINUTE_MS } from './instants.js';
import type { Policy } from './policy.js';

/**
 * The policy's numbers as the detector needs them for every reading: volts and milliseconds. Volts in single precision, like the
 * readings in the database, so that a reading on its way in and the same reading run again later are judged alike.
 */
export interface Limits {
  silenceIntervals: number;
  /** The slowest pace of a terminal. */
  slowestMs: number;
  /** A phase below this has lost its supply. */
  deadV: number;
  /** A phase at or above this is supplied. */
  liveV: number;
  lowV: number;
  /** Low voltage is good again from here. */
  lowGoodV: number;
  lowMajorV: number;
  lowCriticalV: number;
  highV: number;
  /** High voltage is good again up to here. */
  highGoodV: number;
  highMajorV: number;
  highCriticalV: number;
  voltageHoldMs: number;
  voltageClearMs: number;
  standingShare: number;
  standingMs: number;
  lossHoldMs: number;
  lossClearMs: number;
  hvSumTolerance: number;
}

const known = new WeakMap<Policy, Limits>();
let newestPolicy: Policy | null = null;
let newestLimits: Limits | null = null;

/** The limits of a policy, worked out once: this is asked for every reading. */
export function limitsOf(policy: Policy): Limits {
  if (policy === newestPolicy && newestLimits !== null) return newestLimits;
  let limits = known.get(policy);
  if (limits === undefined) {
    limits = read(policy);
    known.set(policy, limits);
  }
  newestPolicy = policy;
  newestLimits = limits;
  return limits;
}

function read({ supply, voltage, phaseLoss }: Policy): Limits {
  return {
    silenceIntervals: supply.silenceIntervals,
    slowestMs: supply.slowestIntervalMinutes * MINUTE_MS,
    deadV: Math.fround(supply.deadBelowShare * supply.nominalV),
    liveV: Math.fround(supply.liveFromShare * supply.nominalV),
    lowV: Math.fround(voltage.lowV),
    lowGoodV: Math.fround(voltage.lowV + voltage.hysteresisV),
    lowMajorV: Math.fround(voltage.lowMajorV),
    lowCriticalV: Math.fround(voltage.lowCriticalV),
    highV: Math.fround(voltage.highV),
    highGoodV: Math.fround(voltage.highV - voltage.hysteresisV),
    highMajorV: Math.fround(voltage.highMajorV),
    highCriticalV: Math.fround(voltage.highCriticalV),
    voltageHoldMs: voltage.holdMinutes * MINUTE_MS,
    voltageClearMs: voltage.clearMinutes * MINUTE_MS,
    standingShare: voltage.standingShare,
    standingMs: voltage.standingHours * HOUR_MS,
    lossHoldMs: phaseLoss.holdMinutes * MINUTE_MS,
    lossClearMs: phaseLoss.clearMinutes * MINUTE_MS,
    hvSumTolerance: phaseLoss.hvSumTolerance,
  };
}
