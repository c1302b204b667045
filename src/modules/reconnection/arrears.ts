import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { rowSet } from '../network/row-set.js';
import { refusal } from '../../fault.js';
import { lockAccount } from './account-facts.js';
import type { Account, Debt } from './account-facts.js';
import { judgeDoneAgain } from './recheck-cuts.js';
import { settleDebts } from './settle-debts.js';

export interface Bill {
  account: Account;
  amount: number;
  /** The last day of payment: `2026-06-30`. */
  dueOn: string;
}

/**
 * Records an overdue bill; sent again with another amount, the amount is corrected as long as it is not paid.
 * @throws Fault `not_found`, `conflict`
 */
export async function recordArrears(
  tx: Tx,
  active: PolicyInForce,
  given: { accountNo: string; amount: number; dueOn: string },
  actor: string,
): Promise<Debt & { accountNo: string }> {
  const account = await lockAccount(tx, given.accountNo);
  const [recorded] = await recordBills(tx, active, [{ account, ...given }], actor);
  if (recorded === undefined)
    throw refusal(
      'conflict',
      {
        rule: 'paid_bill_stays',
        path: 'body.amount',
        zh: `${given.accountNo} 应于 ${given.dueOn} 前缴纳的账单已缴清，金额不再更改`,
        en: paidAlready(given),
        source: 'own: what a payment settled is not owed again by another amount; send a new bill',
      },
      'conflict',
    );
  const { customerId: _, ...debt } = recorded;
  return { accountNo: account.accountNo, ...debt };
}

export const paidAlready = ({ accountNo, dueOn }: { accountNo: string; dueOn: string }): string =>
  `The bill of ${accountNo} due on ${dueOn} is paid already; its amount is not changed any more.`;

/**
 * Records bills of accounts that the caller has locked, one at most per account and due day. A bill that reaches us after the payment in
 * full that covered it is recorded as paid: a billing batch that comes late must not lead to a cut.
 * @returns what is on record of them; a bill that is paid already with another amount is missing
 */
export async function recordBills(
  tx: Tx,
  active: PolicyInForce,
  bills: readonly Bill[],
  actor: string,
): Promise<(Debt & { customerId: number })[]> {
  if (bills.length === 0) return [];
  const set = rowSet(
    { customerId: 'integer', amount: 'numeric', dueOn: 'date' },
    bills.map(({ account, amount, dueOn }) => ({ customerId: account.id, amount, dueOn })),
    2,
  );
  const taken = await tx.query<{ customerId: number; dueOn: string }>(
    `insert into arrears as a (customer_id, amount, due_on, recorded_at) select r.customer_id, r.amount, r.due_on, $1 from ${set.from}
     on conflict (customer_id, due_on) do update set amount = excluded.amount
     where a.cleared_at is null or a.amount = excluded.amount
     returning customer_id as "customerId", due_on::text as "dueOn"`,
    [at(tx.now), ...set.values],
  );
  await settleDebts(tx, [...new Set(taken.map((row) => row.customerId))]);
  const rows = await tx.query<Debt & { customerId: number }>(
    `select a.customer_id as "customerId", a.due_on::text as "dueOn", a.amount, a.recorded_at as "recordedAt",
            a.cleared_at as "clearedAt"
     from unnest($1::integer[], $2::date[]) as r(customer_id, due_on) join arrears a using (customer_id, due_on)`,
    [taken.map((row) => row.customerId), taken.map((row) => row.dueOn)],
  );
  await judgeDoneAgain(
    tx,
    active,
    rows.map((row) => row.customerId),
    actor,
  );
  return rows;
}
