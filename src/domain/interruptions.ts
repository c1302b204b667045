import { CORROBORATED } from './corroboration.js';

/** Losses of supply of one transformer, from its supply intervals. Pure; instants are epoch milliseconds. */

/** An interval in which supply was not live, as telemetry keeps it. */
export interface SupplyInterval {
  state: 'dead' | 'unknown';
  startedAt: number;
  endedAt: number | null;
  source: string;
  endSource: string | null;
}

/** From the first instant known dead to the first instant measured live. */
export interface Interruption {
  startedAt: number;
  /** The earliest it can have begun: when the transformer fell silent before it was found dead. */
  notBefore: number;
  endedAt: number | null;
  source: string;
  endSource: string | null;
}

/**
 * A dead interval is an interruption until supply is measured. Silence after a loss does not end it; silence just before it only makes
 * its begin uncertain; silence alone is no interruption.
 */
export function interruptionsOf(intervals: readonly SupplyInterval[]): Interruption[] {
  const result: Interruption[] = [];
  let before: SupplyInterval | null = null;
  for (const interval of intervals.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const goesOn = before !== null && isFollowedBy(before, interval);
    const last = result.at(-1);
    const isInside = goesOn && last !== undefined && last.endedAt === before?.endedAt;
    if (isInside) {
      last.endedAt = interval.endedAt;
      last.endSource = interval.endSource;
    } else if (interval.state === 'dead') {
      const { startedAt, endedAt, source, endSource } = interval;
      result.push({ startedAt, notBefore: (goesOn && before?.startedAt) || startedAt, endedAt, source, endSource });
    }
    before = interval;
  }
  return result;
}

/** Without an instant of measured supply between. */
function isFollowedBy(before: SupplyInterval, next: SupplyInterval): boolean {
  if (before.endedAt === null || next.startedAt > before.endedAt) return false;
  return before.state === 'unknown' || before.endSource === 'silence' || before.endSource === 'offline';
}

/**
 * What stands of suspicions: one lasts as long as the silence it explains, goes when late data fill that silence, and gives way to a
 * measured loss. A terminal that comes back in the same boot never lost power.
 * @param recorded what is in outages by suspicion
 */
export function suspectedInterruptions(
  recorded: readonly Interruption[],
  intervals: readonly SupplyInterval[],
  sameBoot: boolean,
): Interruption[] {
  return recorded.flatMap((row): Interruption[] => {
    const during = intervals.filter(
      ({ startedAt, endedAt }) => startedAt <= row.startedAt && row.startedAt < (endedAt ?? Infinity),
    );
    const silence = during.find(({ state }) => state === 'unknown');
    const measured = intervals.some(
      ({ state, startedAt, endedAt }) =>
        state === 'dead' &&
        Math.max(startedAt, row.notBefore) <=
          Math.min(endedAt ?? Infinity, row.endedAt ?? silence?.endedAt ?? Infinity),
    );
    if (silence === undefined || measured || (silence.endedAt !== null && sameBoot)) return [];
    if (row.endedAt !== null) return [silence.endedAt === null ? row : { ...row, endSource: silence.endSource }];
    return [{ ...row, endedAt: silence.endedAt, endSource: silence.endSource }];
  });
}

/** What is recorded of one interruption in an outage. */
export interface RecordedInterruption extends Interruption {
  rowId: number;
}

export interface InterruptionChanges {
  /** Rows whose begin or end is now known otherwise. */
  changed: { rowId: number; to: Interruption }[];
  added: Interruption[];
  /** Rows that late data showed never to have been. */
  withdrawn: number[];
}

/**
 * Compares one transformer's recorded interruptions with what its supply intervals say now. A row goes on as the overlapping
 * interruption whose begin is nearest: one that ended and was followed by another must not turn into the other. An end on a dispatcher's word stands until power is measured.
 */
export function compareInterruptions(
  recorded: readonly RecordedInterruption[],
  actual: readonly Interruption[],
): InterruptionChanges {
  const pairs = recorded
    .flatMap((row) => actual.map((now) => ({ row, now, apartMs: Math.abs(now.startedAt - row.startedAt) })))
    .filter(({ row, now }) => doOverlap(row, now))
    .sort((a, b) => a.apartMs - b.apartMs || a.row.rowId - b.row.rowId);
  const matched = new Map<RecordedInterruption, Interruption>();
  const taken = new Set<Interruption>();
  for (const { row, now } of pairs) {
    if (matched.has(row) || taken.has(now)) continue;
    matched.set(row, now);
    taken.add(now);
  }
  const changed = [...matched].flatMap(([row, now]) => {
    const isPersonsWord = row.endSource === 'dispatcher' && now.endedAt === null;
    const to = isPersonsWord ? { ...now, endedAt: row.endedAt, endSource: row.endSource } : now;
    const isSame =
      row.startedAt === to.startedAt &&
      row.endedAt === to.endedAt &&
      row.endSource === to.endSource &&
      (row.source === to.source || row.source !== CORROBORATED);
    return isSame ? [] : [{ rowId: row.rowId, to }];
  });
  return {
    changed,
    added: actual.filter((now) => !taken.has(now)),
    withdrawn: recorded.filter((row) => !matched.has(row)).map(({ rowId }) => rowId),
  };
}

const doOverlap = (a: Interruption, b: Interruption): boolean =>
  Math.max(a.startedAt, b.startedAt) <= Math.min(a.endedAt ?? Infinity, b.endedAt ?? Infinity);
