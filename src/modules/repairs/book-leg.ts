import { formatInstant, MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { currentLegs, LEG_NAMES, refuseLeg } from '../../domain/repairs/repair-legs.js';
import type { Leg, LegBooking, LegRefusal } from '../../domain/repairs/repair-legs.js';
import { Fault } from '../../fault.js';
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
  const refusal = refuseLeg({ leg, at: booking.at }, currentLegs(bookings), order.reportedAt, tx.now, toleranceMs);
  if (refusal !== null) refuse(leg, booking.at, refusal);
  await tx.query(
    `insert into repair_leg (job_id, leg, source, at, by, note, actor, recorded_at)
     values ($1, $2, 'claimed', $3, $4, $5, $6, $7)`,
    [order.jobId, leg, at(booking.at), booking.by, booking.note, actor, at(tx.now)],
  );
  await alignJob(tx, active, order.jobId, actor);
}

function refuseSilentChange(leg: Leg, standing: LegBooking): never {
  const { en, zh } = LEG_NAMES[leg];
  throw new Fault(
    'conflict',
    `The ${en} (${zh}) is on record at ${formatInstant(standing.at)} by ${standing.by}. To correct it, say why in note.`,
    { problem: 'leg_on_record', errors: [{ path: 'body.note', message: 'must say why the leg is corrected' }] },
  );
}

function refuse(leg: Leg, moment: number, refusal: LegRefusal): never {
  const { en, zh } = LEG_NAMES[leg];
  throw new Fault(
    'not_allowed',
    `The ${en} (${zh}) cannot have been at ${formatInstant(moment)}: ${sayRefusal(refusal)}`,
    { problem: 'impossible_leg', errors: [{ path: 'body.at', message: refusal.reason.replaceAll('_', ' ') }] },
  );
}

function sayRefusal(refusal: LegRefusal): string {
  switch (refusal.reason) {
    case 'in_the_future':
      return 'that lies in the future. Book the leg once it is done.';
    case 'before_report':
      return `the fault was reported at ${formatInstant(refusal.other)}. Check the instant.`;
    case 'before_earlier_leg':
      return `the ${LEG_NAMES[refusal.leg].en} was at ${formatInstant(refusal.other)}. Check the instant, or correct that one first.`;
    case 'after_later_leg':
      return `the ${LEG_NAMES[refusal.leg].en} was at ${formatInstant(refusal.other)}. Check the instant, or correct that one first.`;
  }
  return refusal satisfies never;
}
