import { dateOf } from './calendar.js';
import { indicesOf } from './reliability.js';
import type { Indices, Period, Tally } from './reliability.js';
import type { Views } from './reliability-views.js';

export interface Band {
  min: number;
  max: number;
}

/** One row of the report. Figures are null where no customer is served. */
export interface ReliabilityFigures {
  saidiMinutes: number | null;
  saifi: number | null;
  caidiMinutes: number | null;
  maifi: number | null;
  asai: number | null;
  cemi: number | null;
  celid8: number | null;
  majorEventDays: number;
  customersServed: number;
  customersUnwatched: number;
  openInterruptions: number;
  fault: { saidiMinutes: number | null; saifi: number | null };
  planned: { saidiMinutes: number | null; saifi: number | null };
  withoutMajorEventDays: { saidiMinutes: number | null; saifi: number | null; caidiMinutes: number | null };
  unknown: { minutes: number | null } & Record<'saidiMinutes' | 'saifi' | 'asai' | 'cemi' | 'celid8', Band | null>;
}

/** Sums over the customers of a row in a period, seen in each way. */
export interface Tallies extends Record<keyof Views, Tally> {
  customers: number;
  /** On transformers without a terminal. */
  unwatched: number;
}

/** @param majorDates every major event day that is known; those of the period are counted */
export function figuresOf(tallies: Tallies, period: Period, majorDates: readonly string[]): ReliabilityFigures {
  const view = (name: keyof Views): Indices | null => indicesOf(tallies[name], tallies.customers, period);
  const indices = view('all');
  const [fault, planned, ordinary] = [view('fault'), view('planned'), view('ordinary')];
  const [darkest, unknown] = [view('darkest'), view('unknown')];
  const band = (name: Exclude<keyof Indices, 'caidiMinutes'>): Band | null =>
    indices === null || darkest === null
      ? null
      : { min: Math.min(indices[name], darkest[name]), max: Math.max(indices[name], darkest[name]) };
  const [firstDate, lastDate] = [dateOf(period.from), dateOf(period.to - 1)];
  return {
    saidiMinutes: indices?.saidiMinutes ?? null,
    saifi: indices?.saifi ?? null,
    caidiMinutes: indices?.caidiMinutes ?? null,
    maifi: indices?.maifi ?? null,
    asai: indices?.asai ?? null,
    cemi: indices?.cemi ?? null,
    celid8: indices?.celid8 ?? null,
    majorEventDays: majorDates.filter((date) => date >= firstDate && date <= lastDate).length,
    customersServed: tallies.customers,
    customersUnwatched: tallies.unwatched,
    openInterruptions: tallies.all.open,
    fault: { saidiMinutes: fault?.saidiMinutes ?? null, saifi: fault?.saifi ?? null },
    planned: { saidiMinutes: planned?.saidiMinutes ?? null, saifi: planned?.saifi ?? null },
    withoutMajorEventDays: {
      saidiMinutes: ordinary?.saidiMinutes ?? null,
      saifi: ordinary?.saifi ?? null,
      caidiMinutes: ordinary?.caidiMinutes ?? null,
    },
    unknown: {
      minutes: unknown?.saidiMinutes ?? null,
      saidiMinutes: band('saidiMinutes'),
      saifi: band('saifi'),
      asai: band('asai'),
      cemi: band('cemi'),
      celid8: band('celid8'),
    },
  };
}
