import { MINUTE_MS } from '../../domain/instants.js';
import { Fault } from '../../fault.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { differing, lockAccount, lockCustomer, mustHaveHappened, refuseDifferent } from './account-facts.js';
import { alignOrder } from './orders.js';

/** The cut in force at an instant, or the last one before it. */
interface LastCut {
  id: number;
  claimedAt: number | null;
  claimedBy: string | null;
  measuredAt: number | null;
  reconnectedAt: number | null;
}

async function lastCutBefore(tx: Tx, customerId: number, moment: number): Promise<LastCut | null> {
  const [row] = await tx.query<LastCut>(
    `select id, claimed_at as "claimedAt", claimed_by as "claimedBy", measured_at as "measuredAt", reconnected_at as "reconnectedAt"
     from disconnection where customer_id = $1 and disconnected_at <= $2 order by disconnected_at desc limit 1`,
    [customerId, at(moment)],
  );
  return row ?? null;
}

/**
 * Records the crew's word that a customer is back on.
 * @returns the number of the disconnection that ended
 * @throws Fault `not_found`; `conflict` (`not_disconnected`, or another word is on record); `invalid_input`
 */
export async function recordReconnection(
  tx: Tx,
  active: PolicyInForce,
  given: { accountNo: string; reconnectedAt: number; by: string },
  actor: string,
): Promise<number> {
  const account = await lockAccount(tx, given.accountNo);
  mustHaveHappened(
    'reconnectedAt',
    given.reconnectedAt,
    tx.now,
    active.policy.telemetry.futureToleranceMinutes * MINUTE_MS,
    'send it once supply is back',
  );
  const cut = await lastCutBefore(tx, account.id, given.reconnectedAt);
  if (cut === null) {
    throw new Fault(
      'conflict',
      `No disconnection of ${given.accountNo} before that instant is on record; report it first (POST /disconnections).`,
      { problem: 'not_disconnected' },
    );
  }
  if (cut.claimedAt !== null) {
    refuseDifferent(
      `The reconnection of ${given.accountNo}`,
      differing(
        { reconnectedAt: cut.claimedAt, by: cut.claimedBy },
        { reconnectedAt: given.reconnectedAt, by: given.by },
      ),
    );
    return cut.id;
  }
  await tx.query(
    `update disconnection set claimed_at = $2, claimed_by = $3, reconnected_at = coalesce(measured_at, $2) where id = $1`,
    [cut.id, at(given.reconnectedAt), given.by],
  );
  await alignOrder(tx, active, cut.id, actor);
  return cut.id;
}

/** What a terminal can say about a single customer: its meter's switch closed, or its supply came back. */
export const CUSTOMER_EVENTS = ['switch_closed', 'customer_power_on'] as const;

/**
 * Takes measured power of a cut customer from a terminal's event that names the account. The terminal must be that of the transformer the
 * customer hung on at that instant; a terminal says nothing about the customers of others. A closed switch is stronger than the crew's
 * word; power coming on is taken only while nothing, or something later, is known, because it also comes back after outages.
 */
export async function recordMeasuredPower(
  tx: Tx,
  active: PolicyInForce,
  event: { transformerId: number; happenedAt: number; type: string },
): Promise<void> {
  const customers = await tx.query<{ id: number }>(
    `select distinct c.id from terminal_event e
     join customer c on c.account_no = e.data ->> 'accountNo'
     join customer_transformer h on h.customer_id = c.id and h.transformer_id = e.transformer_id
      and h.valid_from <= e.ts and (h.valid_to is null or h.valid_to > e.ts)
     where e.transformer_id = $1 and e.ts = $2 and e.type = $3 order by c.id`,
    [event.transformerId, at(event.happenedAt), event.type],
  );
  for (const { id } of customers) {
    await lockCustomer(tx, id);
    const cut = await lastCutBefore(tx, id, event.happenedAt);
    if (cut === null || cut.measuredAt !== null) continue;
    const isNews = cut.reconnectedAt === null || cut.reconnectedAt > event.happenedAt || event.type === 'switch_closed';
    if (!isNews) continue;
    await tx.query('update disconnection set measured_at = $2, reconnected_at = $2 where id = $1', [
      cut.id,
      at(event.happenedAt),
    ]);
    await alignOrder(tx, active, cut.id, 'system');
  }
}
