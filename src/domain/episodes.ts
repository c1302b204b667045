import type { DetectorFact, Rating, ReadingInput, SignalState } from './detector.js';
import type { EpisodeKind, Phase, Severity } from './journal-entry.js';
import type { Limits } from './limits.js';
import { connectionOf, judgeLoad, judgeUnbalance, loadOf, neutralShareOf, unbalanceOf } from './load-picture.js';
import { followSignal, readable } from './signal.js';
import { isAnyLive } from './supply.js';
import {
  isHvPhaseLost,
  judgeHigh,
  judgeLoss,
  judgeLow,
  judgeNeutral,
  neutralShiftOf,
  severityOfHigh,
  severityOfLoss,
  severityOfLow,
} from './voltage-picture.js';
import type { Verdict } from './voltage-picture.js';

type Signals = Readonly<Record<string, SignalState>>;

const KEYS = {
  phase_loss: { A: 'phase_loss:A', B: 'phase_loss:B', C: 'phase_loss:C' },
  low_voltage: { A: 'low_voltage:A', B: 'low_voltage:B', C: 'low_voltage:C' },
  high_voltage: { A: 'high_voltage:A', B: 'high_voltage:B', C: 'high_voltage:C' },
} as const;

/** By what a reading is judged, and how far apart readings may be. */
export interface Measure {
  limits: Limits;
  rating: Rating;
  gapMs: number;
}

/** What all signals of one reading share. */
interface Frame extends Measure {
  reading: ReadingInput;
  isSupplied: boolean;
  isHvLost: boolean;
  /** What the neutral says explains the voltages: they are not low, high or lost each for itself. */
  neutral: Verdict;
  before: Signals | null;
  /** A copy of `before` from the first change on. */
  signals: Record<string, SignalState> | null;
  facts: DetectorFact[];
}

/** The signals of all phases after one reading; opened, worsened and closed episodes are added to `facts`. A phase not measured is left alone. */
export function signalsAfter(
  before: Signals | null,
  reading: ReadingInput,
  measure: Measure,
  facts: DetectorFact[],
): Signals | null {
  const { limits } = measure;
  const isSupplied = isAnyLive(reading, limits);
  const frame: Frame = {
    ...measure,
    reading,
    isSupplied,
    isHvLost: isHvPhaseLost(reading, limits),
    neutral: judgeNeutral(reading, isSupplied, limits),
    before,
    signals: null,
    facts,
  };
  if (reading.ua !== null) lookAtPhase(frame, 'A', reading.ua);
  if (reading.ub !== null) lookAtPhase(frame, 'B', reading.ub);
  if (reading.uc !== null) lookAtPhase(frame, 'C', reading.uc);
  lookAtNeutral(frame);
  lookAtLoad(frame);
  lookAtUnbalance(frame);
  if (frame.signals === null) return before;
  for (const _ in frame.signals) return frame.signals;
  return null;
}

function lookAtPhase(frame: Frame, phase: Phase, volts: number): void {
  const { limits, reading, isHvLost } = frame;
  const isShifted = frame.neutral === 'wrong';
  const lossKey = KEYS.phase_loss[phase];
  const loss = isShifted ? 'unmeasured' : judgeLoss(volts, frame.isSupplied, isHvLost, limits);
  if (isSeen(frame, lossKey, loss)) {
    const evidence = { side: isHvLost ? 'hv' : 'lv', limitV: readable(limits.deadV) };
    const severity = severityOfLoss(reading, isHvLost, limits);
    follow(frame, lossKey, { kind: 'phase_loss', phase, verdict: loss, value: volts, severity, evidence });
  }
  // A phase that was lost stays lost until it is supplied again: half a voltage in between is not low voltage.
  const isLost = loss === 'wrong' || (volts < limits.liveV && signalOf(frame, lossKey)?.open === true);
  const low = isShifted ? 'unmeasured' : judgeLow(volts, isLost, limits);
  const lowKey = KEYS.low_voltage[phase];
  if (isSeen(frame, lowKey, low)) {
    const evidence = { limitV: readable(limits.lowV) };
    const severity = severityOfLow(volts, limits);
    follow(frame, lowKey, { kind: 'low_voltage', phase, verdict: low, value: volts, severity, evidence });
  }
  const high = isShifted ? 'unmeasured' : judgeHigh(volts, limits);
  const highKey = KEYS.high_voltage[phase];
  if (isSeen(frame, highKey, high)) {
    const evidence = { limitV: readable(limits.highV) };
    const severity = severityOfHigh(volts, limits);
    follow(frame, highKey, { kind: 'high_voltage', phase, verdict: high, value: volts, severity, evidence });
  }
}

/** Appliances burn within minutes: always critical. */
function lookAtNeutral(frame: Frame): void {
  const { neutral: verdict, reading, limits } = frame;
  const key = 'broken_neutral:';
  if (!isSeen(frame, key, verdict)) return;
  const [ua, ub, uc] = [reading.ua ?? 0, reading.ub ?? 0, reading.uc ?? 0];
  follow(frame, key, {
    kind: 'broken_neutral',
    phase: '',
    verdict,
    value: Math.max(ua, ub, uc),
    severity: 'critical',
    evidence: {
      limitV: readable(limits.neutralHighV),
      lowestV: readable(Math.min(ua, ub, uc)),
      sumV: readable(ua + ub + uc),
      neutralShiftV: readable(neutralShiftOf(ua, ub, uc)),
    },
  });
}

function lookAtLoad(frame: Frame): void {
  const { reading, rating, limits } = frame;
  const load = loadOf(reading, rating);
  const verdict = judgeLoad(load, frame.isSupplied, limits);
  const key = 'overload:';
  if (!isSeen(frame, key, verdict)) return;
  const isMajor = holdsBand(frame, 'overload', 'major', verdict, load > limits.overShare);
  const isCritical = holdsBand(frame, 'overload', 'critical', verdict, load > limits.severeShare);
  follow(frame, key, {
    kind: 'overload',
    phase: '',
    verdict,
    value: 100 * load,
    severity: isCritical ? 'critical' : isMajor ? 'major' : 'minor',
    evidence: {
      limitPercent: readable(100 * limits.heavyShare),
      loadPercent: percent(load),
      capacityKva: rating.capacityKva,
      ...loadEvidence(reading),
    },
  });
}

function lookAtUnbalance(frame: Frame): void {
  const { reading, rating, limits } = frame;
  const { ua, ub, uc } = reading;
  const isWhole =
    ua !== null && ub !== null && uc !== null && ua >= limits.liveV && ub >= limits.liveV && uc >= limits.liveV;
  const unbalance = unbalanceOf(reading, rating, limits);
  const connection = connectionOf(rating, limits);
  const neutral = neutralShareOf(reading, rating, limits);
  const verdict = judgeUnbalance(unbalance, neutral, isWhole, connection, limits);
  const key = 'unbalance:';
  if (!isSeen(frame, key, verdict)) return;
  const isMajor = holdsBand(frame, 'unbalance', 'major', verdict, unbalance > limits.unbalanceMajorShare);
  follow(frame, key, {
    kind: 'unbalance',
    phase: '',
    verdict,
    value: Number.isNaN(unbalance) ? 0 : 100 * unbalance, // light load, and too much in the neutral all the same
    severity: isMajor ? 'major' : 'minor',
    evidence: {
      limitPercent: readable(100 * limits.unbalanceShare[connection]),
      unbalancePercent: percent(unbalance),
      ...neutralEvidence(reading, neutral, limits.neutralShare[connection]),
      connection,
      isConnectionRegistered: rating.connection !== null,
      capacityKva: rating.capacityKva,
      ...loadEvidence(reading),
    },
  });
}

function neutralEvidence({ in: amperes }: ReadingInput, neutral: number, limitShare: number): Record<string, unknown> {
  if (amperes === null || Number.isNaN(neutral)) return {};
  return {
    neutralA: readable(amperes),
    neutralPercent: percent(neutral),
    neutralLimitPercent: readable(100 * limitShare),
  };
}

const percent = (share: number): number | null => (Number.isNaN(share) ? null : readable(100 * share));

function loadEvidence({ ia, ib, ic, p, q }: ReadingInput): Record<string, unknown> {
  const rounded = (value: number | null): number | null => (value === null ? null : readable(value));
  return { ia: rounded(ia), ib: rounded(ib), ic: rounded(ic), p: rounded(p), q: rounded(q) };
}

/**
 * Follows one band of severity beside its signal, because a band counts only once it has lasted the hold time itself: half an hour of
 * overload in an evening of heavy load is heavy load.
 */
function holdsBand(frame: Frame, kind: EpisodeKind, severity: Severity, verdict: Verdict, isIn: boolean): boolean {
  const key = `${kind}>${severity}:`;
  const inBand = isIn && verdict === 'wrong' ? 'wrong' : 'good';
  if (!isSeen(frame, key, inBand)) return false;
  follow(frame, key, { kind, phase: '', verdict: inBand, value: 0, severity, evidence: {}, holdMs: Infinity });
  const since = signalOf(frame, key)?.since ?? null;
  return since !== null && frame.reading.ts - since >= frame.limits.times[kind].holdMs;
}

const signalOf = (frame: Frame, key: string): SignalState | undefined => (frame.signals ?? frame.before)?.[key];

/** Nearly every signal of nearly every reading is right and was right before. */
const isSeen = (frame: Frame, key: string, verdict: Verdict): boolean =>
  verdict === 'wrong' || signalOf(frame, key) !== undefined;

interface Sight {
  kind: EpisodeKind;
  phase: Phase | '';
  verdict: Verdict;
  value: number;
  severity: Severity;
  evidence: Record<string, unknown>;
  /** Instead of the kind's own. */
  holdMs?: number;
}

function follow(frame: Frame, key: string, sight: Sight): void {
  const { reading, limits, gapMs } = frame;
  const { holdMs, clearMs, standingShare, standingMs } = limits.times[sight.kind];
  const before = signalOf(frame, key);
  const after = followSignal(
    before,
    {
      kind: sight.kind,
      phase: sight.phase,
      verdict: sight.verdict,
      value: sight.value,
      severity: sight.severity,
      evidence: sight.evidence,
      ts: reading.ts,
      gapMs,
      silenceIntervals: limits.silenceIntervals,
      slowestMs: limits.slowestMs,
      holdMs: sight.holdMs ?? holdMs,
      clearMs,
      standingShare,
      standingMs,
      reading,
    },
    frame.facts,
  );
  if (after === before) return;
  frame.signals ??= { ...frame.before };
  if (after === null) delete frame.signals[key];
  else frame.signals[key] = after;
}
