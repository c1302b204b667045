import { missingSteps } from '../../domain/reconnection/cut-guard.js';
import type { MissingStep } from '../../domain/reconnection/cut-guard.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { Fault } from '../../fault.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import {
  debtsOf,
  differing,
  dunningOf,
  lockAccount,
  lockExternalId,
  mustHaveHappened,
  refuseDifferent,
} from './account-facts.js';
import { alignOrder } from './orders.js';

export interface DisconnectionReport {
  externalId: string;
  accountNo: string;
  reason: 'arrears' | 'violation' | 'theft';
  approvedBy: string | null;
  noticeServedAt: number | null;
  finalNoticeAt: number | null;
  plannedAt: number;
  disconnectedAt: number | null;
}

export interface Disconnection extends DisconnectionReport {
  id: number;
  missingSteps: MissingStep[];
  claimedAt: number | null;
  claimedBy: string | null;
  measuredAt: number | null;
  reconnectedAt: number | null;
}

/** Columns of `disconnection as d` joined to `customer as c`, as a Disconnection. */
const DISCONNECTION = `d.id, d.external_id as "externalId", c.account_no as "accountNo", d.reason, d.approved_by as "approvedBy",
  d.notice_served_at as "noticeServedAt", d.final_notice_at as "finalNoticeAt", d.planned_at as "plannedAt",
  d.disconnected_at as "disconnectedAt", d.missing_steps as "missingSteps", d.claimed_at as "claimedAt", d.claimed_by as "claimedBy",
  d.measured_at as "measuredAt", d.reconnected_at as "reconnectedAt"`;

/** What may be left open in a plan and be completed once, when the same disconnection is sent again. */
const COMPLETABLE = ['approvedBy', 'noticeServedAt', 'finalNoticeAt', 'disconnectedAt'] as const;

/**
 * Records a cut that is planned, or one that was done. A plan that lacks a step of the procedure is refused; a cut that was done is a
 * fact and is recorded with the steps that were missing.
 * @throws Fault `not_allowed` (`disconnection_not_allowed`, every missing step), `not_found`, `conflict`, `invalid_input`
 */
export async function recordDisconnection(
  tx: Tx,
  active: PolicyInForce,
  given: DisconnectionReport,
  actor: string,
): Promise<Disconnection> {
  await lockExternalId(tx, 'disconnection', given.externalId);
  const account = await lockAccount(tx, given.accountNo);
  const toleranceMs = active.policy.telemetry.futureToleranceMinutes * MINUTE_MS;
  if (given.disconnectedAt !== null)
    mustHaveHappened('disconnectedAt', given.disconnectedAt, tx.now, toleranceMs, 'leave it out until the cut is done');
  if (given.noticeServedAt !== null)
    mustHaveHappened('noticeServedAt', given.noticeServedAt, tx.now, toleranceMs, 'send it once the notice is served');

  const known = await findDisconnection(tx, given.externalId);
  const report = known === null ? given : completed(known, given);
  if (known !== null && report === null) return known;
  const cut = report ?? given;
  const missing =
    cut.reason === 'arrears'
      ? missingSteps(
          { ...cut, arrears: await debtsOf(tx, account.id), dunning: await dunningOf(tx, account.id) },
          active.policy.disconnection,
          active.sources,
        )
      : [];
  if (missing.length > 0 && cut.disconnectedAt === null) refuse(cut.accountNo, missing);
  const id = await write(tx, account.id, cut, missing);
  await append(tx, [
    {
      type: 'disconnection_recorded',
      subjectType: 'disconnection',
      subjectId: id,
      happenedAt: cut.disconnectedAt ?? tx.now,
      actor,
      data: {
        customerId: account.id,
        reason: cut.reason,
        disconnectedAt: cut.disconnectedAt,
        missingSteps: missing.map((step) => step.step),
      },
    },
  ]);
  await alignOrder(tx, active, id, actor);
  const recorded = await findDisconnection(tx, cut.externalId);
  if (recorded === null) throw new Error('the disconnection was written in this transaction');
  return recorded;
}

/**
 * The stored report with what the new one completes; null when it says nothing new.
 * @throws Fault `conflict` when it contradicts what is stored
 */
function completed(known: Disconnection, given: DisconnectionReport): DisconnectionReport | null {
  const whole = { ...given };
  const additions: string[] = [];
  for (const field of COMPLETABLE) {
    if (known[field] === null && given[field] !== null) additions.push(field);
    // What is left open says nothing; the plan may be sent again after the cut.
    if (given[field] === null) Object.assign(whole, { [field]: known[field] });
  }
  refuseDifferent(
    `The disconnection ${known.externalId}`,
    differing<DisconnectionReport>(known, whole).filter((field) => !additions.includes(field)),
  );
  return additions.length === 0 ? null : whole;
}

function refuse(accountNo: string, missing: readonly MissingStep[]): never {
  throw new Fault(
    'not_allowed',
    `The supply of ${accountNo} must not be cut: ${missing.map((step) => step.en).join('; ')}.`,
    {
      problem: 'disconnection_not_allowed',
      errors: missing.map((step) => ({
        path: `body.${step.field}`,
        message: `${step.en} (${step.zh}); ${step.source}`,
      })),
    },
  );
}

async function write(tx: Tx, customerId: number, cut: DisconnectionReport, missing: MissingStep[]): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `insert into disconnection (external_id, customer_id, reason, approved_by, notice_served_at, final_notice_at, planned_at,
       disconnected_at, missing_steps, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (external_id) do update set approved_by = excluded.approved_by, notice_served_at = excluded.notice_served_at,
       final_notice_at = excluded.final_notice_at, disconnected_at = excluded.disconnected_at, missing_steps = excluded.missing_steps
     returning id`,
    [
      cut.externalId,
      customerId,
      cut.reason,
      cut.approvedBy,
      atOrNull(cut.noticeServedAt),
      atOrNull(cut.finalNoticeAt),
      at(cut.plannedAt),
      atOrNull(cut.disconnectedAt),
      JSON.stringify(missing),
      at(tx.now),
    ],
  );
  return row?.id ?? 0;
}

async function findDisconnection(tx: Tx, externalId: string): Promise<Disconnection | null> {
  const [row] = await tx.query<Disconnection>(
    `select ${DISCONNECTION} from disconnection d join customer c on c.id = d.customer_id where d.external_id = $1`,
    [externalId],
  );
  return row ?? null;
}
