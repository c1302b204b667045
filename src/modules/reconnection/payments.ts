import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { missingAmount } from '../../domain/reconnection/missing-amount.js';
import type { MissingAmount } from '../../domain/reconnection/missing-amount.js';
import type { Fault } from '../../fault.js';
import { refusal } from '../../fault.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { differing, lockAccount, mustHaveHappened, refuseDifferent } from './account-facts.js';
import { alignOrder } from './orders.js';
import { settleDebts } from './settle-debts.js';

export interface PaymentReport {
  externalId: string;
  accountNo: string;
  paidAt: number;
  /** When the utility had it; banks book in batches. Null = now. */
  receivedAt: number | null;
  /** When billing had settled arrears and penalty; null = when it was received. */
  clearedAt: number | null;
  amount: number;
  settled: boolean;
  /** What billing says is still open after a payment in part. */
  outstandingArrears: number | null;
  outstandingPenalty: number | null;
}

export interface Payment extends PaymentReport {
  id: number;
  receivedAt: number;
  reversedAt: number | null;
  reversalReason: string | null;
}

/** What must have happened, and when to send it. */
const INSTANTS = {
  paidAt: 'send it once it is paid',
  receivedAt: 'send it once it is received, or leave it out',
  clearedAt: 'send it once it is cleared, or leave it out',
} as const;

const PAYMENT = `p.id, p.external_id as "externalId", c.account_no as "accountNo", p.paid_at as "paidAt", p.received_at as "receivedAt",
  p.cleared_at as "clearedAt", p.amount, p.settled, p.outstanding_arrears as "outstandingArrears",
  p.outstanding_penalty as "outstandingPenalty", p.reversed_at as "reversedAt", p.reversal_reason as "reversalReason"`;

export const findPayments = (db: Queryable, externalIds: readonly string[]): Promise<Payment[]> =>
  db.query<Payment>(
    `select ${PAYMENT} from payment p join customer c on c.id = p.customer_id where p.external_id = any($1::text[])`,
    [externalIds],
  );

/** The fields in which a payment that is sent again differs from what is stored; what is left open says nothing. */
export const differencesTo = (known: Payment, given: PaymentReport): string[] =>
  differing<Payment>(known, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)));

/**
 * Records a payment. Payment in full clears the account's debts and, for a customer who is cut for arrears, starts the promise to restore;
 * a part starts nothing.
 * @throws Fault `not_found`, `conflict` (the same number with other content), `invalid_input`
 */
export async function recordPayment(
  tx: Tx,
  active: PolicyInForce,
  given: PaymentReport,
  actor: string,
): Promise<Payment> {
  const account = await lockAccount(tx, given.accountNo);
  for (const [field, remedy] of Object.entries(INSTANTS)) {
    const instant = given[field as keyof typeof INSTANTS];
    if (instant !== null) mustHaveHappened(field, instant, tx.now, active, remedy);
  }
  const [early] = earlierThanPaid(given, active);
  if (early !== undefined) throw beforePayment(early, active);
  await takePayments(tx, active, [{ ...given, customerId: account.id }], actor);
  const [stored] = await findPayments(tx, [given.externalId]);
  if (stored === undefined) throw new Error('the payment was written in this transaction');
  refuseDifferent(`The payment ${given.externalId}`, differencesTo(stored, given));
  return stored;
}

/** What comes after the payment and is said to have come before it; the clocks of bank and billing may differ a little. */
export function earlierThanPaid(
  { paidAt, receivedAt, clearedAt }: Pick<PaymentReport, 'paidAt' | 'receivedAt' | 'clearedAt'>,
  { policy }: PolicyInForce,
): ('receivedAt' | 'clearedAt')[] {
  const earliest = paidAt - policy.telemetry.futureToleranceMinutes * MINUTE_MS;
  const instants = { receivedAt, clearedAt };
  return (['receivedAt', 'clearedAt'] as const).filter((name) => (instants[name] ?? earliest) < earliest);
}

function beforePayment(field: 'receivedAt' | 'clearedAt', { policy, sources }: PolicyInForce): Fault {
  const minutes = policy.telemetry.futureToleranceMinutes;
  return refusal(
    'invalid_input',
    {
      rule: 'received_after_payment',
      path: `body.${field}`,
      zh: `早于缴费时间（容差 ${minutes} 分钟）：到账、结清不会早于缴费，请核对各系统时间`,
      en: `body.${field}: lies before paidAt; nothing is received or cleared before it is paid (tolerance ${minutes} min)`,
      source: `own: the promise counts from one of these instants; tolerance of clocks: ${sources['telemetry.futureToleranceMinutes'] ?? 'policy'}`,
    },
    'invalid_input',
  );
}

export interface PaymentOfCustomer extends PaymentReport {
  customerId: number;
}

/**
 * Stores payments whose numbers are new; those that are known stay as they are. The caller holds the locks of the accounts.
 * A number that another transaction is just writing is waited for.
 */
export async function takePayments(
  tx: Tx,
  active: PolicyInForce,
  payments: readonly PaymentOfCustomer[],
  actor: string,
): Promise<void> {
  if (payments.length === 0) return;
  const received = (payment: PaymentReport): number => payment.receivedAt ?? tx.now;
  const stored = await tx.query<{ id: number; externalId: string }>(
    `insert into payment (external_id, customer_id, paid_at, received_at, cleared_at, amount, settled, outstanding_arrears, outstanding_penalty)
     select * from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::numeric[], $7::boolean[],
       $8::numeric[], $9::numeric[])
     on conflict (external_id) do nothing returning id, external_id as "externalId"`,
    [
      payments.map(({ externalId }) => externalId),
      payments.map(({ customerId }) => customerId),
      payments.map(({ paidAt }) => at(paidAt)),
      payments.map((payment) => at(received(payment))),
      payments.map((payment) => atOrNull(payment.settled ? (payment.clearedAt ?? received(payment)) : null)),
      payments.map(({ amount }) => amount),
      payments.map(({ settled }) => settled),
      payments.map(({ outstandingArrears }) => outstandingArrears),
      payments.map(({ outstandingPenalty }) => outstandingPenalty),
    ],
  );
  const idOf = new Map(stored.map(({ id, externalId }) => [externalId, id]));
  const fresh = payments.filter(({ externalId }) => idOf.has(externalId));
  await append(
    tx,
    fresh.map(({ externalId, customerId, paidAt, settled }) => ({
      type: 'payment_received' as const,
      subjectType: 'customer' as const,
      subjectId: customerId,
      happenedAt: paidAt,
      actor,
      data: { paymentId: idOf.get(externalId) ?? 0, paidAt, settled },
    })),
  );
  const customerIds = [...new Set(fresh.filter(({ settled }) => settled).map(({ customerId }) => customerId))];
  await settleDebts(tx, customerIds);
  await alignCutsOf(tx, active, customerIds, actor);
}

/** Every cut that a payment of these customers may concern is looked at again. */
export async function alignCutsOf(
  tx: Tx,
  active: PolicyInForce,
  customerIds: readonly number[],
  actor: string,
): Promise<void> {
  if (customerIds.length === 0) return;
  const cuts = await tx.query<{ id: number }>(
    `select id from disconnection where customer_id = any($1::integer[]) and reason = 'arrears' and disconnected_at is not null
     order by customer_id, disconnected_at`,
    [customerIds],
  );
  for (const cut of cuts) await alignOrder(tx, active, cut.id, actor);
}

/** What is missing after a payment in part; null for one in full. */
export async function missingAfter(db: Queryable, payment: Payment): Promise<MissingAmount | null> {
  if (payment.settled) return null;
  const [row] = await db.query<{ owed: number[]; paid: number[] }>(
    `select (select coalesce(array_agg(a.amount::float8), '{}') from arrears a where a.customer_id = c.id and a.cleared_at is null) as owed,
            (select coalesce(array_agg(p.amount::float8), '{}') from payment p
             where p.customer_id = c.id and not p.settled and p.reversed_at is null
               and p.paid_at > coalesce((select max(f.paid_at) from payment f
                                         where f.customer_id = c.id and f.settled and f.reversed_at is null), '-infinity')) as paid
     from customer c where c.account_no = $1`,
    [payment.accountNo],
  );
  const told = { arrears: payment.outstandingArrears, penalty: payment.outstandingPenalty };
  return missingAmount(told, row?.owed ?? [], row?.paid ?? []);
}
