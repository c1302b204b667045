import type { EpisodeKind, Phase, Severity, Supply } from './journal-entry.js';
import type { Policy } from './policy.js';

/** One measurement as the rules see it. Volts line to neutral; null = not measured. Instants are epoch milliseconds. */
export interface ReadingInput {
  kind: 'reading';
  ts: number;
  ua: number | null;
  ub: number | null;
  uc: number | null;
  /** Amperes on the low-voltage side. */
  ia: number | null;
  ib: number | null;
  ic: number | null;
  /** Amperes in the neutral. */
  in: number | null;
  /** kW and kvar, all phases together. */
  p: number | null;
  q: number | null;
}

/** What the register knows of a transformer that its load is measured against. */
export interface Rating {
  /** Null = not registered: load and unbalance cannot be judged. */
  capacityKva: number | null;
  /** Null = not registered: the policy's usual one. */
  connection: Connection | null;
}

/** Group of connection of the windings; Yyn0 bears less unbalance. */
export const CONNECTIONS = ['Yyn0', 'Dyn11'] as const;
export type Connection = (typeof CONNECTIONS)[number];

export const UNRATED: Rating = Object.freeze({ capacityKva: null, connection: null });

/** What a terminal or the service noticed, at its event time. */
export interface EventInput {
  kind: 'power_off' | 'power_on' | 'offline' | 'silence';
  ts: number;
}

export type DetectorInput = ReadingInput | EventInput;

/** What the rules remember of a signal that is not normal, or lately was not. Only event times and time that was measured count. */
export interface SignalState {
  /** First reading of the run of wrong ones; null when the signal is normal and only `previousEnd` is remembered. */
  since: number | null;
  /** The newest reading that measured the signal; null when something lay between (no supply, phase lost). */
  coveredTo: number | null;
  /** Time between the last two readings that measured the signal; 0 before there were two. */
  stepMs: number;
  /** Measured time between the readings from `since` to the last wrong one. */
  wrongMs: number;
  /** First reading that was good again, while the clear time runs. */
  goodSince: number | null;
  /** Measured good time since `goodSince`. */
  goodMs: number;
  /** Last reading that was wrong. */
  lastSeen: number;
  /** True once the hold time was over: the episode exists. */
  open: boolean;
  /** What the last fact of the open episode said: the row in the database stands there. */
  told: { confirmedAt: number; lastSeenAt: number; worst: number; evidence: EpisodeFact['evidence'] } | null;
  /** The episode came back soon after the one before: it ends only after policy.voltage.standingHours. */
  standing: boolean;
  /** When the last episode of this signal ended; remembered for policy.voltage.standingHours. */
  previousEnd: number | null;
  worst: number;
  severity: Severity;
}

/** The reducer's memory of one transformer. `signals` is null when every signal is normal, which is nearly always. */
export interface DetectorState {
  /** Event time of the newest reading or event; `offline` and `silence` do not move it. */
  lastTs: number | null;
  supply: Supply;
  supplySince: number | null;
  /** Kind of the input that decided; 'silence' also for a gap between two inputs; 'none' before the first. */
  supplySource: string;
  /**
   * Key `kind:phase`, for example `low_voltage:B`; `unbalance:` and the like for all phases together. `overload>major:` follows a band
   * of severity: it only counts how long the band has lasted and never becomes an episode.
   */
  signals: Readonly<Record<string, SignalState>> | null;
}

/**
 * A supply interval begins or ends at `at`, which may lie before the input: silence makes `unknown` from the last input on. When the
 * next input shows that there was no gap in event time (it only arrived late) the interval ends where it began (`at` of both facts is
 * the same): it never was, the shell withdraws it.
 */
interface SupplyFact {
  fact: 'supply_changed';
  at: number;
  from: Supply;
  to: Supply;
  source: string;
}

export interface EpisodeFact {
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
  /** The picture in which it opened or last got worse; the end repeats it. Values are plain: numbers, texts, booleans, null. */
  evidence: Record<string, unknown>;
}

/** What the rules conclude; the shells turn facts into rows and journal entries. */
export type DetectorFact = SupplyFact | EpisodeFact;

export const INITIAL_STATE: DetectorState = Object.freeze({
  lastTs: null,
  supply: 'unknown',
  supplySince: null,
  supplySource: 'none',
  signals: null,
});

/**
 * The rule book of one transformer: one input after the other in event time. Pure; a caller with inputs out of order sorts them first
 * (`compareInputs`) and re-runs from an earlier state (see modules/telemetry/reassess.ts). An input older than `state.lastTs` is
 * ignored; an input repeated changes nothing.
 * @param intervalMs the terminal's reporting interval
 * @param rating left out: load and unbalance are not judged
 */
export type Assess = (
  state: DetectorState,
  input: DetectorInput,
  policy: Policy,
  intervalMs: number,
  rating?: Rating,
) => { state: DetectorState; facts: readonly DetectorFact[] };

const RANK = { reading: 0, power_off: 1, power_on: 2, offline: 3, silence: 4 } as const;

/** The order of inputs: event time, and at the same instant the reading first, so that what the terminal says of it has the last word. */
export const compareInputs = (a: DetectorInput, b: DetectorInput): number => a.ts - b.ts || RANK[a.kind] - RANK[b.kind];

/** What an event of a terminal means to the rules; null = nothing. A power_off of fewer than all phases is no loss of supply. */
export function inputOfEvent(type: string, ts: number, phases: string | null): EventInput | null {
  if (type === 'power_off') return phases === null || phases === '' || isAllPhases(phases) ? { kind: type, ts } : null;
  if (type === 'power_on' || type === 'offline') return { kind: type, ts };
  return null;
}

const isAllPhases = (phases: string): boolean => ['A', 'B', 'C'].every((phase) => phases.toUpperCase().includes(phase));
