import { faultsIn } from '../../domain/working-calendar.js';
import type { CalendarYear, WorkingCalendar } from '../../domain/working-calendar.js';
import type { Policy } from '../../domain/policy.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { recountWorkingTime } from './recount.js';

/** The working days as they are known now, with the working hours of the policy: what limits in working time are counted by. */
export async function loadCalendar(db: Queryable, policy: Pick<Policy, 'promises'>): Promise<WorkingCalendar> {
  return { years: await loadYears(db), hours: policy.promises.workingHours };
}

export async function loadYears(db: Queryable): Promise<Map<number, CalendarYear>> {
  const rows = await db.query<CalendarYear>(
    `select distinct on (year) year, holidays, working_days as "workingDays", source from calendar_year order by year, id desc`,
  );
  return new Map(rows.map((row) => [row.year, row]));
}

/**
 * Writes the calendar of a year, as a version of its own, and counts every running promise in working time anew by it. The same calendar
 * again changes nothing.
 * @throws Fault `invalid_input` with every contradiction in it
 */
export async function changeCalendar(tx: Tx, given: CalendarYear, actor: string): Promise<void> {
  const faults = faultsIn(given);
  if (faults.length > 0) {
    const errors = faults.map(({ path, message }) => ({ path: `body.${path}`, message }));
    throw new Fault('invalid_input', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
  }
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.calendar'))`);
  const known = (await loadYears(tx)).get(given.year);
  if (known !== undefined && sameCalendar(known, given)) return;
  const [row] = await tx.query<{ id: number }>(
    `insert into calendar_year (year, holidays, working_days, source, changed_by, changed_at)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [given.year, JSON.stringify(given.holidays), JSON.stringify(given.workingDays), given.source, actor, at(tx.now)],
  );
  await append(tx, [
    {
      type: 'calendar_changed',
      subjectType: 'calendar',
      subjectId: given.year,
      happenedAt: tx.now,
      actor,
      data: { year: given.year, version: row?.id ?? 0, source: given.source },
    },
  ]);
  await recountWorkingTime(tx, given.year, await loadYears(tx));
}

/** The database gives the names of an object back in an order of its own. */
function sameCalendar(a: CalendarYear, b: CalendarYear): boolean {
  const plain = ({ holidays, workingDays, source }: CalendarYear): string =>
    JSON.stringify([holidays.map(({ from, to, zh, en }) => [from, to, zh, en]), workingDays, source]);
  return plain(a) === plain(b);
}

export interface CalendarVersion {
  version: number;
  source: string;
  changedBy: string;
  changedAt: number;
}

/** All versions of a year, the newest first. */
export async function findCalendarVersions(
  db: Queryable,
  year: number,
): Promise<(CalendarVersion & Pick<CalendarYear, 'holidays' | 'workingDays'>)[]> {
  return db.query(
    `select id as version, source, changed_by as "changedBy", changed_at as "changedAt", holidays, working_days as "workingDays"
     from calendar_year where year = $1 order by id desc`,
    [year],
  );
}
