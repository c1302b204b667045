import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { restorationOf } from '../../domain/reconnection/restoration.js';
import type { MeasuredKind, RestorationFact } from '../../domain/reconnection/restoration.js';
import { refusal } from '../../fault.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { differing, lockAccount, lockCustomer, mustHaveHappened, refuseDifferent } from './account-facts.js';
import { alignOrder } from './orders.js';

/** The cut in force at an instant, or the last one before it. */
interface LastCut {
  id: number;
  claimedAt: number | null;
  claimedBy: string | null;
  refutedAt: number | null;
}

async function lastCutBefore(tx: Tx, customerId: number, moment: number): Promise<LastCut | null> {
  const [row] = await tx.query<LastCut>(
    `select id, claimed_at as "claimedAt", claimed_by as "claimedBy", refuted_at as "refutedAt"
     from disconnection where customer_id = $1 and disconnected_at <= $2 order by disconnected_at desc limit 1`,
    [customerId, at(moment)],
  );
  return row ?? null;
}

/** Who says that a customer is back on: a crew by its word, or a metering system by what it read. */
export interface ReconnectionReport {
  accountNo: string;
  reconnectedAt: number;
  by: string;
  source: 'crew' | 'switch' | 'power';
}

/**
 * Records that a customer is back on. A crew's word is a claim; a switch read closed, or power read at the meter, confirms.
 * @returns the number of the disconnection that ended
 * @throws Fault `not_found`; `conflict` (`not_disconnected`, or another word is on record and stands); `invalid_input`
 */
export async function recordReconnection(
  tx: Tx,
  active: PolicyInForce,
  given: ReconnectionReport,
  actor: string,
): Promise<number> {
  const account = await lockAccount(tx, given.accountNo);
  mustHaveHappened('reconnectedAt', given.reconnectedAt, tx.now, active, 'send it once supply is back');
  const cut = await lastCutBefore(tx, account.id, given.reconnectedAt);
  if (cut === null) {
    throw refusal('conflict', {
      rule: 'not_disconnected',
      path: 'body.accountNo',
      zh: `${given.accountNo} 在该时间之前没有停电记录：请先登记停电`,
      en: `No disconnection of ${given.accountNo} before that instant is on record; report it first (POST /disconnections).`,
      source: 'own: only what was cut can be restored; the promise counts from the cut and the payment',
    });
  }
  if (given.source === 'crew' && cut.claimedAt !== null && cut.refutedAt === null) {
    refuseDifferent(
      `The reconnection of ${given.accountNo}`,
      differing(
        { reconnectedAt: cut.claimedAt, by: cut.claimedBy },
        { reconnectedAt: given.reconnectedAt, by: given.by },
      ),
    );
    return cut.id;
  }
  const kind = ({ crew: 'claim', switch: 'switch_closed', power: 'power_on' } as const)[given.source];
  await takeFact(tx, active, cut.id, { kind, at: given.reconnectedAt, source: given.by }, actor);
  return cut.id;
}

/** Keeps one fact about a cut, adds all of them up anew, and brings the order in line. The caller holds the lock of the account. */
export async function takeFact(
  tx: Tx,
  active: PolicyInForce,
  disconnectionId: number,
  fact: RestorationFact,
  actor: string,
): Promise<void> {
  const added = await tx.query<object>(
    `insert into restoration_fact (disconnection_id, kind, at, source, recorded_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning kind`,
    [disconnectionId, fact.kind, at(fact.at), fact.source, at(tx.now)],
  );
  if (added.length === 0) return;
  const { claim, refutedAt, switchClosed, power, confirmed } = restorationOf(
    await tx.query<RestorationFact>('select kind, at, source from restoration_fact where disconnection_id = $1', [
      disconnectionId,
    ]),
  );
  await tx.query(
    `update disconnection set claimed_at = $2, claimed_by = $3, refuted_at = $4, switch_at = $5, switch_source = $6, power_at = $7,
       power_source = $8, measured_at = $9, reconnected_at = coalesce($9, case when $4::timestamptz is null then $2::timestamptz end)
     where id = $1`,
    [
      disconnectionId,
      atOrNull(claim?.at ?? null),
      claim?.source ?? null,
      atOrNull(refutedAt),
      atOrNull(switchClosed?.at ?? null),
      switchClosed?.source ?? null,
      atOrNull(power?.at ?? null),
      power?.source ?? null,
      atOrNull(confirmed?.at ?? null),
    ],
  );
  await alignOrder(tx, active, disconnectionId, actor);
}

/** What a terminal can say about a single customer: its meter's switch, or its power. */
const KIND_OF_EVENT: Readonly<Record<string, MeasuredKind>> = {
  switch_closed: 'switch_closed',
  switch_open: 'switch_open',
  customer_power_on: 'power_on',
};

export const isCustomerEvent = (type: string): boolean => Object.hasOwn(KIND_OF_EVENT, type);

/** Power of a customer that comes within this of the end of the transformer's own loss came with it. */
const WITH_TRANSFORMER_MINUTES = 15;

/**
 * Takes what a terminal measured of a cut customer: an event that names the account. The terminal must be that of the transformer the
 * customer hung on at that instant; a terminal says nothing about the customers of others.
 * @param customerId only this customer's; left out: whoever the event names
 */
export async function recordMeasured(
  tx: Tx,
  active: PolicyInForce,
  event: { transformerId: number; happenedAt: number; type: string },
  customerId: number | null = null,
): Promise<void> {
  const kind = KIND_OF_EVENT[event.type];
  if (kind === undefined) return;
  const customers = await tx.query<{ id: number; terminal: string; withTransformer: boolean }>(
    `select distinct c.id, t.code as terminal, exists (
       select from supply_interval s where s.transformer_id = e.transformer_id and s.state = 'dead' and s.withdrawn_at is null
         and s.started_at < e.ts and coalesce(s.ended_at, e.ts) between e.ts - $4 * interval '1 minute' and e.ts + $4 * interval '1 minute'
     ) as "withTransformer"
     from terminal_event e
     join terminal t on t.id = e.terminal_id
     join customer c on c.account_no = e.data ->> 'accountNo'
     join customer_transformer h on h.customer_id = c.id and h.transformer_id = e.transformer_id
      and h.valid_from <= e.ts and (h.valid_to is null or h.valid_to > e.ts)
     where e.transformer_id = $1 and e.ts = $2 and e.type = $3 and ($5::bigint is null or c.id = $5) order by c.id`,
    [event.transformerId, at(event.happenedAt), event.type, WITH_TRANSFORMER_MINUTES, customerId],
  );
  for (const { id, terminal, withTransformer } of customers) {
    await lockCustomer(tx, id);
    const cut = await lastCutBefore(tx, id, event.happenedAt);
    if (cut === null) continue;
    const fact = { at: event.happenedAt, source: `terminal:${terminal}` };
    const isWithOutage = kind === 'power_on' && withTransformer;
    await takeFact(tx, active, cut.id, { ...fact, kind: isWithOutage ? 'power_after_outage' : kind }, 'system');
  }
}

/**
 * Looks up what terminals had told of a customer before its cut came on record. The caller holds the lock of the account.
 * @param cutAt when the cut was done
 */
export async function takeEarlierEvents(
  tx: Tx,
  active: PolicyInForce,
  customerId: number,
  cutAt: number,
): Promise<void> {
  const events = await tx.query<{ transformerId: number; happenedAt: number; type: string }>(
    `select distinct e.transformer_id as "transformerId", e.ts as "happenedAt", e.type
     from customer_transformer h join customer c on c.id = h.customer_id
     join terminal_event e on e.transformer_id = h.transformer_id and e.ts >= greatest(h.valid_from, $2)
      and (h.valid_to is null or h.valid_to > e.ts) and e.data ->> 'accountNo' = c.account_no
     where h.customer_id = $1 and e.type = any($3) order by e.ts`,
    [customerId, at(cutAt), Object.keys(KIND_OF_EVENT)],
  );
  for (const event of events) await recordMeasured(tx, active, event, customerId);
}
