import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PromiseFacts } from '../../domain/reconnection/promise.js';
import { orderState } from '../../domain/reconnection/restoration.js';
import type { OrderState } from '../../domain/reconnection/restoration.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { setDeadlines, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { stopRemote } from './remote-tries.js';

export interface Cut extends Omit<PromiseFacts, 'arrears' | 'payments'> {
  id: number;
  customerId: number;
  claimedAt: number | null;
  claimedBy: string | null;
  refutedAt: number | null;
  switchAt: number | null;
  measuredAt: number | null;
  area: string;
}

export interface StoredOrder {
  id: number;
  paymentId: number;
  paidAt: number;
  dueAt: number;
  state: OrderState;
  restoredAt: number | null;
  /** The word by which it was judged last. */
  claimedAt: number | null;
  paymentReversedAt: number | null;
}

export const KIND = 'reconnection';
export const SUBJECT = 'reconnection_order';

/** Writes what is known of the supply: confirmed in time or late; said by the crew; refuted. */
export async function judge(tx: Tx, cut: Cut, order: StoredOrder, actor: string): Promise<void> {
  const restoredAt = cut.measuredAt;
  const claimedAt = cut.refutedAt === null ? cut.claimedAt : null;
  const state = orderState({ dueAt: order.dueAt, restoredAt, claimedAt, breached: order.state === 'breached' });
  if (state === order.state && restoredAt === order.restoredAt && claimedAt === order.claimedAt) return;
  await tx.query('update reconnection_order set state = $2, restored_at = $3, claimed_at = $4 where id = $1', [
    order.id,
    state,
    atOrNull(restoredAt),
    atOrNull(claimedAt),
  ]);
  await moveStages(tx, order, restoredAt, claimedAt);
  await append(tx, newsOf(cut, order, { state, restoredAt, claimedAt }, actor));
  if (restoredAt !== null || claimedAt !== null)
    await stopRemote(tx, order.id, {
      reason: restoredAt === null ? 'the crew was there' : 'supply is back',
      isMeasured: restoredAt !== null,
    });
  else
    await tx.query('update reconnection_order set field_since = coalesce(field_since, $2) where id = $1', [
      order.id,
      at(tx.now),
    ]);
}

/** A word takes the stages out; they run again when it is refuted, and where measurement shows a later instant. */
async function moveStages(
  tx: Tx,
  order: StoredOrder,
  restoredAt: number | null,
  claimedAt: number | null,
): Promise<void> {
  if (order.claimedAt !== null && (restoredAt !== null || claimedAt === null)) await runStagesAgain(tx, order.id);
  if (restoredAt !== null) await settleDeadlines(tx, KIND, SUBJECT, [order.id], 'met', [restoredAt]);
  else if (claimedAt !== null) await settleDeadlines(tx, KIND, SUBJECT, [order.id], 'cancelled', [claimedAt]);
}

async function runStagesAgain(tx: Tx, orderId: number): Promise<void> {
  const stages = await tx.query<{ stage: string; dueAt: number; receipt: object; policyVersion: number }>(
    `select stage, due_at as "dueAt", receipt, policy_version as "policyVersion" from deadline
     where kind = $1 and subject_type = $2 and subject_id = $3`,
    [KIND, SUBJECT, orderId],
  );
  await setDeadlines(tx, {
    kind: KIND,
    subjectType: SUBJECT,
    subjectId: orderId,
    policyVersion: stages[0]?.policyVersion ?? 0,
    stages,
  });
}

function newsOf(
  cut: Cut,
  before: StoredOrder,
  now: { state: OrderState; restoredAt: number | null; claimedAt: number | null },
  actor: string,
): NewJournalEntry[] {
  const late = now.state === 'breached';
  const about = { subjectType: SUBJECT, subjectId: before.id, actor } as const;
  const ids = { customerId: cut.customerId, disconnectionId: cut.id };
  const news: NewJournalEntry[] = late && before.state !== 'breached' ? [breachOf(cut, before)] : [];
  if (now.restoredAt !== null) {
    const source = now.restoredAt === cut.switchAt ? 'switch' : 'measured';
    const data = { ...ids, restoredAt: now.restoredAt, source, late } as const;
    news.push({ type: 'reconnection_met', ...about, happenedAt: now.restoredAt, data });
  } else if (now.claimedAt !== null && now.claimedAt !== before.claimedAt) {
    const data = { ...ids, claimedAt: now.claimedAt, by: cut.claimedBy ?? '', late };
    news.push({ type: 'reconnection_claimed', ...about, happenedAt: now.claimedAt, data });
  } else if (now.claimedAt === null && before.claimedAt !== null && cut.refutedAt !== null) {
    const data = { ...ids, claimedAt: before.claimedAt, refutedAt: cut.refutedAt };
    news.push({ type: 'reconnection_claim_refuted', ...about, happenedAt: cut.refutedAt, data });
  }
  return news;
}

const breachOf = (cut: { id: number; customerId: number }, order: { id: number; dueAt: number }): NewJournalEntry => ({
  type: 'reconnection_breached',
  subjectType: SUBJECT,
  subjectId: order.id,
  happenedAt: order.dueAt,
  data: { customerId: cut.customerId, disconnectionId: cut.id, dueAt: order.dueAt },
});

/**
 * The limit `dueAt` has passed, by the clock of whoever let the deadline fire, and supply is not back. Does nothing when it is, when the
 * limit was moved meanwhile, or when that was written already.
 */
export async function breachOrder(tx: Tx, orderId: number, dueAt: number): Promise<void> {
  const [row] = await tx.query<{ id: number; dueAt: number; disconnectionId: number; customerId: number }>(
    `update reconnection_order set state = 'breached'
     where id = $1 and state = 'open' and restored_at is null and due_at <= $2
     returning id, due_at as "dueAt", disconnection_id as "disconnectionId", customer_id as "customerId"`,
    [orderId, at(dueAt)],
  );
  if (row === undefined) return;
  await append(tx, [breachOf({ id: row.disconnectionId, customerId: row.customerId }, row)]);
}
