import { Logger } from '@nestjs/common';
import { readReceipt, recount } from '../../domain/deadline-receipt.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { loadYears } from './calendars.js';
import { keyOf, pausesOf } from './pause-rows.js';
import { calendarOf } from './recount.js';

const logger = new Logger('deadlines');

/** The stages of one promise to one subject. Instants are epoch milliseconds. */
export interface DeadlineSet {
  kind: string;
  subjectType: string;
  subjectId: number;
  policyVersion: number;
  /** The area of the subject, whose people the stages are taken to; left out = it stays as it was, at first ''. */
  area?: string;
  /** How often the promise has begun, from 1; each round has stages and receipts of its own. Left out = 1. */
  round?: number;
  stages: readonly { stage: string; dueAt: number; receipt: object }[];
}

/**
 * Sets the stages of one promise, or moves them: see `setDeadlinesOf`.
 */
export async function setDeadlines(tx: Tx, deadlines: DeadlineSet): Promise<void> {
  await setDeadlinesOf(tx, [deadlines]);
}

/**
 * Sets the stages of many promises, or moves them when a fact arrives late. This is the one way: an owner that learns of another
 * beginning (a payment that was booked yesterday, an outage that began earlier) makes the stages anew from it and sets them again.
 * - A stage that is new, pending or was taken out runs (again) to its new instant; one whose instant has passed fires at the next sweep.
 * - A stage that has fired stays fired, unless its instant moved to a later one that is still to come: then it will fire again.
 *   A wall clock that was put back moves no instant, so it makes nothing fire twice.
 * - Pauses that are on record for the promise count, also when its beginning moved; the receipt says so.
 * - Stages that are not named stay as they are; `settleDeadlines` takes them out.
 */
export async function setDeadlinesOf(tx: Tx, sets: readonly DeadlineSet[]): Promise<void> {
  const rows = await withPauses(
    tx,
    sets.flatMap((set) => set.stages.map((stage) => ({ area: '', round: 1, ...set, ...stage, stopped: false }))),
  );
  if (rows.length === 0) return;
  sayMissingCalendars(rows);
  await tx.query(
    `insert into deadline as d (kind, subject_type, subject_id, stage, due_at, receipt, policy_version, area, state, round)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::integer[], $9::text[],
       $10::text[], $11::smallint[])
     on conflict (kind, subject_type, subject_id, stage, round) do update set
       due_at = excluded.due_at, receipt = excluded.receipt, policy_version = excluded.policy_version, ended_at = null,
       area = coalesce(nullif(excluded.area, ''), d.area),
       (state, settled_at, counted, escalated_role, escalated_to) = (
         select case when stays then d.state else excluded.state end, case when stays then d.settled_at end, stays and d.counted,
                case when stays then d.escalated_role end, case when stays then d.escalated_to end
         from (select d.state = 'fired' and excluded.state = 'pending'
                      and (excluded.due_at <= $8 or excluded.due_at <= d.due_at) as stays) as one)`,
    [
      rows.map((row) => row.kind),
      rows.map((row) => row.subjectType),
      rows.map((row) => row.subjectId),
      rows.map((row) => row.stage),
      rows.map((row) => at(row.dueAt)),
      rows.map((row) => JSON.stringify(row.receipt)),
      rows.map((row) => row.policyVersion),
      at(tx.now),
      rows.map((row) => row.area),
      rows.map((row) => (row.stopped ? 'paused' : 'pending')),
      rows.map((row) => row.round),
    ],
  );
}

/** Whether a stage `d` is taken out, its promise having ended at `s.ended_at` (null = now, or it was given up). */
const GOES = `case when s.ended_at is null or d.state = 'paused' then d.state in ('pending', 'paused')
       else d.state in ('pending', 'fired') and d.due_at > s.ended_at end`;

/**
 * Takes pending and paused stages out; of a promise that began anew those of its newest round.
 * @param endedAt the instant at which each subject's promise ended, in the order of `subjectIds`. With it, a pending stage that was
 *   already due by then is left, so that it still fires; and a stage that fired although the promise had ended before its instant
 *   (the news came late) is taken back to `outcome`. Without it every pending stage goes and what has fired stays fired.
 */
export async function settleDeadlines(
  tx: Tx,
  kind: string,
  subjectType: string,
  subjectIds: readonly number[],
  outcome: 'met' | 'cancelled',
  endedAt: readonly number[] | null = null,
): Promise<void> {
  if (subjectIds.length === 0) return;
  await tx.query(
    // Asked of the row itself, so that it is asked again when a sweep that held the row has just fired it.
    `update deadline d set ended_at = s.ended_at, state = case when ${GOES} then $4 else d.state end,
       settled_at = case when ${GOES} then $5 else d.settled_at end, counted = d.counted and not (${GOES})
     from unnest($3::bigint[], $6::timestamptz[]) as s(subject_id, ended_at)
     where d.kind = $1 and d.subject_type = $2 and d.subject_id = s.subject_id
       and d.round = (select max(n.round) from deadline n
                      where n.kind = $1 and n.subject_type = $2 and n.subject_id = s.subject_id)
       and (${GOES} or (s.ended_at is not null and d.ended_at is distinct from s.ended_at))`,
    [
      kind,
      subjectType,
      subjectIds,
      outcome,
      at(tx.now),
      endedAt === null ? subjectIds.map(() => null) : endedAt.map(at),
    ],
  );
}

type Row = Omit<DeadlineSet, 'stages'> & { stage: string; dueAt: number; receipt: object; stopped: boolean };

/** Counts those stages anew whose promise has pauses on record. */
async function withPauses(tx: Tx, rows: readonly Row[]): Promise<readonly Row[]> {
  const pauses = await pausesOf(tx, rows);
  if (pauses.size === 0) return rows;
  const years = await loadYears(tx);
  return rows.map((row) => {
    const its = pauses.get(keyOf(row));
    const plain = its === undefined ? null : readReceipt(row.receipt as Record<string, unknown>);
    if (its === undefined || plain === null) return row;
    const { receipt, stopped } = recount(plain, its, calendarOf(plain, years));
    return { ...row, receipt, dueAt: receipt.due, stopped };
  });
}

/** A limit that reaches into a year without a calendar is only provisional; somebody must enter that calendar. */
function sayMissingCalendars(rows: readonly Row[]): void {
  const missing = new Map<number, number>();
  for (const { receipt } of rows) {
    const years = readReceipt(receipt as Record<string, unknown>)?.working?.withoutCalendar ?? [];
    for (const year of years) missing.set(year, (missing.get(year) ?? 0) + 1);
  }
  for (const [year, count] of missing) {
    logger.warn(
      `there is no calendar of ${year}: ${count} ${count === 1 ? 'instant is' : 'instants are'} provisional, only weekends are left out; enter it with PUT /api/v1/calendars/${year}`,
    );
  }
}
