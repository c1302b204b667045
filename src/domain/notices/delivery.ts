import { MINUTE_MS } from '../instants.js';

/**
 * What a provider said of one message.
 * refused = this message will never be taken (a bad number, a forbidden text); another try or provider changes nothing.
 * failed = not now; `maybeAccepted` when the answer was lost, so that the message may have been taken all the same.
 */
export type Outcome =
  | { result: 'accepted'; reference: string | null }
  | { result: 'refused'; reason: string }
  | { result: 'failed'; reason: string; maybeAccepted: boolean };

export type Decision =
  | { next: 'accepted' }
  | { next: 'other_provider'; provider: string }
  | { next: 'retry'; at: number }
  | { next: 'call_list' }
  | { next: 'unknown' };

export interface Attempt {
  provider: string;
  /** The provider takes a message with the same key once, however often it is sent. */
  idempotent: boolean;
  /** This attempt's number, from 1. */
  attempt: number;
  maxAttempts: number;
  /** An earlier attempt may have been accepted: the message stays with this provider. */
  maybeTold: boolean;
}

/**
 * What becomes of a notice after an attempt. A message that may have been taken is never given to another provider: rather one
 * customer is phoned than told twice.
 * @param providers in fail-over order
 */
export function decide(outcome: Outcome, attempt: Attempt, providers: readonly string[], now: number): Decision {
  if (outcome.result === 'accepted') return { next: 'accepted' };
  if (outcome.result === 'refused') return { next: 'call_list' };
  if (outcome.maybeAccepted && !attempt.idempotent) return { next: 'unknown' };
  const other = providers[providers.indexOf(attempt.provider) + 1];
  if (!outcome.maybeAccepted && !attempt.maybeTold && other !== undefined)
    return { next: 'other_provider', provider: other };
  if (attempt.attempt >= attempt.maxAttempts) return { next: 'call_list' };
  return { next: 'retry', at: now + backoffMs(attempt.attempt) };
}

/** Half a minute, then four times as long each time, half an hour at most. */
export const backoffMs = (attempt: number): number => Math.min(0.5 * MINUTE_MS * 4 ** (attempt - 1), 30 * MINUTE_MS);
