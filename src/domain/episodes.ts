import type { DetectorFact, EpisodeFact, ReadingInput, SignalState } from './detector.js';
import type { EpisodeKind, Phase, Severity } from './journal-entry.js';
import type { Limits } from './limits.js';
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

/** How long a kind of signal must be wrong before it is an episode, and good before the episode is over. */
interface Timing {
  holdMs: number;
  clearMs: number;
  standingShare: number;
  standingMs: number;
}

/** One reading as one signal of one phase sees it. */
interface Look {
  kind: EpisodeKind;
  phase: Phase;
  verdict: Verdict;
  ts: number;
  volts: number;
  severity: Severity;
  gapMs: number;
  timing: Timing;
  evidence: Record<string, unknown>;
}

const RANK: Record<Severity, number> = { info: 0, minor: 1, major: 2, critical: 3 };
const KEYS = {
  phase_loss: { A: 'phase_loss:A', B: 'phase_loss:B', C: 'phase_loss:C' },
  low_voltage: { A: 'low_voltage:A', B: 'low_voltage:B', C: 'low_voltage:C' },
  high_voltage: { A: 'high_voltage:A', B: 'high_voltage:B', C: 'high_voltage:C' },
} as const;

/** The signals of all phases after one reading; opened, worsened and closed episodes are added to `facts`. A phase not measured is left alone. */
export function signalsAfter(
  before: Signals | null,
  reading: ReadingInput,
  limits: Limits,
  gapMs: number,
  facts: DetectorFact[],
): Signals | null {
  const signals: Record<string, SignalState> = { ...before };
  const { ts, ua, ub, uc } = reading;
  const volts = { ua, ub, uc };
  const isHvLost = isHvPhaseLost(reading, limits);
  const ofVoltage: Timing = {
    holdMs: limits.voltageHoldMs,
    clearMs: limits.voltageClearMs,
    standingShare: limits.standingShare,
    standingMs: limits.standingMs,
  };
  const ofLoss: Timing = { holdMs: limits.lossHoldMs, clearMs: limits.lossClearMs, standingShare: 0, standingMs: 0 };
  const look = (phase: Phase, v: number): void => {
    const base = { phase, ts, volts: v, gapMs };
    const loss = judgeLoss(v, reading, isHvLost, limits);
    follow(signals, facts, KEYS.phase_loss[phase], {
      ...base,
      kind: 'phase_loss',
      verdict: loss,
      severity: severityOfLoss(reading, isHvLost, limits),
      timing: ofLoss,
      evidence: { side: isHvLost ? 'hv' : 'lv', lossBelowV: limits.deadV, suppliedFromV: limits.liveV, ...volts },
    });
    // A phase that was lost stays lost until it is supplied again: half a voltage in between is not low voltage.
    const isLost = loss === 'wrong' || (v < limits.liveV && signals[KEYS.phase_loss[phase]]?.open === true);
    follow(signals, facts, KEYS.low_voltage[phase], {
      ...base,
      kind: 'low_voltage',
      verdict: judgeLow(v, isLost, limits),
      severity: severityOfLow(v, limits),
      timing: ofVoltage,
      evidence: { limitV: limits.lowV, ...volts },
    });
    follow(signals, facts, KEYS.high_voltage[phase], {
      ...base,
      kind: 'high_voltage',
      verdict: judgeHigh(v, limits),
      severity: severityOfHigh(v, limits),
      timing: ofVoltage,
      evidence: { limitV: limits.highV, ...volts },
    });
  };
  if (ua !== null) look('A', ua);
  if (ub !== null) look('B', ub);
  if (uc !== null) look('C', uc);
  return Object.keys(signals).length === 0 ? null : signals;
}

/** Carries one signal over one look at it. */
function follow(signals: Record<string, SignalState>, facts: DetectorFact[], key: string, look: Look): void {
  const before = signals[key];
  if (before === undefined && look.verdict !== 'wrong') return;
  const after = look.verdict === 'wrong' ? whenWrong(before, look, facts) : whenNotWrong(before, look, facts);
  if (after === null) delete signals[key];
  else signals[key] = after;
}

function whenWrong(before: SignalState | undefined, look: Look, facts: DetectorFact[]): SignalState {
  const { ts, volts, severity } = look;
  // A hold time that a gap interrupts begins again: nobody knows what was in between. An open episode goes on over the gap.
  if (before === undefined || before.since === null || (!before.open && !isCovered(before, look))) {
    const started: SignalState = {
      since: ts,
      coveredTo: ts,
      wrongMs: 0,
      goodSince: null,
      goodMs: 0,
      lastSeen: ts,
      open: false,
      standing: false,
      previousEnd: remembered(before, look),
      worst: volts,
      severity,
    };
    return openWhenHeld(started, ts, look, facts);
  }
  const isWorse = RANK[severity] > RANK[before.severity];
  const after: SignalState = {
    ...before,
    coveredTo: ts,
    wrongMs: before.wrongMs + coveredMs(before, look),
    goodSince: null,
    goodMs: 0,
    lastSeen: ts,
    worst: look.kind === 'high_voltage' ? Math.max(before.worst, volts) : Math.min(before.worst, volts),
    severity: isWorse ? severity : before.severity,
  };
  if (!after.open) return openWhenHeld(after, before.since, look, facts);
  if (isWorse) facts.push(factOf('episode_worsened', after, before.since, null, look));
  return after;
}

function openWhenHeld(signal: SignalState, since: number, look: Look, facts: DetectorFact[]): SignalState {
  if (look.ts - since < look.timing.holdMs) return signal;
  const standing = signal.previousEnd !== null && since - signal.previousEnd <= look.timing.standingMs;
  const opened = { ...signal, open: true, standing };
  facts.push(factOf('episode_opened', opened, since, null, look));
  return opened;
}

function whenNotWrong(before: SignalState | undefined, look: Look, facts: DetectorFact[]): SignalState | null {
  if (before === undefined) return null;
  if (before.since === null || !before.open) return memoryOf(before, remembered(before, look));
  if (look.verdict === 'unmeasured') return { ...before, coveredTo: null };
  if (look.verdict === 'between') return { ...before, coveredTo: look.ts, goodSince: null, goodMs: 0 };
  const goodSince = before.goodSince ?? look.ts;
  const goodMs = before.goodSince === null ? 0 : before.goodMs + coveredMs(before, look);
  const after: SignalState = { ...before, coveredTo: look.ts, goodSince, goodMs };
  if (goodMs < clearMsOf(after, look.timing)) return after;
  facts.push(factOf('episode_closed', after, before.since, goodSince, look));
  return memoryOf(after, look.timing.standingMs > 0 ? goodSince : null);
}

/**
 * How long a signal must be good before its episode is over. A limit that is passed three quarters of the time, or every night, is one
 * standing fault for those who must mend it, not a flood of warnings; a single bad hour should be over soon after. So:
 * - an episode ends after `clearMs` of good, or after `standingShare` of the time it was wrong, whichever is longer: what is wrong more
 *   than 1 / (1 + share) of the time never ends in between;
 * - one that comes back within `standingMs` of its predecessor's end is standing and ends only after all of `standingMs` good;
 * - never more than `standingMs`. The end that is reported is the first good reading in all cases.
 */
function clearMsOf(signal: SignalState, timing: Timing): number {
  if (signal.standing) return Math.max(timing.clearMs, timing.standingMs);
  return Math.max(timing.clearMs, Math.min(timing.standingMs, timing.standingShare * signal.wrongMs));
}

const isCovered = (signal: SignalState, look: Look): boolean =>
  signal.coveredTo !== null && look.ts - signal.coveredTo <= look.gapMs;

/** Measured time since the look before; a gap counts for nothing. */
const coveredMs = (signal: SignalState, look: Look): number =>
  signal.coveredTo !== null && isCovered(signal, look) ? look.ts - signal.coveredTo : 0;

/** The end of the last episode, as long as it matters. */
const remembered = (signal: SignalState | undefined, look: Look): number | null =>
  signal === undefined || signal.previousEnd === null || look.ts - signal.previousEnd > look.timing.standingMs
    ? null
    : signal.previousEnd;

const memoryOf = (signal: SignalState, previousEnd: number | null): SignalState | null =>
  previousEnd === null
    ? null
    : {
        ...signal,
        since: null,
        coveredTo: null,
        wrongMs: 0,
        goodSince: null,
        goodMs: 0,
        open: false,
        standing: false,
        previousEnd,
      };

function factOf(
  fact: EpisodeFact['fact'],
  signal: SignalState,
  since: number,
  endedAt: number | null,
  look: Look,
): EpisodeFact {
  return {
    fact,
    kind: look.kind,
    phase: look.phase,
    severity: signal.severity,
    startedAt: since,
    confirmedAt: since + look.timing.holdMs,
    lastSeenAt: signal.lastSeen,
    endedAt,
    worst: signal.worst,
    evidence: { ...look.evidence, holdMs: look.timing.holdMs, standing: signal.standing },
  };
}
