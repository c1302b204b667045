import type { Decision, Outcome } from '../../domain/notices/delivery.js';
import type { NoticeKind } from '../../domain/notices/notice-kinds.js';
import { OUT_KINDS } from '../../domain/notices/notice-kinds.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';

/** A sender that has not said within this time what became of a message is given up for dead. */
const LEASE_MS = 5 * 60_000;

export interface ClaimedNotice {
  id: number;
  kind: NoticeKind;
  /** Null = to one of the staff. */
  customerId: number | null;
  recipient: string;
  text: string;
  segments: number;
  provider: string;
  /** This attempt's number, from 1. */
  attempt: number;
  maybeTold: boolean;
}

interface DueRow extends Omit<ClaimedNotice, 'provider' | 'attempt'> {
  state: 'queued' | 'sending';
  provider: string | null;
  attempts: number;
  expiresAt: number | null;
}

export interface Settlement {
  notice: ClaimedNotice;
  outcome: Outcome;
  decision: Exclude<Decision, { next: 'other_provider' }>;
}

/**
 * Takes due notices into the caller's hands, at most `limit`; other senders pass over them. Old news is cancelled. A notice that a
 * dead sender held is tried again with the same provider if that provider knows its own keys, else it is `unknown` for good.
 * @param idempotent which configured providers take the same key once
 */
export async function claimDue(
  tx: Tx,
  limit: number,
  firstProvider: string,
  idempotent: (provider: string) => boolean,
): Promise<{ claimed: ClaimedNotice[]; found: number }> {
  const due = await tx.query<DueRow>(
    `select id, kind, customer_id as "customerId", recipient, text, segments, provider, state, attempts,
            expires_at as "expiresAt", maybe_told as "maybeTold"
     from notice where state in ('queued', 'sending') and channel = 'sms' and next_attempt_at <= $1
     order by next_attempt_at, id limit $2 for update skip locked`,
    [at(tx.now), limit],
  );
  const old = due.filter((row) => row.state === 'queued' && row.expiresAt !== null && row.expiresAt <= tx.now);
  const lost = due.filter((row) => row.state === 'sending' && !idempotent(row.provider ?? ''));
  const rest = due.filter((row) => !old.includes(row) && !lost.includes(row));
  await tx.query(
    `update notice set state = 'cancelled', settled_at = $2, last_error = 'it was too late to send this' where id = any($1::bigint[])`,
    [old.map((row) => row.id), at(tx.now)],
  );
  await giveUp(tx, lost);
  const claimed = rest.map((row) => {
    const maybeTold = row.maybeTold || row.state === 'sending';
    const provider = maybeTold && row.provider !== null && idempotent(row.provider) ? row.provider : firstProvider;
    return { ...row, provider, attempt: row.attempts + 1, maybeTold };
  });
  await tx.query(
    `update notice set state = 'sending', attempts = attempts + 1, next_attempt_at = $3, provider = claimed.provider, maybe_told = claimed.maybe_told
     from unnest($1::bigint[], $2::text[], $4::boolean[]) as claimed(id, provider, maybe_told) where notice.id = claimed.id`,
    [
      claimed.map((row) => row.id),
      claimed.map((row) => row.provider),
      at(tx.now + LEASE_MS),
      claimed.map((row) => row.maybeTold),
    ],
  );
  return { claimed, found: due.length };
}

async function giveUp(tx: Tx, lost: readonly DueRow[]): Promise<void> {
  await tx.query(
    `update notice set state = 'unknown', settled_at = $2, maybe_told = true, last_error = 'its sender stopped before the provider answered'
     where id = any($1::bigint[])`,
    [lost.map((row) => row.id), at(tx.now)],
  );
  await append(
    tx,
    lost.map((row) => settledEntry(row, 'unknown', row.provider, tx.now)),
  );
}

/**
 * Writes down what became of claimed notices. "Your supply is out" is not tried again once the customer is told that it is back, nor
 * "it is back" once it is told that it is out again.
 */
export async function settle(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  const ids = settlements.map(({ notice }) => notice.id);
  // The lock first, in a statement of its own: the next one then sees what a follower committed while it held these rows.
  await tx.query('select id from notice where id = any($1::bigint[]) order by id for update', [ids]);
  const settled = await tx.query<{ id: number; state: string; channel: string }>(
    `update notice set
       state = case when outcome.next = 'accepted' then 'accepted' when outcome.next = 'unknown' then 'unknown'
                    when exists (
                      select 1 from notice later where later.customer_id = notice.customer_id and later.id > notice.id
                       and (later.state <> 'cancelled' or later.maybe_told)
                       and (notice.kind = any($8::text[]) and later.kind = 'restored' or notice.kind = 'restored' and later.kind = any($8::text[])))
                    then 'cancelled' else 'queued' end,
       channel = case when outcome.next = 'call_list' then 'call_list' else channel end,
       recipient = case when outcome.next = 'call_list' then coalesce(
                     (select nullif(landline, '') from customer where customer.id = notice.customer_id
                        and (notice.event_type <> 'dunning_step' or customer.mobile = notice.recipient)), recipient) else recipient end,
       next_attempt_at = coalesce(outcome.retry_at, $2),
       provider = outcome.provider,
       provider_ref = coalesce(outcome.reference, provider_ref),
       last_error = outcome.error,
       maybe_told = notice.maybe_told or outcome.maybe_told,
       sent_at = case when outcome.next in ('accepted', 'unknown') then $2 end,
       settled_at = case when outcome.next in ('accepted', 'unknown') then $2 end
     from unnest($1::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $9::boolean[])
       as outcome(id, next, retry_at, provider, reference, error, maybe_told)
     where notice.id = outcome.id and notice.state = 'sending'
     returning notice.id, notice.state, notice.channel`,
    [
      ids,
      at(tx.now),
      settlements.map(({ decision }) => decision.next),
      settlements.map(({ decision }) => atOrNull(decision.next === 'retry' ? decision.at : null)),
      settlements.map(({ notice }) => notice.provider),
      settlements.map(({ outcome }) => (outcome.result === 'accepted' ? outcome.reference : null)),
      settlements.map(({ outcome }) => (outcome.result === 'accepted' ? null : outcome.reason)),
      OUT_KINDS,
      settlements.map(({ outcome }) => outcome.result === 'failed' && outcome.maybeAccepted),
    ],
  );
  const stands = new Map(settled.map((row) => [row.id, row]));
  await append(
    tx,
    settlements.flatMap(({ notice, decision }) => {
      const state = stands.get(notice.id)?.state;
      if (decision.next === 'unknown' && state === 'unknown')
        return [settledEntry(notice, 'unknown', notice.provider, tx.now)];
      if (decision.next === 'call_list' && state === 'queued')
        return [settledEntry(notice, 'call_list', notice.provider, tx.now)];
      return [];
    }),
  );
}

const settledEntry = (
  notice: { id: number; kind: NoticeKind; customerId: number | null },
  state: 'call_list' | 'unknown',
  provider: string | null,
  happenedAt: number,
) => ({
  type: 'notice_settled' as const,
  subjectType: 'notice' as const,
  subjectId: notice.id,
  happenedAt,
  data: { kind: notice.kind, customerId: notice.customerId, state, provider },
});
