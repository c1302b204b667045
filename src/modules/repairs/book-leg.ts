import { formatInstant, MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { currentLegs, LEG_NAMES, refuseLeg } from '../../domain/repairs/repair-legs.js';
import type { Leg, LegBooking, LegRefusal } from '../../domain/repairs/repair-legs.js';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { alignJob } from './align-job.js';
import { lockJobs } from './open-order.js';

export interface Booking {
  at: number;
  by: string;
  note: string;
}

/**
 * Books a leg of the crew's way; it holds for every order of the job. A leg that is on record is corrected when the booking says why;
 * the earlier booking stays in the trail.
 * @throws Fault `not_found`; `not_allowed` (`impossible_leg`); `conflict` (`leg_on_record`)
 */
export async function bookLeg(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  leg: Leg,
  booking: Booking,
  actor: string,
): Promise<void> {
  await lockJobs(tx);
  const [order] = await tx.query<{ jobId: number; reportedAt: number }>(
    `select j.id as "jobId", least(j.reported_at, x.started_at) as "reportedAt"
     from repair_order o join repair_job j on j.id = o.job_id left join outage x on x.id = j.outage_id where o.id = $1`,
    [orderId],
  );
  if (order === undefined) throw new Fault('not_found', `There is no repair order ${orderId}.`);
  const bookings = await tx.query<LegBooking>(
    `select id, leg, at, by from repair_leg where job_id = $1 and source = 'claimed' order by id`,
    [order.jobId],
  );
  const standing = bookings.findLast((one) => one.leg === leg);
  if (standing?.at === booking.at && standing.by === booking.by) return;
  if (standing !== undefined && booking.note === '') refuseSilentChange(leg, standing);
  const toleranceMs = active.policy.telemetry.futureToleranceMinutes * MINUTE_MS;
  const wrong = refuseLeg({ leg, at: booking.at }, currentLegs(bookings), order.reportedAt, tx.now, toleranceMs);
  if (wrong !== null) refuse(leg, booking.at, wrong);
  await tx.query(
    `insert into repair_leg (job_id, leg, source, at, by, note, actor, recorded_at)
     values ($1, $2, 'claimed', $3, $4, $5, $6, $7)`,
    [order.jobId, leg, at(booking.at), booking.by, booking.note, actor, at(tx.now)],
  );
  await alignJob(tx, active, order.jobId, actor);
}

function refuseSilentChange(leg: Leg, standing: LegBooking): never {
  const { en, zh } = LEG_NAMES[leg];
  const when = formatInstant(standing.at);
  throw refusal('conflict', {
    rule: 'leg_on_record',
    path: 'body.note',
    zh: `${zh}已登记为 ${when}（${standing.by}）：更正须在备注中说明理由`,
    en: `The ${en} is on record at ${when} by ${standing.by}. To correct it, say why in note.`,
    source: 'own: a time that proves a promise is corrected only with a reason; both stay in the trail',
  });
}

function refuse(leg: Leg, moment: number, wrong: LegRefusal): never {
  const { en, zh } = LEG_NAMES[leg];
  const why = sayWhy(wrong);
  throw refusal('not_allowed', {
    rule: 'impossible_leg',
    path: 'body.at',
    zh: `${zh}不可能在 ${formatInstant(moment)}：${why.zh}`,
    en: `The ${en} cannot have been at ${formatInstant(moment)}: ${why.en}`,
    source:
      'own: a crew is sent, arrives and repairs in this order, after the report; what contradicts it proves nothing',
  });
}

function sayWhy(wrong: LegRefusal): { zh: string; en: string } {
  if (wrong.reason === 'in_the_future')
    return { zh: '时间在将来，完成后再登记', en: 'that lies in the future. Book the leg once it is done.' };
  const other = formatInstant(wrong.other);
  if (wrong.reason === 'before_report')
    return {
      zh: `客户报修在 ${other}，请核对时间`,
      en: `the fault was reported at ${other}. Check the instant.`,
    };
  const { zh, en } = LEG_NAMES[wrong.leg];
  return {
    zh: `${zh}登记为 ${other}，请核对时间，或先更正该环节`,
    en: `the ${en} was at ${other}. Check the instant, or correct that one first.`,
  };
}
