import { answerSupply } from '../../domain/accounts/supply-answer.js';
import type { SupplyAnswer } from '../../domain/accounts/supply-answer.js';
import type { Setting } from '../../domain/repairs/repair-clocks.js';
import { Fault } from '../../fault.js';
import { loadSupplyFacts, loadTransformerFacts } from '../accounts/supply-queries.js';
import type { Queryable } from '../database/database.js';

/** Who calls, as far as the register knows. */
export interface Caller {
  customerId: number | null;
  /** Of the register; null when the account is not in it. */
  accountNo: string | null;
  transformerId: number | null;
  /** '' = not known. */
  area: string;
  /** Null = not known. */
  setting: Setting | null;
}

const NOBODY: Caller = { customerId: null, accountNo: null, transformerId: null, area: '', setting: null };

/**
 * Finds the caller by account number, else by a calling number or an address that only one account has; else the place by the code of
 * its transformer.
 * A caller whom the register does not know is nobody's fault: the report is taken all the same.
 * @throws Fault `not_found` when the transformer's code is none
 */
export async function findCaller(
  db: Queryable,
  given: {
    accountNo: string | null;
    callerPhone: string | null;
    address: string | null;
    transformerCode: string | null;
  },
): Promise<Caller> {
  const [customer] = await db.query<Caller>(
    `select c.id as "customerId", c.account_no as "accountNo", a.id as "transformerId", a.area, a.setting
     from customer c join asset a on a.id = c.transformer_id
     where c.id = customer_of($1, $2, $3)`,
    [given.accountNo, given.callerPhone, given.address],
  );
  if (customer !== undefined) return customer;
  if (given.transformerCode === null) return NOBODY;
  const [place] = await db.query<Caller>(
    `select null::integer as "customerId", null as "accountNo", id as "transformerId", area, setting
     from asset where code = $1 and kind = 'transformer'`,
    [given.transformerCode],
  );
  if (place !== undefined) return place;
  throw new Fault(
    'not_found',
    `There is no transformer ${given.transformerCode} in the register; leave the code out when it is not known.`,
    { problem: 'transformer_not_found' },
  );
}

/** What is on record about the caller's supply; null when the place is not known. */
export async function supplyOf(db: Queryable, caller: Caller, now: number): Promise<SupplyAnswer | null> {
  const facts =
    caller.accountNo !== null
      ? await loadSupplyFacts(db, caller.accountNo, now)
      : caller.transformerId === null
        ? null
        : await loadTransformerFacts(db, caller.transformerId, now);
  return facts === null ? null : answerSupply(facts, now);
}
