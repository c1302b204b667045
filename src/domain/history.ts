import type { DetectorFact, DetectorState, EpisodeFact } from './detector.js';
import { isUnheard } from './supply.js';
import type { EpisodeData, EpisodeKind, Phase, Severity } from './journal-entry.js';

/** An interval without (known) supply, as it stands in supply_interval. */
export interface SupplySpan {
  state: 'dead' | 'unknown';
  startedAt: number;
  endedAt: number | null;
  source: string;
  endSource: string | null;
}

/** An episode as it stands in the table of that name. */
export interface EpisodeSpan {
  kind: EpisodeKind;
  phase: Phase | '';
  severity: Severity;
  startedAt: number;
  confirmedAt: number;
  lastSeenAt: number;
  endedAt: number | null;
  worst: number;
  evidence: Record<string, unknown>;
}

/** What the journal tells of an episode. */
export const episodeData = (transformerId: number, span: EpisodeSpan, policyVersion: number): EpisodeData => ({
  transformerId,
  kind: span.kind,
  phase: span.phase,
  severity: span.severity,
  startedAt: span.startedAt,
  endedAt: span.endedAt,
  worstValue: span.worst,
  policyVersion,
  ...(span.phase === '' ? { evidence: span.evidence } : {}),
});

/** What the tables have to hold of one transformer after its inputs were run through the rules, from a remembered state on. */
export class History {
  readonly supply: SupplySpan[] = [];
  readonly episodes: EpisodeSpan[] = [];
  /** Start of the interval that the remembered state is in: its row may change, all earlier ones are settled. */
  readonly supplyStart: number | null = null;
  /** The first instant of this history at which supply was known; null when it never was. */
  knownSince: number | null;
  /** Episodes and hold times that the remembered state is in: rows that begin so may change, all other earlier ones are settled. */
  readonly runs: readonly { kind: string; phase: string; startedAt: number }[];

  constructor(from: DetectorState) {
    this.knownSince = from.supplySince;
    if (from.supply !== 'live' && from.supplySince !== null) {
      this.beginSupply(from.supply, from.supplySince, from.supplySource);
      this.supplyStart = from.supplySince;
    }
    const runs = [];
    for (const [key, signal] of Object.entries(from.signals ?? {})) {
      const [kind, phase] = key.split(':') as [EpisodeKind, Phase];
      if (signal.since === null) continue;
      runs.push({ kind, phase, startedAt: signal.since });
      if (signal.told === null) continue;
      this.episodes.push({
        kind,
        phase,
        severity: signal.severity,
        startedAt: signal.since,
        ...signal.told,
        endedAt: null,
      });
    }
    this.runs = runs;
  }

  take(facts: readonly DetectorFact[]): void {
    for (const fact of facts) {
      if (fact.fact !== 'supply_changed') {
        this.takeEpisode(fact);
        continue;
      }
      this.knownSince ??= fact.at;
      const last = this.supply.at(-1);
      if (last !== undefined && last.endedAt === null) {
        if (fact.at <= last.startedAt) this.supply.pop();
        else Object.assign(last, { endedAt: fact.at, endSource: fact.source });
      }
      if (fact.to !== 'live') this.beginSupply(fact.to, fact.at, fact.source);
    }
  }

  private beginSupply(state: 'dead' | 'unknown', startedAt: number, source: string): void {
    this.supply.push({ state, startedAt, endedAt: null, source, endSource: null });
  }

  private takeEpisode(fact: EpisodeFact): void {
    const { kind, phase, severity, startedAt, confirmedAt, lastSeenAt, endedAt, worst, evidence } = fact;
    const span = { kind, phase, severity, startedAt, confirmedAt, lastSeenAt, endedAt, worst, evidence };
    const open = this.episodes.find((one) => one.kind === kind && one.phase === phase && one.endedAt === null);
    if (open === undefined) this.episodes.push(span);
    else Object.assign(open, span);
  }
}

export const isSameSupply = (a: SupplySpan, b: SupplySpan): boolean =>
  a.startedAt === b.startedAt &&
  a.endedAt === b.endedAt &&
  silenceOf(a.source) === silenceOf(b.source) &&
  (a.endSource ?? '') === (b.endSource ?? '');

/** Whether a terminal's absence was noticed by its will or by the clock depends on who came first; it makes no difference. */
const silenceOf = (source: string): string =>
  isUnheard({ supply: 'unknown', supplySince: null, supplySource: source }) ? 'silence' : source;

export const isSameEpisode = (a: EpisodeSpan, b: EpisodeSpan): boolean =>
  a.startedAt === b.startedAt &&
  a.endedAt === b.endedAt &&
  a.severity === b.severity &&
  a.confirmedAt === b.confirmedAt &&
  a.lastSeenAt === b.lastSeenAt &&
  Math.fround(a.worst) === Math.fround(b.worst) &&
  isSameEvidence(a.evidence, b.evidence);

const isSameEvidence = (a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => a[key] === b[key]);

interface Span {
  startedAt: number;
  endedAt: number | null;
}

export interface Revision<Row, Wanted> {
  withdrawn: Row[];
  changed: { row: Row; to: Wanted }[];
  added: Wanted[];
}

/**
 * How to get from the stored rows to the wanted ones. A row is kept for the wanted span of the same name that begins at the same
 * instant, or else overlaps it: an outage that began earlier than was known is the same outage, told better.
 */
export function revise<Wanted extends Span, Row extends Wanted>(
  stored: readonly Row[],
  wanted: readonly Wanted[],
  nameOf: (span: Wanted) => string,
  isSame: (a: Wanted, b: Wanted) => boolean,
): Revision<Row, Wanted> {
  const free = new Set(stored);
  const pairs: { row: Row; to: Wanted }[] = [];
  const pair = (open: readonly Wanted[], fits: (row: Row, to: Wanted) => boolean): Wanted[] =>
    open.filter((to) => {
      const row = [...free].find((one) => nameOf(one) === nameOf(to) && fits(one, to));
      if (row === undefined) return true;
      free.delete(row);
      pairs.push({ row, to });
      return false;
    });
  const inOrder = wanted.toSorted((a, b) => a.startedAt - b.startedAt);
  const unmatched = pair(inOrder, (row, to) => row.startedAt === to.startedAt);
  const added = pair(unmatched, overlaps);
  return { withdrawn: [...free], changed: pairs.filter(({ row, to }) => !isSame(row, to)), added };
}

const overlaps = (a: Span, b: Span): boolean =>
  a.startedAt < (b.endedAt ?? Infinity) && b.startedAt < (a.endedAt ?? Infinity);
