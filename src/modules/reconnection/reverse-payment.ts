import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { differing, lockAccount, mustHaveHappened, refuseDifferent } from './account-facts.js';
import { alignCutsOf, findPayments } from './payments.js';
import type { Payment } from './payments.js';
import { settleDebts } from './settle-debts.js';

/**
 * Takes a payment back: it bounced, or was booked in error. Bills that only it had cleared are owed again; an order that rested on it is
 * cancelled, moves to another payment, or, when supply is back, says so.
 * @throws Fault `not_found`, `conflict` (reversed with other content), `invalid_input`
 */
export async function reversePayment(
  tx: Tx,
  active: PolicyInForce,
  externalId: string,
  given: { at: number; reason: string },
  actor: string,
): Promise<Payment> {
  const [known] = await findPayments(tx, [externalId]);
  if (known === undefined) {
    throw new Fault('not_found', `There is no payment ${externalId}; only a payment that was sent can be reversed.`, {
      problem: 'payment_not_found',
    });
  }
  const account = await lockAccount(tx, known.accountNo);
  mustHaveHappened('at', given.at, tx.now, active, 'send it once it is reversed');
  if (given.at < known.paidAt)
    throw refusal(
      'invalid_input',
      {
        rule: 'reversal_after_payment',
        path: 'body.at',
        zh: '冲正时间早于付款时间',
        en: 'body.at: lies before the payment was made',
        source: 'own: only what was paid can be taken back',
      },
      'invalid_input',
    );
  const reversed = await tx.query<object>(
    `update payment set reversed_at = $2, reversal_reason = $3, reversal_recorded_at = $4
     where id = $1 and reversed_at is null returning id`,
    [known.id, at(given.at), given.reason, at(tx.now)],
  );
  const [payment] = await findPayments(tx, [externalId]);
  if (payment === undefined) throw new Error('payments are never deleted');
  if (reversed.length === 0) {
    refuseDifferent(
      `The reversal of ${externalId}`,
      differing({ at: payment.reversedAt, reason: payment.reversalReason }, given),
    );
    return payment;
  }
  await append(tx, [
    {
      type: 'payment_reversed',
      subjectType: 'customer',
      subjectId: account.id,
      happenedAt: given.at,
      actor,
      data: {
        paymentId: known.id,
        paidAt: known.paidAt,
        settled: known.settled,
        reversedAt: given.at,
        reason: given.reason,
      },
    },
  ]);
  if (known.settled) {
    await settleDebts(tx, [account.id]);
    await alignCutsOf(tx, active, [account.id], actor);
  }
  return payment;
}
