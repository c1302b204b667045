import type { EpisodeKind, Phase, Severity, Supply } from './journal-entry.js';
import type { Policy } from './policy.js';

/** One measurement as the rules see it. Volts line to neutral; null = not measured. Instants are epoch milliseconds. */
export interface ReadingInput {
  kind: 'reading';
  ts: number;
  ua: number | null;
  ub: number | null;
  uc: number | null;
}

/** What a terminal or the service noticed, at its event time. */
export interface EventInput {
  kind: 'power_off' | 'power_on' | 'offline' | 'silence';
  ts: number;
}

export type DetectorInput = ReadingInput | EventInput;

/** What the rules remember of a signal that is not normal. */
export interface SignalState {
  /** First reading that was wrong. */
  since: number;
  /** First reading that was good again, while the clear time runs. */
  goodSince: number | null;
  lastSeen: number;
  /** True once the hold time was over: the episode exists. */
  open: boolean;
  worst: number;
  severity: Severity;
}

/** The reducer's memory of one transformer. `signals` is null when every signal is normal, which is nearly always. */
export interface DetectorState {
  lastTs: number | null;
  supply: Supply;
  supplySince: number | null;
  supplySource: string;
  /** Key `kind:phase`, for example `low_voltage:B`. */
  signals: Record<string, SignalState> | null;
}

/** What the rules conclude; the shells turn facts into rows and journal entries. */
export type DetectorFact =
  | { fact: 'supply_changed'; at: number; from: Supply; to: Supply; source: string }
  | {
      fact: 'episode_opened' | 'episode_worsened' | 'episode_closed';
      kind: EpisodeKind;
      phase: Phase | '';
      severity: Severity;
      startedAt: number;
      /** Event time at which the hold time was over. */
      confirmedAt: number;
      lastSeenAt: number;
      endedAt: number | null;
      worst: number;
      evidence: Record<string, unknown>;
    };

export const INITIAL_STATE: DetectorState = {
  lastTs: null,
  supply: 'unknown',
  supplySince: null,
  supplySource: 'none',
  signals: null,
};

/**
 * The rule book of one transformer: one input after the other in event time. Pure; a caller with inputs out of order sorts them first
 * and re-runs from an earlier state (see modules/telemetry/reassess.ts).
 * @param intervalMs the terminal's reporting interval
 */
export type Assess = (
  state: DetectorState,
  input: DetectorInput,
  policy: Policy,
  intervalMs: number,
) => { state: DetectorState; facts: DetectorFact[] };
