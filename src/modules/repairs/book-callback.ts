import { formatInstant, MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { afterCallback } from '../../domain/repairs/callback.js';
import type { AfterCallback } from '../../domain/repairs/callback.js';
import type { Extent } from '../../domain/repairs/job-grouping.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { mustHaveHappened } from '../reconnection/account-facts.js';
import { alignJob } from './align-job.js';
import { insertJob, lockJobs } from './open-order.js';

export interface CallbackBooking {
  at: number;
  by: string;
  reached: boolean;
  satisfied: boolean | null;
  note: string;
}

interface Order {
  state: string;
  round: number;
  jobId: number;
  transformerId: number | null;
  extent: Extent;
  restoredAt: number | null;
}

/**
 * Records one call back to the customer of an order, and what follows from it: another attempt, the unit once more, or the end.
 * @throws Fault `not_found`; `not_allowed` (`not_restored_yet`, `order_closed`); `invalid_input`
 */
export async function bookCallback(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  call: CallbackBooking,
  actor: string,
): Promise<void> {
  await lockJobs(tx);
  const [order] = await tx.query<Order>(
    `select o.state, o.round, o.job_id as "jobId", r.transformer_id as "transformerId", r.extent, o.restored_at as "restoredAt"
     from repair_order o join fault_report r on r.id = o.report_id where o.id = $1 for update of o`,
    [orderId],
  );
  if (order === undefined) throw new Fault('not_found', `There is no repair order ${orderId}.`);
  const attempts = await tx.query<CallbackBooking & { round: number }>(
    `select round, at, by, reached, satisfied, note from repair_callback where order_id = $1 order by id`,
    [orderId],
  );
  const isKnown = attempts.some(
    (one) =>
      one.at === call.at && one.by === call.by && one.reached === call.reached && one.satisfied === call.satisfied,
  );
  if (isKnown) return;
  mustHaveHappened('at', call.at, tx.now, active, 'book the call once it is made');
  refuseTooEarly(orderId, order, call, active);
  const failed = attempts.filter(({ round, reached }) => round === order.round && !reached).length;
  const after = afterCallback(call, { attempts: failed, round: order.round }, active.policy.repairs);
  await tx.query(
    `insert into repair_callback (order_id, round, at, by, reached, satisfied, note, actor, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [orderId, order.round, at(call.at), call.by, call.reached, call.satisfied, call.note, actor, at(tx.now)],
  );
  await append(tx, [
    {
      type: 'repair_called_back',
      subjectType: 'repair_order',
      subjectId: orderId,
      happenedAt: call.at,
      actor,
      data: { calledBackAt: call.at, reached: call.reached, satisfied: call.satisfied, next: after.next },
    },
  ]);
  await follow(tx, active, orderId, order, call.at, after, actor);
}

function refuseTooEarly(orderId: number, order: Order, call: CallbackBooking, { sources }: PolicyInForce): void {
  if (order.state === 'closed') {
    throw refusal('not_allowed', {
      rule: 'order_closed',
      path: 'path.id',
      zh: `抢修工单 ${orderId} 已办结（已回访）：新的问题请另行报修或投诉`,
      en: `Repair order ${orderId} is closed: its customer was called back. What is wrong now is a new report, or a complaint.`,
      source: 'the rule of the five telephone calls (五个电话闭环): the call back is the last',
    });
  }
  const { restoredAt } = order;
  if (restoredAt !== null && call.at >= Math.floor(restoredAt / MINUTE_MS) * MINUTE_MS) return;
  const when =
    restoredAt === null
      ? { zh: '尚未恢复供电', en: 'is not back yet' }
      : { zh: `于 ${formatInstant(restoredAt)} 恢复供电`, en: `came back at ${formatInstant(restoredAt)}` };
  throw refusal('not_allowed', {
    rule: 'not_restored_yet',
    path: 'body.at',
    zh: `抢修工单 ${orderId} ${when.zh}：恢复供电后再回访，或先登记修复`,
    en: `Supply of repair order ${orderId} ${when.en}; call back after that, or book the repair first.`,
    source: `the rule of the five telephone calls (五个电话闭环): the customer is called once supply is back; ${sources['repairs.callbackHours'] ?? 'policy'}`,
  });
}

async function follow(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  order: Order,
  calledAt: number,
  after: AfterCallback,
  actor: string,
): Promise<void> {
  if (after.next === 'try_again') return;
  if (after.next === 'closed') {
    await tx.query(`update repair_order set state = 'closed', outcome = $2, called_back_at = $3 where id = $1`, [
      orderId,
      after.outcome,
      at(calledAt),
    ]);
    return alignJob(tx, active, order.jobId, actor);
  }
  // The promise to call back is kept, whatever the customer said.
  await settleDeadlines(tx, 'repair_callback', 'repair_order', [orderId], 'met', [calledAt]);
  // Back to the unit: a way of its own, with clocks that begin now. Other callers of the old job keep theirs.
  const { transformerId, extent } = order;
  const jobId = await insertJob(tx, { transformerId, outageId: null, extent, reportedAt: calledAt });
  await tx.query(
    `update repair_order set job_id = $2, round = round + 1, started_at = $3, restored_at = null, restored_source = null
     where id = $1`,
    [orderId, jobId, at(calledAt)],
  );
  await tx.query(
    `insert into repair_order_job (order_id, job_id, since, why) values ($1, $2, $3, 'customer_unsatisfied')`,
    [orderId, jobId, at(tx.now)],
  );
  await alignJob(tx, active, order.jobId, actor);
  await alignJob(tx, active, jobId, actor);
}
