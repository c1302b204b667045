import type { CutFinding, CutRule } from '../../domain/reconnection/cut-facts.js';
import { DAY_MS } from '../../domain/instants.js';
import { Fault, refusal } from '../../fault.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { appendRecorded } from './disconnections.js';
import { judgeCuts } from './judge-cuts.js';
import type { AskedCut } from './judge-cuts.js';

/** A cut that was done is judged again when news of it comes within this time; older ones are history. */
const JUDGED_AGAIN_MS = 90 * DAY_MS;

type StoredCut = AskedCut & { disconnectionId: number; missingSteps: CutFinding[] };

const CUT = `d.id as "disconnectionId", d.customer_id as "customerId", d.reason, d.planned_at as "plannedAt",
  d.disconnected_at as "disconnectedAt", d.cancelled_at as "cancelledAt", d.approved_by as "approvedBy",
  d.notice_served_at as "noticeServedAt", d.final_notice_at as "finalNoticeAt", d.authority_informed_at as "authorityInformedAt",
  d.missing_steps as "missingSteps"`;

/**
 * Judges pending plans by what is on record now and calls off those that must not be done any more.
 * @param rules only what these rules find counts; left out = all of them
 */
export async function recheckPlans(
  tx: Tx,
  active: PolicyInForce,
  which: { ids: readonly number[] } | { customerIds: readonly number[] },
  rules?: readonly CutRule[],
): Promise<void> {
  const plans = await lockPlans(tx, which);
  if (plans.length === 0) return;
  const judged = await judgeCuts(tx, active, plans);
  await tx.query('update disconnection set checked_at = $2, policy_version = $3 where id = any($1)', [
    plans.map((plan) => plan.disconnectionId),
    at(tx.now),
    active.version,
  ]);
  const stopped = judged.flatMap(({ cut, findings }) => {
    const counted = findings.filter(({ rule }) => rules === undefined || rules.includes(rule));
    return counted.length === 0 ? [] : [{ plan: cut, findings: counted }];
  });
  await cancel(tx, stopped, '', 'system');
}

/** Plans whose announced time is over without a cut. */
export async function lapsePlans(tx: Tx, active: PolicyInForce, ids: readonly number[]): Promise<void> {
  const plans = await lockPlans(tx, { ids });
  const finding: CutFinding = {
    rule: 'announced_time',
    step: 'lapsed',
    kind: 'blocking',
    field: 'plannedAt',
    zh: '通知的停电时间已过，未停电',
    en: 'the announced time passed without a cut',
    remedy: { zh: '重新通知后再安排', en: 'announce the time anew' },
    source: active.sources['disconnection.executeWithinMinutes'] ?? 'policy',
  };
  await cancel(
    tx,
    plans.map((plan) => ({ plan, findings: [finding] })),
    '',
    'system',
  );
}

/**
 * A person calls a plan off. Once more changes nothing.
 * @throws Fault `not_found`, `conflict` (`already_cut`)
 */
export async function cancelPlan(tx: Tx, id: number, note: string, actor: string): Promise<void> {
  const [plan] = await lockPlans(tx, { ids: [id] });
  if (plan !== undefined) return cancel(tx, [{ plan, findings: [] }], note, actor);
  const [row] = await tx.query<{ isDone: boolean }>(
    'select disconnected_at is not null as "isDone" from disconnection where id = $1',
    [id],
  );
  if (row === undefined) throw new Fault('not_found', `There is no disconnection ${id}.`);
  if (row.isDone) {
    throw refusal('conflict', {
      rule: 'already_cut',
      path: 'path.id',
      zh: `停电 ${id} 已执行：请登记复电`,
      en: `The disconnection ${id} was done; restore supply (POST /reconnections) instead.`,
      source: 'own: a plan can be called off, what was done cannot',
    });
  }
}

/** News of accounts: what was judged of their cuts is judged again; where the verdict changed, it is told again. */
export async function judgeDoneAgain(
  tx: Tx,
  active: PolicyInForce,
  customerIds: readonly number[],
  actor: string,
): Promise<void> {
  if (customerIds.length === 0) return;
  const cuts = await tx.query<StoredCut>(
    `select ${CUT} from disconnection d where d.customer_id = any($1) and d.disconnected_at >= $2 order by d.id for update`,
    [[...new Set(customerIds)], at(tx.now - JUDGED_AGAIN_MS)],
  );
  for (const { cut, findings } of await judgeCuts(tx, active, cuts)) {
    if (stepsOf(findings) === stepsOf(cut.missingSteps)) continue;
    await tx.query('update disconnection set missing_steps = $2, checked_at = $3 where id = $1', [
      cut.disconnectionId,
      JSON.stringify(findings),
      at(tx.now),
    ]);
    await appendRecorded(tx, { id: cut.disconnectionId, ...cut }, findings, actor);
  }
}

const stepsOf = (findings: readonly CutFinding[]): string => findings.map(({ step }) => step).join();

const lockPlans = (
  tx: Tx,
  which: { ids: readonly number[] } | { customerIds: readonly number[] },
): Promise<StoredCut[]> => {
  const wanted = 'ids' in which ? which.ids : which.customerIds;
  if (wanted.length === 0) return Promise.resolve([]);
  return tx.query<StoredCut>(
    `select ${CUT} from disconnection d join customer c on c.id = d.customer_id
     where ${'ids' in which ? 'd.id' : 'd.customer_id'} = any($1) and d.disconnected_at is null and d.cancelled_at is null
     order by c.id, d.id for no key update of c, d`,
    [wanted],
  );
};

async function cancel(
  tx: Tx,
  stopped: readonly { plan: StoredCut; findings: readonly CutFinding[] }[],
  note: string,
  actor: string,
): Promise<void> {
  if (stopped.length === 0) return;
  const ids = stopped.map(({ plan }) => plan.disconnectionId);
  await tx.query(
    `update disconnection d set cancelled_at = $3, cancelled_by = $4, cancellation = r.cancellation
     from unnest($1::bigint[], $2::jsonb[]) as r(id, cancellation) where d.id = r.id`,
    [ids, stopped.map(({ findings }) => JSON.stringify({ note, findings })), at(tx.now), actor],
  );
  await settleDeadlines(tx, 'disconnection', 'disconnection', ids, 'cancelled');
  await append(
    tx,
    stopped.map(({ plan, findings }) => ({
      type: 'disconnection_cancelled',
      subjectType: 'disconnection',
      subjectId: plan.disconnectionId,
      happenedAt: tx.now,
      actor,
      data: {
        customerId: plan.customerId,
        plannedAt: plan.plannedAt,
        why: findings.map(({ step }) => step),
        note,
      },
    })),
  );
}
