import { formatInstant } from '../instants.js';

/**
 * Moves in the register: an asset below another parent, a customer on another transformer. History is kept as intervals, so that an
 * event is always linked by the network as it was at the event's time.
 */
export type Move =
  | { move: 'none' }
  /** The interval in force began at the same instant: its value is replaced, no interval of no length is written. */
  | { move: 'replace'; at: number }
  /** The interval in force ends at `at`, a new one begins there. */
  | { move: 'close'; at: number }
  | { move: 'refused'; reason: string };

export function planMove(given: {
  /** Codes of what it hangs on, today and by the file. */
  current: string | null;
  next: string | null;
  /** Begin of the interval in force; -Infinity for the first. */
  validFrom: number;
  /** Left out by the file: the move is effective now. */
  effectiveAt: number | null;
  now: number;
}): Move {
  if (given.current === given.next) return { move: 'none' };
  const at = given.effectiveAt ?? given.now;
  if (at > given.now)
    return { move: 'refused', reason: 'effective_at lies in the future; send the move once it has happened' };
  if (at < given.validFrom) {
    return {
      move: 'refused',
      reason: `effective_at is before the last move (${formatInstant(given.validFrom)}); history is not rewritten`,
    };
  }
  return { move: at === given.validFrom ? 'replace' : 'close', at };
}
