import { needsCalendar, readReceipt, recount } from '../../domain/deadline-receipt.js';
import type { Pause, Receipt } from '../../domain/deadline-receipt.js';
import { startOfYear } from '../../domain/calendar.js';
import { readDayParts } from '../../domain/working-calendar.js';
import type { CalendarYear, WorkingCalendar } from '../../domain/working-calendar.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { keyOf, pausesOf } from './pause-rows.js';
import type { PromiseKey } from './pause-rows.js';

/** A stage as it stands in its table. */
export interface StoredStage extends PromiseKey {
  id: number;
  stage: string;
  state: 'pending' | 'paused' | 'fired' | 'met' | 'cancelled';
  dueAt: number;
  endedAt: number | null;
  receipt: Record<string, unknown>;
}

export const STAGE_COLUMNS = `id, kind, subject_type as "subjectType", subject_id as "subjectId", stage, state, due_at as "dueAt",
  ended_at as "endedAt", receipt`;

type Years = ReadonlyMap<number, CalendarYear>;

/** The hours that a receipt was counted by stay its own, also when the policy's change. */
export const calendarOf = (receipt: Receipt, years: Years): WorkingCalendar | null =>
  needsCalendar(receipt) ? { years, hours: readDayParts(receipt.working?.hours ?? []) ?? [] } : null;

/**
 * Counts stages anew from their receipts, by the pauses and the calendar as they are now. A stage that fired and turns out not due goes
 * back: it waits for its new instant, or, where the promise has ended before that, it was met.
 * The caller has locked the rows.
 */
export async function recountStages(tx: Tx, stages: readonly StoredStage[], years: Years): Promise<void> {
  const pauses = await pausesOf(tx, stages);
  const counted = stages.flatMap((row) => {
    const receipt = readReceipt(row.receipt);
    if (receipt === null) return [];
    return [{ id: row.id, ...recount(receipt, pausesFor(row, pauses), calendarOf(receipt, years)) }];
  });
  if (counted.length === 0) return;
  await tx.query(
    `update deadline d set due_at = n.due_at, receipt = n.receipt, state = n.state,
       settled_at = case when n.state = d.state then d.settled_at when n.state = 'met' then $5 end,
       counted = d.counted and n.state = d.state,
       escalated_role = case when n.state = 'fired' then d.escalated_role end,
       escalated_to = case when n.state = 'fired' then d.escalated_to end
     from (
       select o.id, s.due_at, s.receipt, case
           when o.ended_at is not null and (s.stopped or s.due_at > o.ended_at) then 'met'
           when s.stopped then 'paused'
           when o.state = 'fired' and (s.due_at <= $5 or s.due_at <= o.due_at) then 'fired'
           else 'pending' end as state
       from unnest($1::bigint[], $2::timestamptz[], $3::jsonb[], $4::boolean[]) as s(id, due_at, receipt, stopped)
       join deadline o on o.id = s.id) as n
     where d.id = n.id`,
    [
      counted.map(({ id }) => id),
      counted.map(({ receipt }) => at(receipt.due)),
      counted.map(({ receipt }) => JSON.stringify(receipt)),
      counted.map(({ stopped }) => stopped),
      at(tx.now),
    ],
  );
}

const pausesFor = (key: PromiseKey, pauses: ReadonlyMap<string, readonly Pause[]>): readonly Pause[] =>
  pauses.get(keyOf(key)) ?? [];

/** The calendar of a year changed: every promise in working time that it may touch is counted anew, unless it was given up. */
export async function recountWorkingTime(tx: Tx, year: number, years: Years): Promise<void> {
  const stages = await tx.query<StoredStage>(
    `select ${STAGE_COLUMNS} from deadline
     where receipt ? 'working' and due_at >= $1 and (state in ('pending', 'paused', 'fired') or (state = 'met' and ended_at is not null))
     order by id for update`,
    [at(startOfYear(year - 1))],
  );
  await recountStages(tx, stages, years);
}
