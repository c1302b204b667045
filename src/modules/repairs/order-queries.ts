import type { z } from 'zod';
import { maskNumber } from '../../domain/masking.js';
import { Fault } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import type { listOrders, RepairOrder } from './repairs.schemas.js';

type View = z.input<typeof RepairOrder>;
type Deadline = View['deadlines'][number];
type TrailLine = View['trail'][number];

/** Who looks, when and by which route: what the log of personal data needs. */
export interface Look {
  caller: Principal;
  now: number;
  route: string;
}

/** Columns of `fault_report r` that a call has in every answer. */
export const CALL_COLUMNS = `r.id as "reportId", r.external_id as "externalId", r.account_no as "accountNo",
  (select code from asset where id = r.transformer_id) as "transformerCode", r.area, r.address,
  r.caller_phone as "callerPhone", r.contact, r.symptom, r.found_at as "foundAt", r.place, r.extent,
  r.first_guess as "firstGuess", r.reported_at as "reportedAt", r.recorded_at as "recordedAt", r.recorded_by as "recordedBy",
  r.customer_id as "customerId"`;

const COLUMNS = `${CALL_COLUMNS}, o.id, o.state, o.round, o.started_at as "startedAt", o.setting, o.setting_known as "settingKnown",
  o.unit, o.person, o.route_note as "routeNote", r.forced, r.cause as "knownCause", o.job_id as "jobId",
  (select array_agg(x.id order by x.id) from repair_order x where x.job_id = o.job_id) as "jobOrderIds", j.crew,
  j.outage_id as "outageId", j.repaired_at as "repairedAt", o.restored_at as "restoredAt",
  o.restored_source as "restoredSource", o.called_back_at as "calledBackAt", o.outcome, o.policy_version as "policyVersion",
  r.transformer_id as "transformerId"`;
const FROM = `repair_order o join fault_report r on r.id = o.report_id join repair_job j on j.id = o.job_id`;

type Row = Omit<View, 'legs' | 'observedAt' | 'contradicted' | 'callbacks' | 'deadlines' | 'trail'> & {
  customerId: number | null;
  transformerId: number | null;
  repairedAt: number | null;
};

/** A page of orders, newest report first. */
export async function findOrders(
  db: Queryable,
  { query }: InputOf<typeof listOrders>,
  look: Look,
): Promise<{ items: View[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await db.query<Row>(
    `select ${COLUMNS} from ${FROM}
     where ($1::text is null or o.state = $1) and ($2::text is null or r.area = $2) and ($3::text is null or o.unit = $3)
       and ($4::text is null or r.account_no = $4) and ($5::bigint is null or j.outage_id = $5)
       and ($6::bigint is null or o.job_id = $6)
       and ($7::timestamptz is null or (r.reported_at, o.id) < ($7, $8::bigint))
     order by r.reported_at desc, o.id desc limit $9`,
    [
      query.state ?? null,
      query.area ?? null,
      query.unit ?? null,
      query.accountNo ?? null,
      query.outageId ?? null,
      query.jobId ?? null,
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.limit + 1,
    ],
  );
  const { items, nextCursor } = page(rows, query.limit, (row) => [row.reportedAt, row.id]);
  return { items: await complete(db, items, look), nextCursor };
}

/** @throws Fault `not_found` */
export async function findOrder(db: Queryable, id: number, look: Look): Promise<View> {
  const rows = await db.query<Row>(`select ${COLUMNS} from ${FROM} where o.id = $1`, [id]);
  const [order] = await complete(db, rows, look);
  if (order === undefined) throw new Fault('not_found', `There is no repair order ${id}.`);
  return order;
}

/** The order that a report became; null when it was answered. */
export async function orderOfReport(db: Queryable, reportId: number, look: Look): Promise<View | null> {
  const rows = await db.query<Row>(`select ${COLUMNS} from ${FROM} where o.report_id = $1`, [reportId]);
  const [order = null] = await complete(db, rows, look);
  return order;
}

async function complete(db: Queryable, rows: readonly Row[], look: Look): Promise<View[]> {
  const ids = rows.map(({ id }) => id);
  const trail = await db.query<TrailLine & { orderId: number; transformerId: number | null }>(
    `select h.order_id as "orderId", l.job_id as "jobId", l.leg, l.source, l.at, l.by, l.note, l.actor,
            l.recorded_at as "recordedAt", l.transformer_id as "transformerId"
     from repair_order_job h join repair_leg l on l.job_id = h.job_id where h.order_id = any($1) order by l.id`,
    [ids],
  );
  const callbacks = await db.query<View['callbacks'][number] & { orderId: number }>(
    `select order_id as "orderId", round, at, by, reached, satisfied, note from repair_callback
     where order_id = any($1) order by id`,
    [ids],
  );
  const deadlines = await db.query<Deadline & { orderId: number }>(
    `select d.subject_id as "orderId", d.id, d.kind, d.stage, d.due_at as "dueAt", d.state
     from deadline d join repair_order o on o.id = d.subject_id and o.round = d.round
     where d.subject_type = 'repair_order' and d.subject_id = any($1) order by d.due_at, d.id`,
    [ids],
  );
  const clear = maySeePersonalData(look.caller);
  if (clear) await logAccess(db, rows, look);
  return rows.map((stored) => {
    const { customerId: _, transformerId, repairedAt, ...row } = stored;
    const lines = trail
      .filter((line) => line.orderId === row.id)
      .filter((line) => line.source === 'claimed' || line.transformerId === transformerId);
    return {
      ...row,
      ...(clear ? {} : maskedNumbers(row)),
      legs: legsOf(lines.filter(({ jobId }) => jobId === row.jobId)),
      observedAt: lines.findLast(({ source, jobId }) => source === 'observed' && jobId === row.jobId)?.at ?? null,
      contradicted: repairedAt !== null && row.restoredAt === null,
      callbacks: callbacks.filter((one) => one.orderId === row.id).map(withoutOrder),
      deadlines: deadlines.filter((one) => one.orderId === row.id).map(withoutOrder),
      trail: lines.map(trailLine),
    };
  });
}

/** The newest booking of each leg. */
function legsOf(lines: readonly TrailLine[]): View['legs'] {
  const legs: View['legs'] = { dispatched: null, arrived: null, repaired: null };
  for (const { leg, source, at: claimedAt, by, note, recordedAt } of lines) {
    if (source === 'claimed' && claimedAt !== null)
      legs[leg as keyof typeof legs] = { claimedAt, by, note, recordedAt };
  }
  return legs;
}

function withoutOrder<Line extends { orderId: number }>(line: Line): Omit<Line, 'orderId'> {
  const { orderId: _, ...rest } = line;
  return rest;
}

function trailLine(line: TrailLine & { orderId: number; transformerId: number | null }): TrailLine {
  const { orderId: _, transformerId: __, ...rest } = line;
  return rest;
}

/** The contact of a caller holds a name, a number, or both. */
export const maskedNumbers = ({ callerPhone, contact }: { callerPhone: string | null; contact: string | null }) => ({
  callerPhone: maskNumber(callerPhone),
  contact: contact === null ? null : '***',
});

export async function logAccess(
  db: Queryable,
  rows: readonly { customerId: number | null; callerPhone: string | null; contact: string | null }[],
  look: Look,
): Promise<void> {
  const shown = rows.filter((row) => row.callerPhone !== null || row.contact !== null);
  const customerIds = [...new Set(shown.map(({ customerId }) => customerId))];
  await recordPersonalDataAccess(db, { at: look.now, actor: look.caller.name, route: look.route, customerIds });
}
