/**
 * Calendar months of the utility, `2026-07`, and what stands against them. Pure; instants are epoch milliseconds.
 */
import { DAY_MS } from '../instants.js';

/** How the month's figure came about: read at the meter, estimated, or not read at all (no communication, nobody came). */
export const READINGS = ['actual', 'estimated', 'missing'] as const;
export type ReadingKind = (typeof READINGS)[number];

export interface MonthOfUse {
  /** `2026-07` */
  month: string;
  /** Null where there is no reading. */
  kwh: number | null;
  reading: ReadingKind;
}

/** A stretch in which the customer could not, or was known not to, use power. */
export type AbsenceKind = 'outage' | 'disconnected' | 'vacancy';
export interface Absence {
  kind: AbsenceKind;
  startedAt: number;
  /** null = not over. */
  endedAt: number | null;
}

/** Begin and end (excluded) of a month. */
export function spanOf(month: string): { from: number; to: number } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: new Date(year, number - 1).getTime(), to: new Date(year, number).getTime() };
}

/** The first instant of a local date, `2026-07-15`. */
export function startOfDate(date: string): number {
  const [year = 0, number = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, number - 1, day).getTime();
}

export function monthBefore(month: string, by = 1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) - by;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Days of a month on which power could be used, and how many each kind of absence took; where they overlap the first kind has it. */
export interface UsableDays {
  days: number;
  usable: number;
  lost: Record<AbsenceKind, number>;
}

export function usableDaysOf(month: string, absences: readonly Absence[]): UsableDays {
  const { from, to } = spanOf(month);
  const lost: Record<AbsenceKind, number> = { outage: 0, disconnected: 0, vacancy: 0 };
  let covered: { from: number; to: number }[] = [];
  for (const kind of ['vacancy', 'disconnected', 'outage'] as const) {
    const before = lengthOf(covered);
    const own = absences
      .filter((absence) => absence.kind === kind)
      .map(({ startedAt, endedAt }) => ({ from: Math.max(from, startedAt), to: Math.min(to, endedAt ?? to) }))
      .filter((span) => span.to > span.from);
    covered = union([...covered, ...own]);
    lost[kind] = (lengthOf(covered) - before) / DAY_MS;
  }
  const days = (to - from) / DAY_MS;
  return { days, usable: days - lengthOf(covered) / DAY_MS, lost };
}

const lengthOf = (spans: readonly { from: number; to: number }[]): number =>
  spans.reduce((sum, span) => sum + span.to - span.from, 0);

function union(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || span.from > last.to) result.push({ ...span });
    else last.to = Math.max(last.to, span.to);
  }
  return result;
}
