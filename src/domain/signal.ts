import type { DetectorFact, EpisodeFact, ReadingInput, SignalState } from './detector.js';
import type { EpisodeKind, Phase, Severity } from './journal-entry.js';
import type { SignalTimes } from './limits.js';
import type { Verdict } from './voltage-picture.js';

/** One reading as one signal sees it, with the times that rule this kind of signal. */
export interface Look extends SignalTimes {
  kind: EpisodeKind;
  /** Empty = the signal is of all phases together. */
  phase: Phase | '';
  verdict: Verdict;
  ts: number;
  /** Volts of a phase, or percent of load or unbalance. */
  value: number;
  severity: Severity;
  /** Readings further apart than this, or than `silenceIntervals` times the terminal's own pace, have a gap between them. */
  gapMs: number;
  silenceIntervals: number;
  slowestMs: number;
  reading: ReadingInput;
  /** What the evidence has to say beside the three voltages. */
  evidence: Record<string, unknown>;
}

const RANK: Record<Severity, number> = { info: 0, minor: 1, major: 2, critical: 3 };

/** Carries one signal over one look at it. null = normal, nothing to remember. */
export function followSignal(before: SignalState | undefined, look: Look, facts: DetectorFact[]): SignalState | null {
  if (look.verdict === 'wrong') return whenWrong(before, look, facts);
  return before === undefined ? null : whenNotWrong(before, look, facts);
}

function whenWrong(before: SignalState | undefined, look: Look, facts: DetectorFact[]): SignalState {
  const { ts, value, severity } = look;
  // A hold time that a gap interrupts begins again: nobody knows what was in between. An open episode goes on over the gap.
  if (before === undefined || before.since === null || (!before.open && !isCovered(before, ts, look))) {
    const started: SignalState = {
      since: ts,
      coveredTo: ts,
      stepMs: before === undefined ? 0 : stepMs(before, ts),
      wrongMs: 0,
      goodSince: null,
      goodMs: 0,
      lastSeen: ts,
      open: false,
      told: null,
      standing: false,
      previousEnd: before === undefined ? null : remembered(before.previousEnd, look),
      worst: value,
      severity,
    };
    return openWhenHeld(started, ts, look, facts);
  }
  const isWorse = RANK[severity] > RANK[before.severity];
  // Field by field: a spread costs a microsecond here, and a standing episode comes this way with every reading.
  const after: SignalState = {
    since: before.since,
    coveredTo: ts,
    stepMs: stepMs(before, ts),
    wrongMs: before.wrongMs + coveredMs(before, ts, look),
    goodSince: null,
    goodMs: 0,
    lastSeen: ts,
    open: before.open,
    told: before.told,
    standing: before.standing,
    previousEnd: before.previousEnd,
    worst: isWorseWhenHigh(look.kind) ? Math.max(before.worst, value) : Math.min(before.worst, value),
    severity: isWorse ? severity : before.severity,
  };
  if (!after.open) return openWhenHeld(after, before.since, look, facts);
  return isWorse ? tell('episode_worsened', after, before.since, null, look, facts) : after;
}

function openWhenHeld(signal: SignalState, since: number, look: Look, facts: DetectorFact[]): SignalState {
  if (look.ts - since < look.holdMs) return signal;
  const standing = signal.previousEnd !== null && since - signal.previousEnd <= look.standingMs;
  return tell('episode_opened', { ...signal, open: true, standing }, since, null, look, facts);
}

function whenNotWrong(before: SignalState, look: Look, facts: DetectorFact[]): SignalState | null {
  const { ts, verdict } = look;
  if (before.since === null || !before.open) return memoryOf(before, remembered(before.previousEnd, look));
  if (verdict === 'unmeasured') return before.coveredTo === null ? before : { ...before, coveredTo: null };
  if (verdict === 'between') {
    return { ...before, coveredTo: ts, stepMs: stepMs(before, ts), goodSince: null, goodMs: 0 };
  }
  const goodSince = before.goodSince ?? ts;
  const goodMs = before.goodSince === null ? 0 : before.goodMs + coveredMs(before, ts, look);
  const after: SignalState = { ...before, coveredTo: ts, stepMs: stepMs(before, ts), goodSince, goodMs };
  if (goodMs < clearMsOf(after, look)) return after;
  tell('episode_closed', after, before.since, goodSince, look, facts);
  return memoryOf(after, remembered(goodSince, look));
}

/**
 * How long a signal must be good before its episode is over. A limit that is passed three quarters of the time, or every night, is one
 * standing fault for those who must mend it, not a flood of warnings; a single bad hour should be over soon after. So:
 * - an episode ends after `clearMs` of good, or after `standingShare` of the time it was wrong, whichever is longer: what is wrong more
 *   than 1 / (1 + share) of the time does not end in between;
 * - one that comes back within `standingMs` of its predecessor's end is standing and ends only after all of `standingMs` good;
 * - never more than `standingMs`. The end that is reported is the first good reading in all cases.
 */
function clearMsOf(signal: SignalState, look: Look): number {
  if (signal.standing) return Math.max(look.clearMs, look.standingMs);
  return Math.max(look.clearMs, Math.min(look.standingMs, look.standingShare * signal.wrongMs));
}

/**
 * No gap between the look before and this one. A terminal that keeps a slower pace than the register says (every 15 minutes instead of
 * every minute) has no gap between all its readings: from the third on its own pace counts.
 */
function isCovered(signal: SignalState, ts: number, look: Look): boolean {
  if (signal.coveredTo === null) return false;
  const passedMs = ts - signal.coveredTo;
  if (passedMs <= look.gapMs) return true;
  return signal.stepMs <= look.slowestMs && passedMs <= look.silenceIntervals * signal.stepMs;
}

/** Measured time since the look before; a gap counts for nothing. */
const coveredMs = (signal: SignalState, ts: number, look: Look): number =>
  signal.coveredTo !== null && isCovered(signal, ts, look) ? ts - signal.coveredTo : 0;

/** The new pace; a repeated reading does not change it. */
const stepMs = (signal: SignalState, ts: number): number =>
  signal.coveredTo === null || signal.coveredTo === ts ? signal.stepMs : ts - signal.coveredTo;

/** The end of the last episode, as long as it matters. */
const remembered = (previousEnd: number | null, look: Look): number | null =>
  previousEnd === null || look.standingMs === 0 || look.ts - previousEnd > look.standingMs ? null : previousEnd;

function memoryOf(signal: SignalState, previousEnd: number | null): SignalState | null {
  if (previousEnd === null) return null;
  const { lastSeen, worst, severity } = signal;
  const nothing = { since: null, coveredTo: null, stepMs: 0, wrongMs: 0, goodSince: null, goodMs: 0 };
  return { ...nothing, lastSeen, open: false, told: null, standing: false, previousEnd, worst, severity };
}

/** Adds a fact; the signal remembers what it said. */
function tell(
  fact: EpisodeFact['fact'],
  signal: SignalState,
  since: number,
  endedAt: number | null,
  look: Look,
  facts: DetectorFact[],
): SignalState {
  const told = {
    confirmedAt: signal.told?.confirmedAt ?? since + look.holdMs,
    lastSeenAt: signal.lastSeen,
    worst: readable(signal.worst),
    evidence: fact === 'episode_closed' && signal.told !== null ? signal.told.evidence : evidenceOf(look, signal),
  };
  const { kind, phase } = look;
  facts.push({ fact, kind, phase, severity: signal.severity, startedAt: since, endedAt, ...told });
  return { ...signal, told };
}

function evidenceOf(look: Look, signal: SignalState): EpisodeFact['evidence'] {
  const { ua, ub, uc } = look.reading;
  return {
    ...look.evidence,
    ua: ua === null ? null : readable(ua),
    ub: ub === null ? null : readable(ub),
    uc: uc === null ? null : readable(uc),
    holdMs: look.holdMs,
    standing: signal.standing,
  };
}

/** Low voltage and a lost phase get worse downwards, everything else upwards. */
export const isWorseWhenHigh = (kind: EpisodeKind): boolean => kind !== 'low_voltage' && kind !== 'phase_loss';

/** Single precision printed as people wrote it: 235.4, not 235.39999389648438. */
export const readable = (value: number): number => Math.round(value * 100) / 100;
