import { MINUTE_MS } from '../../domain/instants.js';
import { dayOfDate, dayOfInstant } from '../../domain/reconnection/days.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { debtsOf, differing, lockAccount, lockExternalId, mustHaveHappened, refuseDifferent } from './account-facts.js';
import { alignOrder } from './orders.js';

export interface Payment {
  id: number;
  externalId: string;
  accountNo: string;
  paidAt: number;
  /** When the utility had it; banks book in batches. The clock runs from `paidAt`. */
  receivedAt: number;
  amount: number;
  settled: boolean;
}

/**
 * Records a payment. Payment in full clears the account's debts and, for a customer who is cut for arrears, starts the promise to restore;
 * a part starts nothing.
 * @throws Fault `not_found`, `conflict` (the same number with other content), `invalid_input`
 */
export async function recordPayment(
  tx: Tx,
  active: PolicyInForce,
  given: Omit<Payment, 'id' | 'receivedAt'> & { receivedAt: number | null },
  actor: string,
): Promise<Payment> {
  await lockExternalId(tx, 'payment', given.externalId);
  const account = await lockAccount(tx, given.accountNo);
  const { receivedAt, ...said } = given;
  const known = await findPayment(tx, given.externalId);
  if (known !== null) {
    refuseDifferent(`The payment ${given.externalId}`, differing<Payment>(known, receivedAt === null ? said : given));
    return known;
  }
  mustHaveHappened(
    'paidAt',
    given.paidAt,
    tx.now,
    active.policy.telemetry.futureToleranceMinutes * MINUTE_MS,
    'send it once it is paid',
  );
  const [row] = await tx.query<{ id: number }>(
    `insert into payment (external_id, customer_id, paid_at, received_at, amount, settled) values ($1, $2, $3, $4, $5, $6) returning id`,
    [given.externalId, account.id, at(given.paidAt), at(receivedAt ?? tx.now), given.amount, given.settled],
  );
  const id = row?.id ?? 0;
  await append(tx, [
    {
      type: 'payment_received',
      subjectType: 'customer',
      subjectId: account.id,
      happenedAt: given.paidAt,
      actor,
      data: { paymentId: id, paidAt: given.paidAt, settled: given.settled },
    },
  ]);
  if (given.settled) await settle(tx, active, account.id, given.paidAt, actor);
  return { ...said, id, receivedAt: receivedAt ?? tx.now };
}

/**
 * Clears what was due, or on record, when it was paid; also when the payment is booked late. Then every cut that it may concern is
 * looked at again.
 */
async function settle(tx: Tx, active: PolicyInForce, customerId: number, paidAt: number, actor: string): Promise<void> {
  const debts = await debtsOf(tx, customerId);
  const cleared = debts.filter(
    (debt) =>
      (debt.clearedAt === null || debt.clearedAt > paidAt) &&
      (dayOfDate(debt.dueOn) <= dayOfInstant(paidAt) || debt.recordedAt <= paidAt),
  );
  await tx.query('update arrears set cleared_at = $2 where customer_id = $1 and due_on = any($3::date[])', [
    customerId,
    at(paidAt),
    cleared.map((debt) => debt.dueOn),
  ]);
  const cuts = await tx.query<{ id: number }>(
    `select id from disconnection
     where customer_id = $1 and disconnected_at is not null and (reconnected_at is null or reconnected_at >= $2) order by disconnected_at`,
    [customerId, at(paidAt)],
  );
  for (const cut of cuts) await alignOrder(tx, active, cut.id, actor);
}

async function findPayment(tx: Tx, externalId: string): Promise<Payment | null> {
  const [row] = await tx.query<Payment>(
    `select p.id, p.external_id as "externalId", c.account_no as "accountNo", p.paid_at as "paidAt", p.received_at as "receivedAt",
            p.amount, p.settled
     from payment p join customer c on c.id = p.customer_id where p.external_id = $1`,
    [externalId],
  );
  return row ?? null;
}
