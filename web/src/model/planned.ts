/** Where a planned work stands now. */
export type PlannedPhase = 'coming' | 'running' | 'over' | 'cancelled';

interface PlannedLike {
  id: number;
  state: string;
  startsAt: string;
  endsAt: string;
}

export function phaseOf(planned: PlannedLike, now: number): PlannedPhase {
  if (planned.state === 'cancelled') return 'cancelled';
  if (now < Date.parse(planned.startsAt)) return 'coming';
  return now < Date.parse(planned.endsAt) ? 'running' : 'over';
}

const ORDER: readonly PlannedPhase[] = ['running', 'coming', 'over', 'cancelled'];

/** Running works first, then what comes next, then what is over (the newest first), then what was cancelled. */
export function plannedShown<Item extends PlannedLike>(works: readonly Item[], now: number): Item[] {
  return works
    .map((work) => ({ work, rank: ORDER.indexOf(phaseOf(work, now)), start: Date.parse(work.startsAt) }))
    .sort((a, b) => a.rank - b.rank || (a.rank < 2 ? a.start - b.start : b.start - a.start) || a.work.id - b.work.id)
    .map(({ work }) => work);
}

const MINUTE_MS = 60_000;

/** Length of a window between two wall clocks as a date field gives them; null while one is missing. Both are the utility's, so a zone adds nothing. */
export function windowMinutes(startsAt: string, endsAt: string): number | null {
  const length = Date.parse(`${endsAt}Z`) - Date.parse(`${startsAt}Z`);
  return Number.isNaN(length) ? null : Math.round(length / MINUTE_MS);
}
