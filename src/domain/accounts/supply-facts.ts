import type { EpisodeKind, OutageNature, OutageState, Phase, Severity, Supply } from '../journal-entry.js';

/** What is on record about the supply of one account, for the person who takes the call. Instants are epoch milliseconds. */
export interface SupplyFacts {
  /** Of the transformer; null since = not known. */
  supply: Supply;
  supplySince: number | null;
  /** The customer's phase, when the register knows it. */
  phase: Phase | 'ABC' | null;
  /** The cut in force, or one whose end a crew has claimed and nothing has measured. */
  disconnection: DisconnectionFact | null;
  /** Open ones, and those that ended lately; of this transformer. */
  outages: readonly OutageFact[];
  /** Windows that run now or begin soon. */
  planned: readonly PlannedFact[];
  /** Open ones. */
  episodes: readonly EpisodeFact[];
}

export interface DisconnectionFact {
  id: number;
  reason: 'arrears' | 'violation' | 'theft';
  disconnectedAt: number;
  /** A crew says that supply is back since then; null = nobody says so, or the word was refuted. */
  claimedAt: number | null;
  claimedBy: string | null;
  order: { id: number; state: 'open' | 'claimed' | 'met' | 'breached'; paidAt: number; dueAt: number } | null;
}

export interface OutageFact {
  id: number;
  state: OutageState;
  nature: OutageNature;
  cause: string;
  startedAt: number;
  endedAt: number | null;
  estimatedRestorationAt: number | null;
}

export interface PlannedFact {
  id: number;
  nature: OutageNature;
  reason: string;
  startsAt: number;
  endsAt: number;
}

export interface EpisodeFact {
  id: number;
  kind: EpisodeKind;
  phase: Phase | '';
  severity: Severity;
  startedAt: number;
}

/** What the caller can be told first. */
export type SupplyCause =
  | { kind: 'disconnection'; fact: DisconnectionFact }
  | { kind: 'outage'; fact: OutageFact }
  | { kind: 'planned'; fact: PlannedFact }
  | { kind: 'episode'; fact: EpisodeFact }
  /** The transformer is dead; no outage is recognised yet. */
  | { kind: 'dead' }
  /** The transformer is silent: nothing is known. */
  | { kind: 'silent' }
  | { kind: 'none' };
