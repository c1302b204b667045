import type { DetectorFact, ReadingInput, SignalState } from './detector.js';
import type { EpisodeKind, Phase, Severity } from './journal-entry.js';
import type { Limits } from './limits.js';
import { followSignal } from './signal.js';
import type { Look } from './signal.js';
import { isAnyLive } from './supply.js';
import {
  isHvPhaseLost,
  judgeHigh,
  judgeLoss,
  judgeLow,
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

/** What all phases of one reading share. */
interface Frame {
  reading: ReadingInput;
  limits: Limits;
  isSupplied: boolean;
  isHvLost: boolean;
  gapMs: number;
  signals: Record<string, SignalState>;
  facts: DetectorFact[];
}

/** The signals of all phases after one reading; opened, worsened and closed episodes are added to `facts`. A phase not measured is left alone. */
export function signalsAfter(
  before: Signals | null,
  reading: ReadingInput,
  limits: Limits,
  gapMs: number,
  facts: DetectorFact[],
): Signals | null {
  const frame: Frame = {
    reading,
    limits,
    isSupplied: isAnyLive(reading, limits),
    isHvLost: isHvPhaseLost(reading, limits),
    gapMs,
    signals: before === null ? {} : { ...before },
    facts,
  };
  if (reading.ua !== null) lookAtPhase(frame, 'A', reading.ua);
  if (reading.ub !== null) lookAtPhase(frame, 'B', reading.ub);
  if (reading.uc !== null) lookAtPhase(frame, 'C', reading.uc);
  for (const _ in frame.signals) return frame.signals;
  return null;
}

function lookAtPhase(frame: Frame, phase: Phase, volts: number): void {
  const { limits, reading, isHvLost } = frame;
  const lossKey = KEYS.phase_loss[phase];
  const loss = judgeLoss(volts, frame.isSupplied, isHvLost, limits);
  follow(frame, lossKey, 'phase_loss', phase, loss, volts, severityOfLoss(reading, isHvLost, limits));
  // A phase that was lost stays lost until it is supplied again: half a voltage in between is not low voltage.
  const isLost = loss === 'wrong' || (volts < limits.liveV && frame.signals[lossKey]?.open === true);
  const low = judgeLow(volts, isLost, limits);
  follow(frame, KEYS.low_voltage[phase], 'low_voltage', phase, low, volts, severityOfLow(volts, limits));
  const high = judgeHigh(volts, limits);
  follow(frame, KEYS.high_voltage[phase], 'high_voltage', phase, high, volts, severityOfHigh(volts, limits));
}

function follow(
  frame: Frame,
  key: string,
  kind: EpisodeKind,
  phase: Phase,
  verdict: Verdict,
  volts: number,
  severity: Severity,
): void {
  const before = frame.signals[key];
  if (before === undefined && verdict !== 'wrong') return;
  const { reading, limits, gapMs, isHvLost } = frame;
  const isLoss = kind === 'phase_loss';
  const look: Look = {
    kind,
    phase,
    verdict,
    ts: reading.ts,
    volts,
    severity,
    gapMs,
    silenceIntervals: limits.silenceIntervals,
    slowestMs: limits.slowestMs,
    holdMs: isLoss ? limits.lossHoldMs : limits.voltageHoldMs,
    clearMs: isLoss ? limits.lossClearMs : limits.voltageClearMs,
    standingShare: isLoss ? 0 : limits.standingShare,
    standingMs: isLoss ? 0 : limits.standingMs,
    reading,
    limitV: isLoss ? limits.deadV : kind === 'low_voltage' ? limits.lowV : limits.highV,
    evidence: isLoss ? { side: isHvLost ? 'hv' : 'lv' } : {},
  };
  const after = followSignal(before, look, frame.facts);
  if (after === null) delete frame.signals[key];
  else frame.signals[key] = after;
}
