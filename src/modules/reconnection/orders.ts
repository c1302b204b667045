import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { stagesOf, startingPayment } from '../../domain/reconnection/promise.js';
import type { FullPayment } from '../../domain/reconnection/promise.js';
import type { OrderState } from '../../domain/reconnection/restoration.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { setDeadlines, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { debtsOf } from './account-facts.js';
import { judge, KIND, SUBJECT } from './judge-order.js';
import type { Cut, StoredOrder } from './judge-order.js';
import { beginRestoration, stopRemote } from './remote-tries.js';

/**
 * Brings the reconnection order of one cut in line with what is on record: payment, reversal, cut and restoration may become known in any
 * order, and the promise that results is the same. Makes the order, moves its begin, judges it, cancels it.
 * The caller holds the lock of the account.
 */
export async function alignOrder(tx: Tx, active: PolicyInForce, disconnectionId: number, actor: string): Promise<void> {
  const [cut] = await tx.query<Cut>(
    `select id, customer_id as "customerId", reason, planned_at as "plannedAt", notice_served_at as "noticeServedAt",
            disconnected_at as "disconnectedAt", claimed_at as "claimedAt", claimed_by as "claimedBy", refuted_at as "refutedAt",
            switch_at as "switchAt", measured_at as "measuredAt", reconnected_at as "reconnectedAt",
            coalesce((select a.area from customer c join asset a on a.id = c.transformer_id where c.id = disconnection.customer_id), '') as area
     from disconnection where id = $1`,
    [disconnectionId],
  );
  if (cut === undefined) return;
  const payment = startingPayment(
    { ...cut, arrears: await debtsOf(tx, cut.customerId), payments: await fullPaymentsOf(tx, cut.customerId) },
    active.policy.disconnection,
  );
  const before = await findOrder(tx, disconnectionId);
  if (payment === null) {
    if (before !== null) await withoutPayment(tx, cut, before, active, actor);
    return;
  }
  if (before !== null && before.state !== 'cancelled' && (await keepsItsPayment(tx, before, payment)))
    return judge(tx, cut, before, actor);
  const order = await promise(tx, active, cut, payment, before, actor);
  if (cut.reconnectedAt === null) await beginRestoration(tx, active, order.id, actor);
  await judge(tx, cut, order, actor);
}

/** Payments in full that were not reversed. */
const fullPaymentsOf = (db: Queryable, customerId: number): Promise<FullPayment[]> =>
  db.query<FullPayment>(
    `select id, paid_at as "paidAt", received_at as "receivedAt", coalesce(cleared_at, received_at) as "clearedAt", amount
     from payment where customer_id = $1 and settled and reversed_at is null order by paid_at, id`,
    [customerId],
  );

/** A promise once given is not moved to a later payment, unless its own was reversed. */
async function keepsItsPayment(tx: Tx, order: StoredOrder, payment: FullPayment): Promise<boolean> {
  if (order.paymentId === payment.id) return true;
  return order.paidAt <= payment.paidAt && (await reversalOf(tx, order.paymentId)) === null;
}

interface Reversal {
  externalId: string;
  reversedAt: number;
  reason: string;
}

async function reversalOf(tx: Tx, paymentId: number): Promise<Reversal | null> {
  const [row] = await tx.query<Reversal>(
    `select external_id as "externalId", reversed_at as "reversedAt", reversal_reason as reason
     from payment where id = $1 and reversed_at is not null`,
    [paymentId],
  );
  return row ?? null;
}

/** Makes the order, moves it to another payment, or gives a cancelled one again. */
async function promise(
  tx: Tx,
  active: PolicyInForce,
  cut: Cut,
  payment: FullPayment,
  before: StoredOrder | null,
  actor: string,
): Promise<StoredOrder> {
  const stages = stagesOf(payment, active.policyFor(cut.area), active.sourcesFor(cut.area));
  const due = stages.at(-1);
  const dueAt = due?.dueAt ?? payment.paidAt;
  const wasBreached = before?.state === 'breached' && dueAt <= tx.now;
  const state: OrderState = wasBreached ? 'breached' : 'open';
  const [row] = await tx.query<{ id: number }>(
    `insert into reconnection_order (disconnection_id, customer_id, payment_id, paid_at, due_at, policy_version, receipt, ordered_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (disconnection_id) do update set payment_id = excluded.payment_id, paid_at = excluded.paid_at,
       due_at = excluded.due_at, policy_version = excluded.policy_version, receipt = excluded.receipt, state = excluded.state,
       cancellation = null, payment_reversed_at = null, forecast_missed_at = null
     returning id`,
    [
      cut.id,
      cut.customerId,
      payment.id,
      at(payment.paidAt),
      at(dueAt),
      active.version,
      JSON.stringify(due?.receipt),
      at(tx.now),
      state,
    ],
  );
  const id = row?.id ?? 0;
  await append(tx, [
    {
      type: 'reconnection_ordered',
      subjectType: SUBJECT,
      subjectId: id,
      happenedAt: payment.paidAt,
      actor,
      data: { customerId: cut.customerId, disconnectionId: cut.id, paidAt: payment.paidAt, dueAt },
    },
  ]);
  if (cut.measuredAt === null)
    await setDeadlines(tx, {
      kind: KIND,
      subjectType: SUBJECT,
      subjectId: id,
      area: cut.area,
      policyVersion: active.version,
      stages,
    });
  return {
    id,
    paymentId: payment.id,
    paidAt: payment.paidAt,
    dueAt,
    state,
    restoredAt: before?.restoredAt ?? null,
    claimedAt: before?.claimedAt ?? null,
    paymentReversedAt: null,
  };
}

async function findOrder(tx: Tx, disconnectionId: number): Promise<StoredOrder | null> {
  const [row] = await tx.query<StoredOrder>(
    `select id, payment_id as "paymentId", paid_at as "paidAt", due_at as "dueAt", state, restored_at as "restoredAt",
            claimed_at as "claimedAt", payment_reversed_at as "paymentReversedAt"
     from reconnection_order where disconnection_id = $1`,
    [disconnectionId],
  );
  return row ?? null;
}

/**
 * No payment carries the order any more. Reversed before supply was back, or supply turns out to have been back before the payment:
 * nothing is promised. Reversed afterwards: the promise was kept or broken as it was, and the order says that the customer is on without
 * having paid.
 */
async function withoutPayment(
  tx: Tx,
  cut: Cut,
  order: StoredOrder,
  active: PolicyInForce,
  actor: string,
): Promise<void> {
  const reversal = await reversalOf(tx, order.paymentId);
  if (order.state === 'cancelled') {
    // A command that could not be called back, or a crew that was not told: the customer is on all the same.
    if (reversal === null || cut.measuredAt === null || order.restoredAt !== null) return;
    await tx.query('update reconnection_order set restored_at = $2 where id = $1', [order.id, at(cut.measuredAt)]);
    return tellReversed(tx, cut, order, reversal, cut.measuredAt, actor);
  }
  if (reversal === null || cut.reconnectedAt === null) return cancel(tx, cut, order, reversal, active, actor);
  if (order.paymentReversedAt === null) {
    await tx.query('update reconnection_order set payment_reversed_at = $2 where id = $1', [
      order.id,
      at(reversal.reversedAt),
    ]);
    await tellReversed(tx, cut, order, reversal, reversal.reversedAt, actor);
  }
  return judge(tx, cut, order, actor);
}

const tellReversed = (
  tx: Tx,
  cut: Cut,
  order: StoredOrder,
  { reversedAt, reason }: Reversal,
  happenedAt: number,
  actor: string,
): Promise<void> =>
  append(tx, [
    {
      type: 'reconnected_on_reversed_payment',
      subjectType: SUBJECT,
      subjectId: order.id,
      happenedAt,
      actor,
      data: { customerId: cut.customerId, disconnectionId: cut.id, reversedAt, reason },
    },
  ]);

const BACK_BEFORE = { zh: '交费前已恢复供电', en: 'supply was back before the payment' };

async function cancel(
  tx: Tx,
  cut: Cut,
  order: StoredOrder,
  reversal: Reversal | null,
  active: PolicyInForce,
  actor: string,
): Promise<void> {
  const since = reversal?.reversedAt ?? cut.reconnectedAt ?? tx.now;
  const words =
    reversal === null
      ? BACK_BEFORE
      : { zh: `付款已冲正：${reversal.reason}`, en: `the payment was reversed: ${reversal.reason}` };
  const reason = reversal?.reason ?? `${BACK_BEFORE.en} (${BACK_BEFORE.zh})`;
  const { version: policyVersion } = active;
  await tx.query(
    `update reconnection_order set state = 'cancelled', restored_at = null, claimed_at = null, forecast_missed_at = null, field_since = null,
       payment_reversed_at = $2, cancellation = $3 where id = $1`,
    [
      order.id,
      atOrNull(reversal?.reversedAt ?? null),
      JSON.stringify({
        since,
        knownAt: tx.now,
        reason,
        words,
        paymentExternalId: reversal?.externalId ?? null,
        policyVersion,
      }),
    ],
  );
  await settleDeadlines(tx, KIND, SUBJECT, [order.id], 'cancelled');
  await append(tx, [
    {
      type: 'reconnection_cancelled',
      subjectType: SUBJECT,
      subjectId: order.id,
      happenedAt: since,
      actor,
      data: { customerId: cut.customerId, disconnectionId: cut.id, reason },
    },
  ]);
  await stopRemote(tx, order.id, { reason, isMeasured: cut.measuredAt !== null });
}
