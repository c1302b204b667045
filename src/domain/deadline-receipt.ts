import { formatInstants } from './instants.js';
import { isWorking } from './limit.js';
import type { Limit } from './limit.js';
import { dueAfter, elapsed } from './working-time.js';
import type { WorkingDetail } from './working-time.js';
import type { WorkingCalendar } from './working-calendar.js';

/** A stretch of time that does not count against a limit. Epoch milliseconds; `to` null = it runs still. */
export interface Pause {
  from: number;
  to: number | null;
  why: string;
  /** What proves it: the number of a document, a photograph, a recording. */
  evidence?: string;
}

/** How a due instant came about. Instants are epoch milliseconds. */
export interface Receipt {
  /** What the clock starts with, for people: `beginning of the outage`. */
  startMeaning: string;
  /** The same in Chinese; the fixed phrases of this service have theirs in receipt-words.ts. */
  startMeaningZh?: string;
  start: number;
  /** The whole limit; of a limit in working time, so much working time. */
  limitMs: number;
  /** The limit as its rule writes it, where that is more than a number of milliseconds. */
  limit?: Limit;
  /** The part of the limit after which this stage comes; 1 = the limit itself. */
  share: number;
  profile: string;
  /** Where the limit is written. */
  source: string;
  pauses: Pause[];
  /** Days and hours that the arithmetic met; only of a limit in working time. */
  working?: WorkingDetail;
  due: number;
}

interface Given {
  startMeaning: string;
  startMeaningZh?: string;
  start: number;
  share?: number;
  profile: string;
  source: string;
  pauses?: Pause[];
}

/** A limit in elapsed milliseconds, or as a rule writes it; one in working time needs the calendar. */
type GivenLimit =
  | { limitMs: number; limit?: undefined; calendar?: undefined }
  | { limit: Limit; calendar?: WorkingCalendar; limitMs?: undefined };

/** Works out a due instant: the share of the limit after the start, where the pauses do not count. */
export function receiptOf(given: Given & GivenLimit): Receipt {
  const { limit, limitMs, calendar, share = 1, pauses = [], ...rest } = given;
  const spans = pauses.map(({ from, to }) => ({ from, to: to ?? Infinity }));
  if (limit === undefined) {
    return { ...rest, limitMs, share, pauses, due: elapsed(rest.start, limitMs * share, spans).due };
  }
  const found = dueAfter(rest.start, limit, calendar ?? null, { share, pauses: spans });
  const working = found.working === null ? {} : { working: found.working };
  return { ...rest, limitMs: found.limitMs, limit, share, pauses, ...working, due: found.due };
}

/**
 * The same promise with other pauses, or after the calendar changed. `stopped`: a pause that began before the due instant runs still;
 * the stage cannot come due until it ends.
 */
export function recount(
  receipt: Receipt,
  pauses: readonly Pause[],
  calendar: WorkingCalendar | null,
): { receipt: Receipt; stopped: boolean } {
  const { limit, limitMs, share, start } = receipt;
  const spans = pauses.map(({ from, to }) => ({ from, to: to ?? Infinity }));
  const found =
    limit === undefined
      ? { ...elapsed(start, limitMs * share, spans), working: null }
      : dueAfter(start, limit, calendar, { share, pauses: spans });
  const working = found.working === null ? {} : { working: found.working };
  return { receipt: { ...receipt, pauses: [...pauses], ...working, due: found.due }, stopped: found.stopped };
}

/** A stored receipt whose arithmetic can be done again; null when it lacks start, limit or share. */
export function readReceipt(stored: Readonly<Record<string, unknown>>): Receipt | null {
  const { start, limitMs, share } = stored;
  if (typeof start !== 'number' || typeof limitMs !== 'number' || typeof share !== 'number') return null;
  return stored as unknown as Receipt;
}

/** A stored receipt as it leaves the service: its instants as text. */
export const formatReceipt = (stored: Readonly<Record<string, unknown>>): unknown =>
  formatInstants(stored, '', /^(?:start|due|from|to)$|At$/);

export const needsCalendar = (receipt: Receipt): boolean => receipt.limit !== undefined && isWorking(receipt.limit);
