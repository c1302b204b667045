import { startOfDate } from '../../domain/reconnection/days.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Fault } from '../../fault.js';
import { lockAccount } from './account-facts.js';
import type { Debt } from './account-facts.js';

/**
 * Records an overdue bill; sent again with another amount, the amount is corrected as long as it is not paid. A bill that reaches us
 * after the payment in full that covered it is recorded as paid: a billing batch that comes late must not lead to a cut.
 * @throws Fault `not_found`, `conflict`
 */
export async function recordArrears(
  tx: Tx,
  given: { accountNo: string; amount: number; dueOn: string },
): Promise<Debt & { accountNo: string }> {
  const account = await lockAccount(tx, given.accountNo);
  const [row] = await tx.query<Debt>(
    `insert into arrears as a (customer_id, amount, due_on, recorded_at, cleared_at)
     values ($1, $2, $3, $4, (select min(paid_at) from payment where customer_id = $1 and settled and reversed_at is null and paid_at >= $5))
     on conflict (customer_id, due_on) do update set amount = excluded.amount
     where a.cleared_at is null or a.amount = excluded.amount
     returning due_on::text as "dueOn", amount, recorded_at as "recordedAt", cleared_at as "clearedAt"`,
    [account.id, given.amount, given.dueOn, at(tx.now), at(startOfDate(given.dueOn))],
  );
  if (row === undefined) {
    throw new Fault(
      'conflict',
      `The bill of ${given.accountNo} due on ${given.dueOn} is paid already; its amount is not changed any more.`,
    );
  }
  return { accountNo: account.accountNo, ...row };
}

export interface DunningStep {
  stage: 'remote' | 'phone' | 'onsite';
  at: number;
  by: string;
  result: string;
}

/**
 * Records one step of collection (三级催收). The same step sent twice is one step.
 * @throws Fault `not_found`
 */
export async function recordDunning(
  tx: Tx,
  accountNo: string,
  given: DunningStep,
): Promise<DunningStep & { id: number; accountNo: string }> {
  const account = await lockAccount(tx, accountNo);
  const values = [account.id, given.stage, at(given.at), given.by, given.result];
  const [known] = await tx.query<{ id: number }>(
    'select id from dunning_step where customer_id = $1 and stage = $2 and at = $3 and by = $4 and result = $5',
    values,
  );
  const [row = known] =
    known === undefined
      ? await tx.query<{ id: number }>(
          'insert into dunning_step (customer_id, stage, at, by, result) values ($1, $2, $3, $4, $5) returning id',
          values,
        )
      : [];
  return { id: row?.id ?? 0, accountNo: account.accountNo, ...given };
}
