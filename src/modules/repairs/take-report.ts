import { hazardIn, knownCauseOf, wordsFor } from '../../domain/repairs/known-cause.js';
import type { KnownCause } from '../../domain/repairs/known-cause.js';
import type { SupplyAnswer } from '../../domain/accounts/supply-answer.js';
import type { Extent } from '../../domain/repairs/job-grouping.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { mustHaveHappened, numberTaken } from '../reconnection/account-facts.js';
import { findCaller, supplyOf } from './caller.js';
import type { Caller } from './caller.js';
import { openOrder } from './open-order.js';

/** A call about missing supply, with the fields of a fault ticket. Instants are epoch milliseconds. */
export interface FaultCall {
  externalId: string | null;
  accountNo: string | null;
  callerPhone: string | null;
  transformerCode: string | null;
  address: string | null;
  contact: string | null;
  symptom: string;
  foundAt: number | null;
  place: string | null;
  extent: Extent;
  firstGuess: string | null;
  /** When the customer called; null = now. */
  at: number | null;
  /** A dispatcher wants an order in spite of a known cause. */
  force: { reason: string } | null;
}

/** What was said to a caller whose cause is known. */
export interface Answer extends KnownCause {
  words: { zh: string[]; en: string[] };
}

/** Why there is an order in spite of a known cause. */
export interface Forced {
  why: 'dispatcher' | 'hazard';
  text: string;
  by: string;
}

export interface Taken {
  reportId: number;
  /** False: the same call was taken before. */
  isNew: boolean;
  /** This call made an order. */
  ordered: boolean;
  outcome: 'known_cause' | 'repair_order';
  cause: string | null;
}

/**
 * Takes a call in. First the known-cause question: what is planned, recognised or cut needs no crew, is answered at once and traced to
 * its event. Everything else, all that speaks of danger, and what a dispatcher wants becomes a repair order.
 * @throws Fault `conflict` when the externalId is known with another call; `not_found`; `invalid_input`
 */
export async function takeReport(tx: Tx, active: PolicyInForce, call: FaultCall, actor: string): Promise<Taken> {
  const known = await findTaken(tx, call);
  if (known !== null) return force(tx, active, known, call, actor);
  const reportedAt = call.at ?? tx.now;
  mustHaveHappened('at', reportedAt, tx.now, active, 'give the instant of the call, or leave it out');
  if (call.foundAt !== null)
    mustHaveHappened('foundAt', call.foundAt, tx.now, active, 'give the instant at which the fault was noticed');

  const caller = await findCaller(tx, call);
  const supply = await supplyOf(tx, caller, tx.now);
  const cause = supply === null ? null : knownCauseOf(supply);
  const forced = cause === null ? null : forceOf(call, actor);
  const isAnswered = cause !== null && supply !== null && forced === null;
  const answer = isAnswered ? answerOf(cause, supply, active.policyFor(caller.area).reconnection.limitHours) : null;
  const reportId = await insertReport(tx, { call, caller, reportedAt, cause, forced, answer, actor });
  if (answer === null) {
    await openOrder(tx, active, { reportId, caller, extent: call.extent, reportedAt }, actor);
  } else {
    await append(tx, [
      {
        type: 'fault_report_answered',
        subjectType: 'fault_report',
        subjectId: reportId,
        happenedAt: reportedAt,
        actor,
        data: {
          cause: answer.cause,
          customerId: caller.customerId,
          eventType: answer.eventType,
          eventId: answer.eventId,
        },
      },
    ]);
  }
  const outcome = answer === null ? 'repair_order' : 'known_cause';
  return { reportId, isNew: true, ordered: answer === null, outcome, cause: cause?.cause ?? null };
}

/** A call that was answered, sent again by a dispatcher who wants an order: the same call gets one. Else it stays as it is. */
async function force(
  tx: Tx,
  active: PolicyInForce,
  known: Taken & { reportedAt: number },
  call: FaultCall,
  actor: string,
): Promise<Taken> {
  const { reportedAt, ...taken } = known;
  if (taken.outcome === 'repair_order' || call.force === null) return taken;
  const forced: Forced = { why: 'dispatcher', text: call.force.reason, by: actor };
  await tx.query(`update fault_report set outcome = 'repair_order', forced = $2 where id = $1`, [
    taken.reportId,
    JSON.stringify(forced),
  ]);
  const caller = await findCaller(tx, call);
  await openOrder(tx, active, { reportId: taken.reportId, caller, extent: call.extent, reportedAt }, actor);
  return { ...taken, ordered: true, outcome: 'repair_order' };
}

function forceOf(call: FaultCall, actor: string): Forced | null {
  const hazard = hazardIn(call.symptom);
  if (hazard !== null) return { why: 'hazard', text: hazard, by: 'system' };
  return call.force === null ? null : { why: 'dispatcher', text: call.force.reason, by: actor };
}

const answerOf = (cause: KnownCause, supply: SupplyAnswer, limitHours: number): Answer => ({
  ...cause,
  words: { zh: wordsFor(supply, 'zh-CN', limitHours), en: wordsFor(supply, 'en', limitHours) },
});

/** The call as it was sent; what is asked of an externalId that comes again, whether an order is wanted or not. */
const givenOf = (call: FaultCall): string => JSON.stringify({ ...call, force: undefined });

async function findTaken(tx: Tx, call: FaultCall): Promise<(Taken & { reportedAt: number }) | null> {
  if (call.externalId === null) return null;
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.fault_report'), hashtext($1))`, [call.externalId]);
  const [row] = await tx.query<Omit<Taken, 'isNew' | 'ordered'> & { reportedAt: number; same: boolean }>(
    `select id as "reportId", outcome, cause, reported_at as "reportedAt", given = $2::jsonb as same
     from fault_report where external_id = $1`,
    [call.externalId, givenOf(call)],
  );
  if (row === undefined) return null;
  const { same, ...known } = row;
  if (same) return { ...known, isNew: false, ordered: false };
  throw numberTaken(
    'body.externalId',
    `The externalId ${call.externalId} is known with another call; give the new call its own.`,
  );
}

async function insertReport(
  tx: Tx,
  report: {
    call: FaultCall;
    caller: Caller;
    reportedAt: number;
    cause: KnownCause | null;
    forced: Forced | null;
    answer: Answer | null;
    actor: string;
  },
): Promise<number> {
  const { call, caller, reportedAt, cause, forced, answer, actor } = report;
  const [row] = await tx.query<{ id: number }>(
    `insert into fault_report (external_id, account_no, customer_id, transformer_id, area, address, caller_phone, contact, symptom,
       found_at, place, extent, first_guess, reported_at, recorded_at, recorded_by, outcome, cause, event_type, event_id, answer,
       forced, given)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
     returning id`,
    [
      call.externalId,
      caller.accountNo ?? call.accountNo,
      caller.customerId,
      caller.transformerId,
      caller.area,
      call.address,
      call.callerPhone,
      call.contact,
      call.symptom,
      atOrNull(call.foundAt),
      call.place,
      call.extent,
      call.firstGuess,
      at(reportedAt),
      at(tx.now),
      actor,
      answer === null ? 'repair_order' : 'known_cause',
      cause?.cause ?? null,
      cause?.eventType ?? null,
      cause?.eventId ?? null,
      answer === null ? null : JSON.stringify(answer),
      forced === null ? null : JSON.stringify(forced),
      givenOf(call),
    ],
  );
  if (row === undefined) throw new Error('an insert returns its row');
  return row.id;
}
