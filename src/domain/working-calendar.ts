import { dateOf } from './calendar.js';

/** The public holidays of one year and the weekend days on which work is made up for them (调休). Dates are `2026-10-01`. */
export interface CalendarYear {
  year: number;
  /** First and last day, both included; with the weekends that lie in it. */
  holidays: readonly { from: string; to: string; zh: string; en: string }[];
  workingDays: readonly string[];
  /** The notice that says so. */
  source: string;
}

/** A part of the working day, in minutes after midnight. */
export interface DayPart {
  fromMinute: number;
  toMinute: number;
}

export interface WorkingCalendar {
  years: ReadonlyMap<number, CalendarYear>;
  /** The working hours of a working day, in order and apart from one another. */
  hours: readonly DayPart[];
}

/** What a day is, and why. `covered`: its year has a calendar; otherwise only weekends are known. */
export interface Day {
  date: string;
  works: boolean;
  why: 'weekday' | 'weekend' | 'holiday' | 'made_up';
  holiday: { zh: string; en: string } | null;
  covered: boolean;
}

/** The day that holds the instant. A year's notice also speaks of days of the year before: New Year's holiday may begin there. */
export function dayAt(epochMs: number, { years }: WorkingCalendar): Day {
  const date = dateOf(epochMs);
  const moment = new Date(epochMs);
  const own = years.get(moment.getFullYear());
  const next = years.get(moment.getFullYear() + 1);
  const covered = own !== undefined;
  for (const year of [own, next]) {
    if (year === undefined) continue;
    if (year.workingDays.includes(date)) return { date, works: true, why: 'made_up', holiday: null, covered };
    const holiday = year.holidays.find(({ from, to }) => from <= date && date <= to);
    if (holiday !== undefined) {
      return { date, works: false, why: 'holiday', holiday: { zh: holiday.zh, en: holiday.en }, covered };
    }
  }
  const weekend = moment.getDay() === 0 || moment.getDay() === 6;
  return { date, works: !weekend, why: weekend ? 'weekend' : 'weekday', holiday: null, covered };
}

/** Working time of a whole working day, in milliseconds. */
export const dayLengthMs = ({ hours }: WorkingCalendar): number =>
  hours.reduce((sum, part) => sum + (part.toMinute - part.fromMinute) * 60_000, 0);

const CLOCK = /^(\d{1,2}):(\d{2})$/;

const minuteOf = (text: string): number | null => {
  const [, hour, minute] = CLOCK.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 24 * 60 ? minutes : null;
};

/** Reads `['08:30-12:00', '14:30-18:00']`; null when a part is none, is empty, or begins before the one before it ends. */
export function readDayParts(texts: readonly string[]): DayPart[] | null {
  const parts: DayPart[] = [];
  for (const text of texts) {
    const [from, to, more] = text.split('-').map((side) => minuteOf(side.trim()));
    if (typeof from !== 'number' || typeof to !== 'number' || more !== undefined || to <= from) return null;
    if (from < (parts.at(-1)?.toMinute ?? 0)) return null;
    parts.push({ fromMinute: from, toMinute: to });
  }
  return parts.length === 0 ? null : parts;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clockText = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** `08:30-12:00` */
export const dayPartText = ({ fromMinute, toMinute }: DayPart): string =>
  `${clockText(fromMinute)}-${clockText(toMinute)}`;

/** What contradicts itself in the calendar of a year: where, and what must be. */
export function faultsIn({ year, holidays, workingDays }: CalendarYear): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = [];
  const earliest = `${year - 1}-12-01`;
  const latest = `${year}-12-31`;
  const mustBelong = (path: string, date: string): void => {
    if (date < earliest || date > latest)
      faults.push({
        path,
        message: `${date} belongs to no notice of ${year}; it reaches from ${earliest} to ${latest}`,
      });
  };
  let before = '';
  for (const [index, { from, to }] of holidays.entries()) {
    const path = `holidays[${index}]`;
    mustBelong(`${path}.from`, from);
    mustBelong(`${path}.to`, to);
    if (to < from) faults.push({ path: `${path}.to`, message: `must not come before from, ${from}` });
    if (from <= before)
      faults.push({ path: `${path}.from`, message: `must come after the holiday before it, ${before}` });
    before = to;
  }
  for (const [index, date] of workingDays.entries()) {
    const path = `workingDays[${index}]`;
    mustBelong(path, date);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) faults.push({ path, message: `${date} is no weekend day; it works anyway` });
    if (holidays.some(({ from, to }) => from <= date && date <= to))
      faults.push({ path, message: `${date} lies in a holiday` });
  }
  return faults;
}
