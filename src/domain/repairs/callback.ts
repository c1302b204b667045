import type { Policy } from '../policy.js';

/** One call back to the customer. */
export interface Callback {
  reached: boolean;
  /** Null when not reached. */
  satisfied: boolean | null;
}

export const OUTCOMES = ['satisfied', 'unsatisfied', 'not_reached'] as const;

/** What follows from a call back, with its reason: another attempt, the unit once more, or the end with its outcome. */
export type AfterCallback =
  | { next: 'try_again'; attemptsLeft: number }
  | { next: 'back_to_unit' }
  | { next: 'closed'; outcome: (typeof OUTCOMES)[number] };

/**
 * Not reached: tried again until the attempts are used up. Not satisfied: back to the unit, once; the second time the order is closed as
 * it is, and the customer's way is a complaint.
 * @param attempts earlier calls of this round that did not reach the customer
 * @param round 1 = the first; 2 = it went back once
 */
export function afterCallback(
  call: Callback,
  { attempts, round }: { attempts: number; round: number },
  policy: Policy['repairs'],
): AfterCallback {
  if (!call.reached) {
    const left = policy.callbackAttempts - attempts - 1;
    return left > 0 ? { next: 'try_again', attemptsLeft: left } : { next: 'closed', outcome: 'not_reached' };
  }
  if (call.satisfied === true) return { next: 'closed', outcome: 'satisfied' };
  return round === 1 ? { next: 'back_to_unit' } : { next: 'closed', outcome: 'unsatisfied' };
}
