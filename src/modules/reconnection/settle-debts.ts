import { settledAt } from '../../domain/reconnection/settlement.js';
import { atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';

/**
 * Brings the bills of these customers in line with their payments in full: what was due, or on record, when one was paid is cleared by the
 * earliest of them; what only a reversed payment had cleared is owed again. Bills cleared otherwise stay so.
 */
export async function settleDebts(tx: Tx, customerIds: readonly number[]): Promise<void> {
  if (customerIds.length === 0) return;
  const bills = await tx.query<{ customerId: number; dueOn: string; recordedAt: number; clearedAt: number | null }>(
    `select customer_id as "customerId", due_on::text as "dueOn", recorded_at as "recordedAt", cleared_at as "clearedAt"
     from arrears where customer_id = any($1::integer[]) order by customer_id, due_on`,
    [customerIds],
  );
  const payments = await tx.query<{ customerId: number; paidAt: number; isReversed: boolean }>(
    `select customer_id as "customerId", paid_at as "paidAt", reversed_at is not null as "isReversed"
     from payment where customer_id = any($1::integer[]) and settled`,
    [[...new Set(bills.map(({ customerId }) => customerId))]],
  );
  const paidBy = new Map<number, typeof payments>(); // a file of bills has tens of thousands of customers
  for (const payment of payments) paidBy.set(payment.customerId, [...(paidBy.get(payment.customerId) ?? []), payment]);
  const changed = bills.flatMap((bill) => {
    const clearedAt = settledAt(bill, paidBy.get(bill.customerId) ?? []);
    return clearedAt === bill.clearedAt ? [] : [{ ...bill, clearedAt }];
  });
  if (changed.length === 0) return;
  await tx.query(
    `update arrears a set cleared_at = n.cleared_at from unnest($1::integer[], $2::date[], $3::timestamptz[]) as n(customer_id, due_on, cleared_at)
     where a.customer_id = n.customer_id and a.due_on = n.due_on`,
    [
      changed.map(({ customerId }) => customerId),
      changed.map(({ dueOn }) => dueOn),
      changed.map(({ clearedAt }) => atOrNull(clearedAt)),
    ],
  );
}
