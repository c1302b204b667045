import { HOUR_MS, MINUTE_MS } from './instants.js';
import type { Connection } from './detector.js';
import type { EpisodeKind } from './journal-entry.js';
import type { Policy } from './policy.js';

/** The times that rule one kind of signal. */
export interface SignalTimes {
  holdMs: number;
  clearMs: number;
  standingShare: number;
  standingMs: number;
}

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
  hvSumTolerance: number;
  /** Broken neutral: one phase above, another below, the sum of the three between, the neutral at least so far from its place. */
  neutralHighV: number;
  neutralLowV: number;
  neutralSumMinV: number;
  neutralSumMaxV: number;
  neutralShiftV: number;
  /** Shares of the rated capacity. */
  heavyShare: number;
  overShare: number;
  severeShare: number;
  /** Load is good again below this. */
  loadGoodShare: number;
  /** Volts line to line that belong to the rated current. */
  ratedV: number;
  /** Below this share of the rated current unbalance means nothing. */
  lightShare: number;
  usualConnection: Connection;
  /** Shares of the largest current. */
  unbalanceShare: Record<Connection, number>;
  /** Neutral current, shares of the rated one. */
  neutralShare: Record<Connection, number>;
  unbalanceHysteresis: number;
  unbalanceMajorShare: number;
  times: Record<EpisodeKind, SignalTimes>;
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

function read({ supply, voltage, phaseLoss, brokenNeutral, load, unbalance }: Policy): Limits {
  const standing = { standingShare: voltage.standingShare, standingMs: voltage.standingHours * HOUR_MS };
  const times = (
    { holdMinutes, clearMinutes }: { holdMinutes: number; clearMinutes: number },
    rest = { standingShare: 0, standingMs: 0 },
  ): SignalTimes => ({ holdMs: holdMinutes * MINUTE_MS, clearMs: clearMinutes * MINUTE_MS, ...rest });
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
    hvSumTolerance: phaseLoss.hvSumTolerance,
    neutralHighV: Math.fround(brokenNeutral.highV),
    neutralLowV: Math.fround(brokenNeutral.lowV),
    // Of a point inside a triangle with sides of sqrt(3) x Un the distances to the corners sum up to 3 Un in the middle and to
    // 2 sqrt(3) Un in a corner; the network itself may be high or low by the tolerance.
    neutralSumMinV: (1 - brokenNeutral.sumTolerance) * 3 * supply.nominalV,
    neutralSumMaxV: (1 + brokenNeutral.sumTolerance) * 2 * Math.sqrt(3) * supply.nominalV,
    neutralShiftV: brokenNeutral.shiftV,
    heavyShare: load.heavyShare,
    overShare: load.overShare,
    severeShare: load.severeShare,
    loadGoodShare: load.heavyShare - load.hysteresisShare,
    ratedV: load.ratedV,
    lightShare: unbalance.lightShare,
    usualConnection: unbalance.usualConnection,
    unbalanceShare: { Yyn0: unbalance.yyn0Share, Dyn11: unbalance.dyn11Share },
    neutralShare: { Yyn0: unbalance.neutralYyn0Share, Dyn11: unbalance.neutralDyn11Share },
    unbalanceHysteresis: unbalance.hysteresisShare,
    unbalanceMajorShare: unbalance.majorShare,
    times: {
      low_voltage: times(voltage, standing),
      high_voltage: times(voltage, standing),
      phase_loss: times(phaseLoss),
      broken_neutral: times(brokenNeutral),
      overload: times(load, standing),
      unbalance: times(unbalance, standing),
    },
  };
}
