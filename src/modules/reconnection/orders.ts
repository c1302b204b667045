import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { orderState, stagesOf, startingPayment } from '../../domain/reconnection/promise.js';
import type { PromiseFacts } from '../../domain/reconnection/promise.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { setDeadlines, settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { debtsOf, settledPaymentsOf } from './account-facts.js';

interface Cut extends Omit<PromiseFacts, 'arrears' | 'payments'> {
  id: number;
  customerId: number;
  measuredAt: number | null;
  area: string;
}

interface StoredOrder {
  id: number;
  paidAt: number;
  dueAt: number;
  state: 'open' | 'met' | 'breached';
  restoredAt: number | null;
}

/**
 * Brings the reconnection order of one cut in line with what is on record: payment, cut and restoration may become known in any order,
 * and the promise that results is the same. Makes the order, moves its begin to an earlier payment, ends it.
 * The caller holds the lock of the account.
 */
export async function alignOrder(tx: Tx, active: PolicyInForce, disconnectionId: number, actor: string): Promise<void> {
  const [cut] = await tx.query<Cut>(
    `select id, customer_id as "customerId", reason, planned_at as "plannedAt", notice_served_at as "noticeServedAt",
            disconnected_at as "disconnectedAt", measured_at as "measuredAt", reconnected_at as "reconnectedAt",
            coalesce((select a.area from customer c join asset a on a.id = c.transformer_id where c.id = disconnection.customer_id), '') as area
     from disconnection where id = $1`,
    [disconnectionId],
  );
  if (cut === undefined) return;
  const payment = startingPayment(
    {
      ...cut,
      arrears: await debtsOf(tx, cut.customerId),
      payments: await settledPaymentsOf(tx, cut.customerId),
    },
    active.policy.disconnection,
  );
  const before = await findOrder(tx, disconnectionId);
  if (payment === null) {
    if (before !== null) await endOrder(tx, cut, before, actor);
    return;
  }
  if (before !== null && before.paidAt <= payment.paidAt) return endOrder(tx, cut, before, actor);

  const stages = stagesOf(payment.paidAt, active.policyFor(cut.area), active.sourcesFor(cut.area));
  const dueAt = stages.at(-1)?.dueAt ?? payment.paidAt;
  const [row] = await tx.query<{ id: number }>(
    `insert into reconnection_order (disconnection_id, customer_id, payment_id, paid_at, due_at, policy_version, receipt)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (disconnection_id) do update set payment_id = excluded.payment_id, paid_at = excluded.paid_at,
       due_at = excluded.due_at, policy_version = excluded.policy_version, receipt = excluded.receipt
     returning id`,
    [
      cut.id,
      cut.customerId,
      payment.id,
      at(payment.paidAt),
      at(dueAt),
      active.version,
      JSON.stringify(stages.at(-1)?.receipt),
    ],
  );
  const order: StoredOrder = {
    ...(before ?? { state: 'open', restoredAt: null }),
    id: row?.id ?? 0,
    paidAt: payment.paidAt,
    dueAt,
  };
  await append(tx, [
    {
      type: 'reconnection_ordered',
      subjectType: 'reconnection_order',
      subjectId: order.id,
      happenedAt: payment.paidAt,
      actor,
      data: { customerId: cut.customerId, disconnectionId, paidAt: payment.paidAt, dueAt },
    },
  ]);
  if (cut.reconnectedAt === null) {
    await setDeadlines(tx, {
      kind: 'reconnection',
      subjectType: 'reconnection_order',
      subjectId: order.id,
      policyVersion: active.version,
      stages,
    });
  }
  await endOrder(tx, cut, order, actor);
}

async function findOrder(tx: Tx, disconnectionId: number): Promise<StoredOrder | null> {
  const [row] = await tx.query<StoredOrder>(
    `select id, paid_at as "paidAt", due_at as "dueAt", state, restored_at as "restoredAt"
     from reconnection_order where disconnection_id = $1`,
    [disconnectionId],
  );
  return row ?? null;
}

/** Writes that supply is back, in time or late. Measured power replaces an earlier word of the crew. */
async function endOrder(tx: Tx, cut: Cut, order: StoredOrder, actor: string): Promise<void> {
  const restoredAt = cut.reconnectedAt;
  if (restoredAt === null) return;
  const state = orderState({ dueAt: order.dueAt, restoredAt, breached: order.state === 'breached' });
  if (restoredAt === order.restoredAt && state === order.state) return;
  await tx.query('update reconnection_order set state = $2, restored_at = $3 where id = $1', [
    order.id,
    state,
    atOrNull(restoredAt),
  ]);
  await settleDeadlines(tx, 'reconnection', 'reconnection_order', [order.id], 'met', [restoredAt]);
  await append(tx, [
    ...(state === 'breached' && order.state !== 'breached' ? [breachOf(cut, order)] : []),
    {
      type: 'reconnection_met',
      subjectType: 'reconnection_order',
      subjectId: order.id,
      happenedAt: restoredAt,
      actor,
      data: {
        customerId: cut.customerId,
        disconnectionId: cut.id,
        restoredAt,
        source: cut.measuredAt === null ? 'crew' : 'measured',
        late: state === 'breached',
      },
    },
  ]);
}

const breachOf = (cut: { id: number; customerId: number }, order: { id: number; dueAt: number }): NewJournalEntry => ({
  type: 'reconnection_breached',
  subjectType: 'reconnection_order',
  subjectId: order.id,
  happenedAt: order.dueAt,
  data: { customerId: cut.customerId, disconnectionId: cut.id, dueAt: order.dueAt },
});

/** The limit has passed and supply is not back. Does nothing when it is, or when that was written already. */
export async function breachOrder(tx: Tx, orderId: number): Promise<void> {
  const [row] = await tx.query<{ id: number; dueAt: number; disconnectionId: number; customerId: number }>(
    `update reconnection_order set state = 'breached'
     where id = $1 and state = 'open' and restored_at is null and due_at <= $2
     returning id, due_at as "dueAt", disconnection_id as "disconnectionId", customer_id as "customerId"`,
    [orderId, at(tx.now)],
  );
  if (row === undefined) return;
  await append(tx, [breachOf({ id: row.disconnectionId, customerId: row.customerId }, row)]);
}
