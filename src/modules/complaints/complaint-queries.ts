import type { z } from 'zod';
import { maskNumber } from '../../domain/masking.js';
import { missedWarning } from '../../domain/complaints/missed-warning.js';
import { Fault } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import type { Complaint, listComplaints } from './complaints.schemas.js';
import { findLinkedEvents } from './linked-events.js';

type View = z.input<typeof Complaint>;
type Row = Omit<View, 'deadlines' | 'links' | 'missedWarning' | 'steps'> & { customerId: number | null };

/** Who looks, when and by which route: what the log of personal data needs. */
export interface Look {
  caller: Principal;
  now: number;
  route: string;
}

const COLUMNS = `c.id, c.external_id as "externalId", c.channel, c.category, c.category_confidence as "categoryConfidence", c.state,
  coalesce(k.account_no, c.account_no) as "accountNo", c.caller_phone as "callerPhone", c.address, c.text,
  c.received_at as "receivedAt", c.recorded_at as "recordedAt", c.customer_id as "customerId"`;

/** A page of complaints, newest first. */
export async function findComplaints(
  db: Queryable,
  { query }: InputOf<typeof listComplaints>,
  look: Look,
): Promise<{ items: View[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await db.query<Row>(
    `select ${COLUMNS} from complaint c left join customer k on k.id = c.customer_id
     where ($1::text is null or c.category = $1) and ($2::text is null or c.channel = $2)
       and ($3::text is null or c.state = $3)
       and ($4::timestamptz is null or c.received_at >= $4) and ($5::timestamptz is null or c.received_at < $5)
       and ($6::text is null or coalesce(k.account_no, c.account_no) = $6)
       and ($7::bigint is null or exists (select from complaint_link l
            where l.complaint_id = c.id and l.event_type = $8 and l.event_id = $7 and l.status <> 'rejected'))
       and ($9::timestamptz is null or (c.received_at, c.id) < ($9, $10::bigint))
     order by c.received_at desc, c.id desc limit $11`,
    [
      query.category ?? null,
      query.channel ?? null,
      query.state ?? null,
      query.from === undefined ? null : at(query.from),
      query.to === undefined ? null : at(query.to),
      query.accountNo ?? null,
      query.eventId ?? null,
      query.eventType ?? 'outage',
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.limit + 1,
    ],
  );
  const { items, nextCursor } = page(rows, query.limit, (row) => [row.receivedAt, row.id]);
  return { items: await complete(db, items, look), nextCursor };
}

/** @throws Fault `not_found` */
export async function findComplaint(db: Queryable, id: number, look: Look): Promise<View> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from complaint c left join customer k on k.id = c.customer_id where c.id = $1`,
    [id],
  );
  const [complaint] = await complete(db, rows, look);
  if (complaint === undefined) throw new Fault('not_found', `There is no complaint ${id}.`);
  return complaint;
}

/** Adds links, deadlines and the missed warning; masks what the caller may not see, logs what is shown in clear. */
async function complete(db: Queryable, rows: readonly Row[], look: Look): Promise<View[]> {
  const ids = rows.map((row) => row.id);
  const links = await db.query<View['links'][number] & { complaintId: number }>(
    `select complaint_id as "complaintId", event_type as "eventType", event_id as "eventId", score, status, evidence,
            decided_by as "decidedBy", decided_at as "decidedAt", note
     from complaint_link where complaint_id = any($1) order by complaint_id, score desc, event_type, event_id`,
    [ids],
  );
  const deadlines = await db.query<View['deadlines'][number] & { complaintId: number }>(
    `select subject_id as "complaintId", kind, stage, due_at as "dueAt", state
     from deadline where subject_type = 'complaint' and subject_id = any($1) order by due_at`,
    [ids],
  );
  const steps = await db.query<View['steps'][number] & { complaintId: number }>(
    `select complaint_id as "complaintId", step, at, by, note from complaint_step where complaint_id = any($1) order by at, step`,
    [ids],
  );
  const events = await findLinkedEvents(db, ids);
  const clear = maySeePersonalData(look.caller);
  if (clear) await logAccess(db, rows, look);
  return rows.map((row) => ({
    ...without(row, 'customerId'),
    ...(clear ? {} : { callerPhone: maskNumber(row.callerPhone), text: maskNumbersIn(row.text) }),
    links: links.filter((link) => link.complaintId === row.id).map((link) => without(link, 'complaintId')),
    deadlines: deadlines.filter((one) => one.complaintId === row.id).map((one) => without(one, 'complaintId')),
    steps: steps.filter((one) => one.complaintId === row.id).map((one) => without(one, 'complaintId')),
    missedWarning: missedWarning(
      row,
      events.filter((event) => event.complaintId === row.id),
    ),
  }));
}

function without<Row extends object, Name extends keyof Row>(row: Row, name: Name): Omit<Row, Name> {
  const rest: Omit<Row, Name> & Partial<Row> = { ...row };
  delete rest[name];
  return rest;
}

/** Callers say their numbers; in the text they are as personal as in their own field. */
const maskNumbersIn = (text: string): string =>
  text.replace(/(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)/g, (number) => maskNumber(number) ?? '');

async function logAccess(db: Queryable, rows: readonly Row[], look: Look): Promise<void> {
  const shown = rows.filter((row) => row.callerPhone !== null);
  const customerIds = [...new Set(shown.map((row) => row.customerId))];
  await recordPersonalDataAccess(db, { at: look.now, actor: look.caller.name, route: look.route, customerIds });
}
