import { dateOf } from './calendar.js';
import { without } from './reliability.js';
import type { Interruption, Stretch } from './reliability.js';

/** The same history of one transformer seen in several ways, so that each row asks the same questions of each. */
export interface Views {
  all: readonly Interruption[];
  fault: readonly Interruption[];
  planned: readonly Interruption[];
  /** Without those that began on a major event day. */
  ordinary: readonly Interruption[];
  /** Nothing was known, and no interruption is known to have gone on. */
  unknown: readonly Stretch[];
  /** As if every unknown minute had been without supply: a silence lengthens the interruption that it touches. */
  darkest: readonly Stretch[];
}

export const VIEWS = ['all', 'fault', 'planned', 'ordinary', 'unknown', 'darkest'] as const satisfies (keyof Views)[];

/**
 * @param losses every interruption; silence during one of them is no unknown time. Whole, with all that they adjoin to, through other
 *   losses and silences, also beyond the reported period: how long an interruption was does not depend on where a report ends
 * @param counted the natures that the report counts
 */
export function viewsOf(
  losses: readonly Interruption[],
  silences: readonly Stretch[],
  counted: (interruption: Interruption) => boolean,
  majorDates: ReadonlySet<string>,
  now: number,
): Views {
  const all = losses.filter(counted);
  const unknown = without(silences, losses, now);
  return {
    all,
    fault: all.filter(({ nature }) => nature === 'fault'),
    planned: all.filter(({ nature }) => nature !== 'fault'),
    ordinary: majorDates.size === 0 ? all : all.filter(({ startedAt }) => !majorDates.has(dateOf(startedAt))),
    unknown,
    darkest: unknown.length === 0 ? all : lengthened(all, unknown, now),
  };
}

/** Losses and silences that touch are one; two losses that touch were two, and stay two. */
function lengthened(losses: readonly Stretch[], silences: readonly Stretch[], now: number): Stretch[] {
  const pieces = [
    ...losses.map(({ startedAt, endedAt }) => ({ startedAt, endedAt: endedAt ?? now, isSilence: false })),
    ...silences.map(({ startedAt, endedAt }) => ({ startedAt, endedAt: endedAt ?? now, isSilence: true })),
  ].sort((a, b) => a.startedAt - b.startedAt || a.endedAt - b.endedAt);
  const result: typeof pieces = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last === undefined || piece.startedAt > last.endedAt || !(piece.isSilence || last.isSilence)) {
      result.push(piece);
    } else if (piece.endedAt >= last.endedAt) {
      last.endedAt = piece.endedAt;
      // Of the last part that was taken in.
      last.isSilence = piece.isSilence;
    }
  }
  return result;
}
