import type { CutFinding, CutRequest } from '../../domain/reconnection/cut-facts.js';
import { Fault, refusal, ruleError } from '../../fault.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import {
  differing,
  findAccount,
  lockAccount,
  lockCutNumber,
  mustHaveHappened,
  refuseDifferent,
} from './account-facts.js';
import { setCutDeadlines } from './cut-deadlines.js';
import { findDisconnection } from './disconnection-queries.js';
import type { Disconnection } from './disconnection-queries.js';
import { judgeCuts } from './judge-cuts.js';
import { alignOrder } from './orders.js';
import { takeEarlierEvents } from './restorations.js';

export interface DisconnectionReport extends Omit<CutRequest, 'cancelledAt'> {
  externalId: string;
  accountNo: string;
  /** Who answers for it; null = who owns or manages the transformer. */
  responsibleUnit: string | null;
  responsiblePerson: string | null;
}

/** What may be left open in a plan and be completed once, when the same disconnection is sent again. */
const COMPLETABLE = [
  'approvedBy',
  'noticeServedAt',
  'finalNoticeAt',
  'authorityInformedAt',
  'disconnectedAt',
  'responsibleUnit',
  'responsiblePerson',
] as const;

/**
 * Records a cut that is planned, or one that was done. A plan that the rules forbid is refused; a cut that was done is a fact and is
 * recorded with everything that stood against it.
 * @throws Fault `not_allowed` (`disconnection_not_allowed`, every finding), `not_found`, `conflict` (also `disconnection_cancelled`),
 *   `invalid_input`
 */
export async function recordDisconnection(
  tx: Tx,
  active: PolicyInForce,
  given: DisconnectionReport,
  actor: string,
): Promise<Disconnection> {
  await lockCutNumber(tx, given.externalId);
  const account = await lockAccount(tx, given.accountNo);
  refuseFuture(active, given, tx.now);
  const known = await findDisconnection(tx, { externalId: given.externalId });
  const cut = known === null ? given : completed(known, given);
  if (known !== null && cut === null) return known;
  const report = cut ?? given;
  if (known !== null && known.cancelledAt !== null && report.disconnectedAt === null) {
    throw refusal('conflict', {
      rule: 'disconnection_cancelled',
      path: 'body.externalId',
      zh: `停电计划 ${given.externalId} 已取消：请用新的编号重新报计划`,
      en: `The plan ${given.externalId} was called off; plan the cut anew under a number of its own.`,
      source: 'own: a cut that was called off needs its whole procedure again',
    });
  }
  const { findings, area } = await judge(tx, active, account.id, report, known);
  if (findings.length > 0 && report.disconnectedAt === null) refuse(report.accountNo, findings);
  const id = await write(tx, account.id, report, findings, active.version);
  await appendRecorded(tx, { id, customerId: account.id, ...report }, findings, actor);
  if (report.disconnectedAt === null) await setCutDeadlines(tx, active, { id, area, plannedAt: report.plannedAt });
  else await settleDeadlines(tx, 'disconnection', 'disconnection', [id], 'met');
  await alignOrder(tx, active, id, actor);
  if (report.disconnectedAt !== null) await takeEarlierEvents(tx, active, account.id, report.disconnectedAt);
  const recorded = await findDisconnection(tx, { id });
  if (recorded === null) throw new Error('the disconnection was written in this transaction');
  return recorded;
}

/**
 * The same question without writing anything: may this supply be cut as planned?
 * @throws Fault as `recordDisconnection` does for a plan
 */
export async function checkDisconnection(
  db: Queryable,
  active: PolicyInForce,
  given: Omit<DisconnectionReport, 'externalId'>,
  now: number,
): Promise<{ accountNo: string; plannedAt: number; allowed: true; policyVersion: number }> {
  const account = await findAccount(db, given.accountNo);
  refuseFuture(active, given, now);
  const { findings } = await judge(db, active, account.id, given, null);
  if (findings.length > 0) refuse(given.accountNo, findings);
  return { accountNo: account.accountNo, plannedAt: given.plannedAt, allowed: true, policyVersion: active.version };
}

async function judge(
  db: Queryable,
  active: PolicyInForce,
  customerId: number,
  report: Omit<DisconnectionReport, 'externalId'>,
  known: Disconnection | null,
): Promise<{ findings: CutFinding[]; area: string }> {
  const cut = { ...report, customerId, disconnectionId: known?.id ?? null, cancelledAt: known?.cancelledAt ?? null };
  const [judged] = await judgeCuts(db, active, [cut]);
  return { findings: judged?.findings ?? [], area: judged?.record.area ?? '' };
}

export const appendRecorded = (
  tx: Tx,
  cut: { id: number; customerId: number; reason: string; disconnectedAt: number | null },
  findings: readonly CutFinding[],
  actor: string,
): Promise<void> =>
  append(tx, [
    {
      type: 'disconnection_recorded',
      subjectType: 'disconnection',
      subjectId: cut.id,
      happenedAt: cut.disconnectedAt ?? tx.now,
      actor,
      data: {
        customerId: cut.customerId,
        reason: cut.reason,
        disconnectedAt: cut.disconnectedAt,
        missingSteps: findings.map((finding) => finding.step),
      },
    },
  ]);

function refuseFuture(active: PolicyInForce, given: Omit<DisconnectionReport, 'externalId'>, now: number): void {
  const remedies = {
    disconnectedAt: 'leave it out until the cut is done',
    noticeServedAt: 'send it once the notice is served',
    authorityInformedAt: 'send it once the authority has its copy',
  } as const;
  for (const [field, remedy] of Object.entries(remedies) as [keyof typeof remedies, string][]) {
    const instant = given[field];
    if (instant !== null) mustHaveHappened(field, instant, now, active, remedy);
  }
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

/** Every finding at once; each of `errors` also has its parts apart, for programs and for screens in either language. */
function refuse(accountNo: string, findings: readonly CutFinding[]): never {
  throw new Fault(
    'not_allowed',
    `The supply of ${accountNo} must not be cut: ${findings.map((finding) => finding.en).join('; ')}.`,
    {
      problem: 'disconnection_not_allowed',
      errors: findings.map((finding) => ({
        ...finding,
        ...ruleError({ ...finding, path: `body.${finding.field}` }),
      })),
    },
  );
}

async function write(
  tx: Tx,
  customerId: number,
  cut: DisconnectionReport,
  findings: readonly CutFinding[],
  policyVersion: number,
): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `insert into disconnection (external_id, customer_id, reason, approved_by, notice_served_at, final_notice_at,
       authority_informed_at, planned_at, disconnected_at, responsible_unit, responsible_person, missing_steps, policy_version,
       checked_at, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
     on conflict (external_id) do update set approved_by = excluded.approved_by, notice_served_at = excluded.notice_served_at,
       final_notice_at = excluded.final_notice_at, authority_informed_at = excluded.authority_informed_at,
       disconnected_at = excluded.disconnected_at, responsible_unit = excluded.responsible_unit,
       responsible_person = excluded.responsible_person, missing_steps = excluded.missing_steps,
       policy_version = excluded.policy_version, checked_at = excluded.checked_at
     returning id`,
    [
      cut.externalId,
      customerId,
      cut.reason,
      cut.approvedBy,
      atOrNull(cut.noticeServedAt),
      atOrNull(cut.finalNoticeAt),
      atOrNull(cut.authorityInformedAt),
      at(cut.plannedAt),
      atOrNull(cut.disconnectedAt),
      cut.responsibleUnit,
      cut.responsiblePerson,
      JSON.stringify(findings),
      policyVersion,
      at(tx.now),
    ],
  );
  return row?.id ?? 0;
}
