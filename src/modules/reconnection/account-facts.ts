import { Fault } from '../../fault.js';
import type { Queryable, Tx } from '../database/database.js';

/**
 * Finds a customer by account number and locks the account until the transaction ends: facts of one account are taken one after another.
 * @throws Fault `not_found`
 */
export async function lockAccount(tx: Tx, accountNo: string): Promise<{ id: number; accountNo: string }> {
  const [row] = await tx.query<{ id: number; accountNo: string }>(
    'select id, account_no as "accountNo" from customer where account_no = $1 for no key update',
    [accountNo],
  );
  if (row !== undefined) return row;
  throw new Fault('not_found', `There is no account ${accountNo} in the register; import the customer first.`, {
    problem: 'account_not_found',
  });
}

/** One at a time under one number: two deliveries that arrive together, perhaps for different accounts, see each other. */
export async function lockExternalId(tx: Tx, kind: 'disconnection' | 'payment', externalId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtext($1), hashtext($2))', [`lamplighter.${kind}`, externalId]);
}

/** The same as `lockAccount` by the customer's number. */
export async function lockCustomer(tx: Tx, customerId: number): Promise<void> {
  await tx.query('select 1 from customer where id = $1 for no key update', [customerId]);
}

export interface Debt {
  dueOn: string;
  amount: number;
  recordedAt: number;
  clearedAt: number | null;
}

export const debtsOf = (db: Queryable, customerId: number): Promise<Debt[]> =>
  db.query<Debt>(
    `select due_on::text as "dueOn", amount, recorded_at as "recordedAt", cleared_at as "clearedAt" from arrears where customer_id = $1 order by due_on`,
    [customerId],
  );

export const dunningOf = (db: Queryable, customerId: number): Promise<{ at: number }[]> =>
  db.query<{ at: number }>('select at from dunning_step where customer_id = $1 order by at', [customerId]);

/** Payments in full. */
export const settledPaymentsOf = (db: Queryable, customerId: number): Promise<{ id: number; paidAt: number }[]> =>
  db.query<{ id: number; paidAt: number }>(
    'select id, paid_at as "paidAt" from payment where customer_id = $1 and settled order by paid_at, id',
    [customerId],
  );

/**
 * Refuses an instant that has not come yet; clocks of other systems may be a little ahead.
 * @throws Fault `invalid_input`
 */
export function mustHaveHappened(
  field: string,
  instant: number,
  now: number,
  toleranceMs: number,
  remedy: string,
): void {
  if (instant <= now + toleranceMs) return;
  const message = `lies in the future; ${remedy}`;
  throw new Fault('invalid_input', `body.${field}: ${message}`, { errors: [{ path: `body.${field}`, message }] });
}

/** Names the fields in which a fact that is sent again differs from the first time. */
export function differing<Fields extends object>(
  stored: Fields,
  given: Partial<Record<keyof Fields, unknown>>,
): string[] {
  return Object.keys(given).filter((name) => stored[name as keyof Fields] !== given[name as keyof Fields]);
}

/** @throws Fault `conflict` */
export function refuseDifferent(what: string, fields: readonly string[]): void {
  if (fields.length === 0) return;
  const errors = fields.map((field) => ({ path: `body.${field}`, message: 'differs from what was sent first' }));
  throw new Fault(
    'conflict',
    `${what} is on record with another ${fields.join(', ')}. A fact that was sent is not changed; send another one under its own number.`,
    { errors },
  );
}
