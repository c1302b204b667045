import { MINUTE_MS } from '../instants.js';

/** A stretch without supply of a transformer, as telemetry has it. Epoch milliseconds; null = it goes on. */
export interface DeadInterval {
  startedAt: number;
  endedAt: number | null;
  /** It ended with power seen, not with silence. */
  endedLive: boolean;
}

export interface Restoration {
  at: number;
  source: 'observed' | 'claimed';
}

/** A caller may be faster than a terminal that reports every quarter of an hour. */
const CALLED_BEFORE_MS = 15 * MINUTE_MS;
/** Power that came and went again within this was the repair being tried, not another fault. */
const TRIED_MS = 30 * MINUTE_MS;

/**
 * When supply came back to the one who reported. What telemetry saw is stronger than the crew's word: a transformer that was dead and
 * lives again proves the repair, one that is dead still contradicts it. Where no loss was measured (a fault behind the transformer) the
 * word stands alone and stays marked as claimed.
 * @param dead dead stretches of the transformer, in any order
 */
export function restorationOf(
  dead: readonly DeadInterval[],
  reportedAt: number,
  claimedAt: number | null,
): Restoration | null {
  const last = lastOfTheFault(dead, reportedAt, claimedAt);
  if (last !== null && last.endedAt === null) return null;
  if (last !== null && last.endedLive) return { at: last.endedAt ?? reportedAt, source: 'observed' };
  return claimedAt === null ? null : { at: claimedAt, source: 'claimed' };
}

/** The stretch that the report was about, or the last of those that followed it closely. */
function lastOfTheFault(dead: readonly DeadInterval[], reportedAt: number, claimedAt: number | null) {
  let last: DeadInterval | null = null;
  for (const interval of dead.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const { startedAt, endedAt } = interval;
    if (last === null) {
      const isReported = startedAt <= reportedAt + CALLED_BEFORE_MS && (endedAt === null || endedAt >= reportedAt);
      if (isReported) last = interval;
    } else if (
      last.endedAt !== null &&
      startedAt - last.endedAt <= TRIED_MS &&
      // One within the other says nothing new of its end.
      (endedAt === null || endedAt >= last.endedAt) &&
      (claimedAt === null || startedAt <= claimedAt)
    ) {
      last = interval;
    }
  }
  return last;
}
