import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault, refusal, ruleError } from '../../fault.js';
import type { Queryable, Tx } from '../database/database.js';

export interface Account {
  id: number;
  accountNo: string;
}

/**
 * Finds a customer by account number and locks the account until the transaction ends: facts of one account are taken one after another.
 * @throws Fault `not_found`
 */
export async function lockAccount(tx: Tx, accountNo: string): Promise<Account> {
  const account = (await lockAccounts(tx, [accountNo])).get(accountNo);
  if (account !== undefined) return account;
  throw unknownAccount(accountNo);
}

/** Many accounts by their numbers, locked in one order so that two imports never wait for each other; unknown ones are missing. */
export async function lockAccounts(tx: Tx, accountNos: readonly string[]): Promise<Map<string, Account>> {
  const rows = await tx.query<Account>(
    `select id, account_no as "accountNo" from customer where account_no = any($1::text[]) order by id for no key update`,
    [accountNos],
  );
  return new Map(rows.map((row) => [row.accountNo, row]));
}

/** The same without a lock, for reading. @throws Fault `not_found` */
export async function findAccount(db: Queryable, accountNo: string): Promise<Account> {
  const [row] = await db.query<Account>('select id, account_no as "accountNo" from customer where account_no = $1', [
    accountNo,
  ]);
  if (row !== undefined) return row;
  throw unknownAccount(accountNo);
}

export const unknownAccount = (accountNo: string): Fault =>
  new Fault('not_found', `There is no account ${accountNo} in the register; import the customer first.`, {
    problem: 'account_not_found',
  });

/** One at a time under the number of a cut: two deliveries that arrive together, perhaps for different accounts, see each other. */
export async function lockCutNumber(tx: Tx, externalId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.disconnection'), hashtext($1))`, [externalId]);
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

/**
 * Refuses an instant that has not come yet; clocks of other systems may be a little ahead.
 * @throws Fault `invalid_input`
 */
export function mustHaveHappened(
  field: string,
  instant: number,
  now: number,
  { policy, sources }: PolicyInForce,
  remedy: string,
): void {
  const minutes = policy.telemetry.futureToleranceMinutes;
  if (instant <= now + minutes * MINUTE_MS) return;
  throw refusal(
    'invalid_input',
    {
      rule: 'not_in_the_future',
      path: `body.${field}`,
      zh: `时间在将来（容差 ${minutes} 分钟）：事情发生后再登记`,
      en: `body.${field}: lies in the future; ${remedy}`,
      source: `own: only what has happened is a fact; tolerance: ${sources['telemetry.futureToleranceMinutes'] ?? 'policy'}`,
    },
    'invalid_input',
  );
}

/** A number of another system names one thing only. */
export const numberTaken = (path: string, en: string): Fault =>
  refusal(
    'conflict',
    {
      rule: 'one_number_one_fact',
      path,
      zh: '该编号已登记为其他内容，请使用新的编号',
      en,
      source: 'own: what was sent is not changed by sending it otherwise; a number names one fact',
    },
    'conflict',
  );

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
  const errors = fields.map((field) =>
    ruleError({
      rule: 'one_number_one_fact',
      path: `body.${field}`,
      zh: '与已登记的内容不同',
      en: 'differs from what was sent first',
      source: 'own: what was sent is not changed by sending it otherwise; a number names one fact',
    }),
  );
  throw new Fault(
    'conflict',
    `${what} is on record with another ${fields.join(', ')}. A fact that was sent is not changed; send another one under its own number.`,
    { errors },
  );
}
