import { dayAt, dayLengthMs, dayPartText } from './working-calendar.js';
import type { WorkingCalendar } from './working-calendar.js';
import { isWorking, lengthOf } from './limit.js';
import type { Limit } from './limit.js';

/**
 * Limits in elapsed or working time. For a promise of your own: write its limit into the policy (`limit` in policy-sections/leaves.ts,
 * `{ value: 4 working days, source }`), take `loadCalendar(tx, policy)` of modules/deadlines/calendars.ts, and make each stage by
 * `receiptOf({ startMeaning, start, limit, calendar, share, profile, source })` of deadline-receipt.ts, whose `due` is its instant.
 * Instants are epoch milliseconds.
 */

/** A stretch of time, `to` excluded; Infinity = open. */
export interface Span {
  from: number;
  to: number;
}

/** What the arithmetic of a working limit met on its way; dates are `2026-10-01`. */
export interface WorkingDetail {
  /** `08:30-12:00` */
  hours: string[];
  /** Working time of a working day. */
  dayMs: number;
  /** Holidays and weekends between start and due. */
  skipped: { from: string; to: string; days: number; zh: string; en: string }[];
  /** Weekend days that counted because work is made up (调休). */
  madeUp: string[];
  /** Years that have no calendar: there only weekends could be left out, and the result is provisional. */
  withoutCalendar: number[];
  /** Where the calendars come from. */
  calendars: string[];
}

export interface Due {
  due: number;
  /** The whole limit in milliseconds, of working time for a working limit. */
  limitMs: number;
  /** A pause that began before `due` runs still: `due` is what it would be had that pause not begun. */
  stopped: boolean;
  working: WorkingDetail | null;
}

/**
 * When so much of a limit has passed since `start`. Pauses do not count, however they overlap.
 * @param calendar may be null for limits in elapsed time
 * @param share the part of the limit that is asked for; 1 = the limit itself
 */
export function dueAfter(
  start: number,
  limit: Limit,
  calendar: WorkingCalendar | null,
  { share = 1, pauses = [] }: { share?: number; pauses?: readonly Span[] } = {},
): Due {
  if (!isWorking(limit)) {
    const limitMs = lengthOf(limit, 0);
    return { ...elapsed(start, limitMs * share, pauses), limitMs, working: null };
  }
  if (calendar === null) throw new Error(`a limit of ${limit.amount} ${limit.unit} needs a calendar`);
  const limitMs = lengthOf(limit, dayLengthMs(calendar));
  // Whole days: the day on which it starts is not counted.
  const from = limit.unit === 'working_days' ? nextMidnight(start) : start;
  const spans = (): Iterable<Span> => workingSpans(from, calendar);
  const { due, stopped } = reach(from, Math.round(limitMs * share), spans, pauses);
  return { due, limitMs, stopped, working: detailOf(from, due, calendar) };
}

/** The same for a limit in milliseconds of elapsed time. */
export function elapsed(start: number, ms: number, pauses: readonly Span[]): { due: number; stopped: boolean } {
  return reach(start, Math.round(ms), () => [{ from: start, to: Infinity }], pauses);
}

/** The earliest instant at which so much working time has passed since `start`. */
export const addWorkingTime = (start: number, amountMs: number, calendar: WorkingCalendar): number =>
  reach(start, amountMs, () => workingSpans(start, calendar), []).due;

/** Working time within a stretch of time. */
export function workingTimeBetween(from: number, to: number, calendar: WorkingCalendar): number {
  let sum = 0;
  for (const span of workingSpans(from, calendar)) {
    if (span.from >= to) break;
    sum += Math.min(span.to, to) - span.from;
  }
  return sum;
}

/** The parts of working days from an instant on; without end. */
function* workingSpans(from: number, calendar: WorkingCalendar): Generator<Span> {
  for (const start of daysFrom(from)) {
    if (!dayAt(start, calendar).works) continue;
    for (const { fromMinute, toMinute } of calendar.hours) {
      const span = { from: Math.max(from, atMinute(start, fromMinute)), to: atMinute(start, toMinute) };
      if (span.from < span.to) yield span;
    }
  }
}

/** The beginnings of all local days from the one that holds the instant on. */
function* daysFrom(from: number): Generator<number> {
  const first = new Date(from);
  for (let day = 0; ; day += 1) {
    yield new Date(first.getFullYear(), first.getMonth(), first.getDate() + day).getTime();
  }
}

const nextMidnight = (epochMs: number): number => {
  const date = new Date(epochMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
};

/** By the clock on the wall, also on a day on which it is put forward. */
function atMinute(dayStart: number, minute: number): number {
  const date = new Date(dayStart);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), 0, minute).getTime();
}

function reach(
  start: number,
  amountMs: number,
  spans: () => Iterable<Span>,
  pauses: readonly Span[],
): { due: number; stopped: boolean } {
  const apart = mergeSpans(pauses);
  const due = reachIn(start, amountMs, spans(), apart);
  if (due !== null) return { due, stopped: false };
  const over = apart.filter(({ to }) => to !== Infinity);
  return { due: reachIn(start, amountMs, spans(), over) ?? start, stopped: true };
}

/** Null when an open pause comes first. */
function reachIn(start: number, amountMs: number, spans: Iterable<Span>, pauses: readonly Span[]): number | null {
  if (amountMs <= 0) return start;
  const last = pauses.at(-1);
  const endsAt = last?.to === Infinity ? last.from : Infinity;
  let left = amountMs;
  for (const span of spans) {
    if (span.from >= endsAt) break;
    for (const { from, to } of outside(span, pauses)) {
      if (to - from >= left) return from + left;
      left -= to - from;
    }
  }
  return null;
}

/** What is left of a span beside the pauses, which lie in order and apart. */
function outside(span: Span, pauses: readonly Span[]): Span[] {
  const parts: Span[] = [];
  let from = span.from;
  for (const pause of pauses) {
    if (pause.to <= from || pause.from >= span.to) continue;
    if (pause.from > from) parts.push({ from, to: pause.from });
    from = pause.to;
  }
  if (from < span.to) parts.push({ from, to: span.to });
  return parts;
}

/** The spans in order, those that overlap or touch made one. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { from, to } of spans.filter((one) => one.to > one.from).toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

function detailOf(from: number, due: number, calendar: WorkingCalendar): WorkingDetail {
  const skipped: WorkingDetail['skipped'] = [];
  const madeUp: string[] = [];
  const withoutCalendar = new Set<number>();
  const calendars = new Set<string>();
  let last: WorkingDetail['skipped'][number] | null = null;
  for (const start of daysFrom(from)) {
    if (start > due) break;
    const year = new Date(start).getFullYear();
    const { date, works, why, holiday, covered } = dayAt(start, calendar);
    if (covered) calendars.add(calendar.years.get(year)?.source ?? '');
    else withoutCalendar.add(year);
    if (why === 'made_up') madeUp.push(date);
    if (works) {
      last = null;
      continue;
    }
    const { zh, en } = holiday ?? { zh: '周末', en: 'weekend' };
    if (last !== null && last.en === en && last.zh === zh) {
      last.to = date;
      last.days += 1;
    } else {
      last = { from: date, to: date, days: 1, zh, en };
      skipped.push(last);
    }
  }
  return {
    hours: calendar.hours.map(dayPartText),
    dayMs: dayLengthMs(calendar),
    skipped,
    madeUp,
    withoutCalendar: [...withoutCalendar],
    calendars: [...calendars],
  };
}
