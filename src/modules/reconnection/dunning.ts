import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { DunningResult, DunningStage } from '../../domain/reconnection/dunning.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { rowSet } from '../network/row-set.js';
import { lockAccount, mustHaveHappened } from './account-facts.js';
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
}

export type DunningStep = DunningReport & { id: number };

/**
 * Records one step of collection (三级催收). The same step sent twice is one step.
 * @throws Fault `not_found`, `conflict` (the same number with other content), `invalid_input`
 */
export async function recordDunning(
  tx: Tx,
  active: PolicyInForce,
  given: DunningReport & { accountNo: string },
  actor: string,
): Promise<DunningStep & { accountNo: string }> {
  const { accountNo, ...step } = given;
  const account = await lockAccount(tx, accountNo);
  mustHaveHappened('at', given.at, tx.now, toleranceMs(active), 'record it once it was taken');
  const [recorded] = await recordSteps(tx, active, [{ account, step }], actor);
  if (recorded === null || recorded === undefined) throw new Fault('conflict', otherStep(step.externalId));
  return { accountNo: account.accountNo, ...recorded };
}

export const otherStep = (externalId: string | null): string =>
  `The step ${externalId ?? ''} is on record with other content; send another step under its own number.`;

export const toleranceMs = (active: PolicyInForce): number =>
  active.policy.telemetry.futureToleranceMinutes * MINUTE_MS;

const TYPES = {
  customerId: 'integer',
  externalId: 'text',
  stage: 'text',
  at: 'timestamptz',
  by: 'text',
  result: 'text',
  note: 'text',
  promisedOn: 'date',
} as const;
const FIELDS = Object.keys(TYPES).length;

/**
 * Records steps of accounts that the caller has locked; cuts that were judged without them are judged again.
 * @returns the steps in the given order; null where the number is on record with other content
 */
export async function recordSteps(
  tx: Tx,
  active: PolicyInForce,
  given: readonly { account: Account; step: DunningReport }[],
  actor: string,
): Promise<(DunningStep | null)[]> {
  if (given.length === 0) return [];
  const set = rowSet(
    TYPES,
    given.map(({ account, step }) => ({ ...step, customerId: account.id, at: at(step.at) })),
  );
  const inserted = await tx.query<{ id: number; customerId: number; stage: string; result: string; at: number }>(
    `insert into dunning_step (${set.columns}, recorded_at)
     select distinct on (coalesce(r.external_id, r.customer_id || r.stage || r.at || r.by || r.result || r.note)) r.*, $${FIELDS + 1}
     from ${set.from}
     where not exists (
       select from dunning_step k where r.external_id is null and k.customer_id = r.customer_id and k.at = r.at and k.stage = r.stage
          and k.by = r.by and k.result = r.result and k.note = r.note)
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
  const stored = await tx.query<{ place: number; id: number | null }>(
    `select r.place, k.id from unnest(${Object.values(TYPES)
      .map((type, index) => `$${index + 1}::${type}[]`)
      .join(', ')}) with ordinality as r(${set.columns}, place)
     left join lateral (
       select k.id from dunning_step k
       where k.customer_id = r.customer_id and k.stage = r.stage and k.at = r.at and k.by = r.by and k.result = r.result
         and k.note = r.note and k.promised_on is not distinct from r.promised_on
         and (r.external_id is null or k.external_id = r.external_id)
       order by k.id limit 1) k on true
     order by r.place`,
    set.values,
  );
  return stored.map(({ id }, index) => {
    const step = given[index]?.step;
    return id === null || step === undefined ? null : { id, ...step };
  });
}
