import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { DunningResult, DunningStage } from '../../domain/reconnection/dunning.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { rowSet } from '../network/row-set.js';
import { lockAccount, mustHaveHappened, numberTaken } from './account-facts.js';
import type { Account } from './account-facts.js';
import { judgeDoneAgain } from './recheck-cuts.js';

export interface DunningReport {
  /** The number of the system that sent it; null = the step is known by its content. */
  externalId: string | null;
  stage: DunningStage;
  at: number;
  by: string;
  result: DunningResult;
  note: string;
  /** The day by which the customer promised to pay. */
  promisedOn: string | null;
  /** Number of the contact that was called or written to; null = the customer itself, or not said. */
  contact: string | null;
  /** The number that was called or written to; null = that of the contact. */
  phone: string | null;
  /** What proves it: number of a message, a recording, a receipt. */
  proof: string;
}

/** With the contact looked up. */
type Step = Omit<DunningReport, 'contact'> & { contactId: number | null };

/**
 * Records one step of collection (三级催收). The same step sent twice is one step.
 * @returns its number
 * @throws Fault `not_found` (also of the contact), `conflict` (the same number with other content), `invalid_input`
 */
export async function recordDunning(
  tx: Tx,
  active: PolicyInForce,
  given: DunningReport & { accountNo: string },
  actor: string,
): Promise<number> {
  const { accountNo, ...step } = given;
  const account = await lockAccount(tx, accountNo);
  mustHaveHappened('at', given.at, tx.now, active, 'record it once it was taken');
  const [addressed] = await withContacts(tx, [{ account, step }]);
  if (addressed?.step == null) throw new Fault('not_found', noContact(step.contact), { problem: 'contact_not_found' });
  const [recorded] = await recordSteps(tx, active, [{ account, step: addressed.step }], actor);
  if (recorded == null) throw numberTaken('body.externalId', otherStep(step.externalId));
  return recorded;
}

export const otherStep = (externalId: string | null): string =>
  `The step ${externalId ?? ''} is on record with other content; send another step under its own number.`;

export const noContact = (contact: string | null): string =>
  `The account has no contact ${contact ?? ''}; record the contact first, or leave it out.`;

export const toleranceMs = (active: PolicyInForce): number =>
  active.policy.telemetry.futureToleranceMinutes * MINUTE_MS;

/** The steps with their contacts looked up; `step` is null where the account has no such contact. */
export async function withContacts<Given extends { account: Account; step: DunningReport }>(
  db: Queryable,
  given: readonly Given[],
): Promise<(Omit<Given, 'step'> & { step: Step | null })[]> {
  const found = await db.query<{ id: number; externalId: string; customerId: number; phone: string | null }>(
    `select id, external_id as "externalId", customer_id as "customerId", phone from customer_contact where external_id = any($1::text[])`,
    [given.flatMap(({ step }) => step.contact ?? [])],
  );
  const known = new Map(found.map((row) => [`${row.customerId} ${row.externalId}`, row]));
  return given.map((one) => {
    const { contact, ...step } = one.step;
    const row = contact === null ? null : known.get(`${one.account.id} ${contact}`);
    if (row === undefined) return { ...one, step: null };
    return { ...one, step: { ...step, contactId: row?.id ?? null, phone: step.phone ?? row?.phone ?? null } };
  });
}

const TYPES = {
  customerId: 'integer',
  externalId: 'text',
  stage: 'text',
  at: 'timestamptz',
  by: 'text',
  result: 'text',
  note: 'text',
  promisedOn: 'date',
  contactId: 'bigint',
  phone: 'text',
  proof: 'text',
} as const;
const FIELDS = Object.keys(TYPES).length;

/** A step `k` on record says the same as a given one `r`. The number of a contact may have changed since. */
const SAME = `k.customer_id = r.customer_id and k.at = r.at and k.stage = r.stage and k.by = r.by and k.result = r.result
  and k.note = r.note and k.contact_id is not distinct from r.contact_id and (r.contact_id is not null or k.phone is not distinct from r.phone)`;

/**
 * Records steps of accounts that the caller has locked; cuts that were judged without them are judged again.
 * @returns the numbers of the steps in the given order; null where the external number is on record with other content
 */
export async function recordSteps(
  tx: Tx,
  active: PolicyInForce,
  given: readonly { account: Account; step: Step }[],
  actor: string,
): Promise<(number | null)[]> {
  if (given.length === 0) return [];
  const set = rowSet(
    TYPES,
    given.map(({ account, step }) => ({ ...step, customerId: account.id, at: at(step.at) })),
  );
  const inserted = await tx.query<{ id: number; customerId: number; stage: string; result: string; at: number }>(
    `insert into dunning_step (${set.columns}, recorded_at)
     select distinct on (coalesce(r.external_id, concat_ws('|', r.customer_id, r.stage, r.at, r.by, r.result, r.note, r.contact_id, r.phone)))
       r.*, $${FIELDS + 1}
     from ${set.from}
     where not exists (select from dunning_step k where r.external_id is null and ${SAME})
     on conflict (external_id) do nothing
     returning id, customer_id as "customerId", stage, result, at`,
    [...set.values, at(tx.now)],
  );
  await append(
    tx,
    inserted.map((row) => ({
      type: 'dunning_recorded',
      subjectType: 'customer',
      subjectId: row.customerId,
      happenedAt: row.at,
      actor,
      data: { dunningStepId: row.id, stage: row.stage, result: row.result },
    })),
  );
  await judgeDoneAgain(
    tx,
    active,
    inserted.map((row) => row.customerId),
    actor,
  );
  const stored = await tx.query<{ id: number | null }>(
    `select k.id from unnest(${Object.values(TYPES)
      .map((type, index) => `$${index + 1}::${type}[]`)
      .join(', ')}) with ordinality as r(${set.columns}, place)
     left join lateral (
       select k.id from dunning_step k
       where ${SAME} and k.promised_on is not distinct from r.promised_on and k.proof = r.proof
         and (r.external_id is null or k.external_id = r.external_id)
       order by k.id limit 1) k on true
     order by r.place`,
    set.values,
  );
  return stored.map(({ id }) => id);
}
