import type { z } from 'zod';
import { maySeePersonalData } from '../auth/principal.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import { CALL_COLUMNS, logAccess, maskedNumbers } from './order-queries.js';
import type { Look } from './order-queries.js';
import type { FaultReport, listReports } from './repairs.schemas.js';
import type { Answer } from './take-report.js';

type View = z.input<typeof FaultReport>;
type Row = Omit<View, 'words' | 'estimatedRestorationAt'> & { customerId: number | null; answer: Answer | null };

const COLUMNS = `${CALL_COLUMNS}, r.outcome, r.cause, r.event_type as "eventType", r.event_id as "eventId", r.answer,
  o.id as "repairOrderId"`;
const FROM = 'fault_report r left join repair_order o on o.report_id = r.id';

/** A page of calls, newest first. */
export async function findReports(
  db: Queryable,
  { query }: InputOf<typeof listReports>,
  look: Look,
): Promise<{ items: View[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await db.query<Row>(
    `select ${COLUMNS} from ${FROM}
     where ($1::text is null or r.outcome = $1) and ($2::text is null or r.cause = $2)
       and ($3::text is null or r.account_no = $3)
       and ($4::bigint is null or (r.event_id = $4 and r.event_type = $5))
       and ($6::timestamptz is null or (r.reported_at, r.id) < ($6, $7::bigint))
     order by r.reported_at desc, r.id desc limit $8`,
    [
      query.outcome ?? null,
      query.cause ?? null,
      query.accountNo ?? null,
      query.eventId ?? null,
      query.eventType ?? 'outage',
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.limit + 1,
    ],
  );
  const { items, nextCursor } = page(rows, query.limit, (row) => [row.reportedAt, row.reportId]);
  return { items: await complete(db, items, look), nextCursor };
}

export async function findReport(db: Queryable, reportId: number, look: Look): Promise<View> {
  const rows = await db.query<Row>(`select ${COLUMNS} from ${FROM} where r.id = $1`, [reportId]);
  const [report] = await complete(db, rows, look);
  if (report === undefined) throw new Error(`there is no fault report ${reportId}`);
  return report;
}

async function complete(db: Queryable, rows: readonly Row[], look: Look): Promise<View[]> {
  const clear = maySeePersonalData(look.caller);
  if (clear) await logAccess(db, rows, look);
  return rows.map((stored) => {
    const { customerId: _, answer, ...row } = stored;
    return {
      ...row,
      ...(clear ? {} : maskedNumbers(row)),
      estimatedRestorationAt: answer?.estimatedRestorationAt ?? null,
      words: answer?.words ?? null,
    };
  });
}
