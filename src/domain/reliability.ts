/**
 * Reliability indices (IEEE 1366-2012 clause 3; DL/T 836.1-2016 names the same ones). Pure; instants are epoch milliseconds.
 *
 * Everything is counted by customer. A customer belongs to the row of the transformer it hangs on at the end of the report, with all it
 * lived through, also on transformers it hung on before (customer-history.ts); so every index is one of the customers served. An
 * interruption counts (SAIFI, MAIFI, CEMI, CELID) in the period in which it began; its minutes (SAIDI) in the periods in which they passed.
 */
import { HOUR_MS, MINUTE_MS } from './instants.js';
import type { OutageNature } from './journal-entry.js';

/** A stretch of time without any word on supply, or without supply. */
export interface Stretch {
  startedAt: number;
  /** null = not over as far as is known. */
  endedAt: number | null;
}

/** One loss of supply of one transformer; an outage has one per transformer and step, so restoration in steps counts by step. */
export interface Interruption extends Stretch {
  outageId: number;
  nature: OutageNature;
}

/** Where customers hung, and when; half open. */
export interface Stay {
  transformerId: number;
  from: number;
  to: number;
}

/** Customers with one and the same history: those of one transformer who never moved, or those who moved together. */
export interface CustomerGroup {
  customers: number;
  /** The row they are counted in; null = in the total only. */
  row: string | null;
  stays: readonly Stay[];
  /** Some terminal can tell of the transformer they hang on. */
  isWatched: boolean;
}

/** Half open: `from` belongs to it, `to` does not. */
export interface Period {
  from: number;
  to: number;
}

export interface ReliabilityLimits {
  /** Longer than this is sustained, not longer is momentary. */
  sustainedMinutes: number;
  /** CEMI counts customers with more sustained interruptions than this. */
  cemiMoreThan: number;
  /** CELID counts customers with one interruption of at least this. */
  longHours: number;
}

/** What one customer lived through in a period. */
export interface Experience {
  minutes: number;
  sustained: number;
  momentary: number;
  isLong: boolean;
  /** Interruptions that are not known to be over: their minutes run to the end of the period or to now. */
  open: number;
}

/** Sums over customers. */
export interface Tally {
  customerMinutes: number;
  sustained: number;
  momentary: number;
  customersOverCemi: number;
  customersLong: number;
  open: number;
}

export interface Indices {
  saidiMinutes: number;
  saifi: number;
  /** null without a sustained interruption. */
  caidiMinutes: number | null;
  maifi: number;
  asai: number;
  cemi: number;
  celid8: number;
}

export const emptyTally = (): Tally => ({
  customerMinutes: 0,
  sustained: 0,
  momentary: 0,
  customersOverCemi: 0,
  customersLong: 0,
  open: 0,
});

/** Minutes of an interval inside a period; one that is not over runs to now. */
export function minutesWithin({ startedAt, endedAt }: Stretch, { from, to }: Period, now: number): number {
  return Math.max(0, Math.min(endedAt ?? now, to) - Math.max(startedAt, from)) / MINUTE_MS;
}

/** Longer than the limit in all, whatever part of it lies in the period. */
export const isSustained = ({ startedAt, endedAt }: Stretch, limits: ReliabilityLimits, now: number): boolean =>
  (endedAt ?? now) - startedAt > limits.sustainedMinutes * MINUTE_MS;

/** Some of it lies in the period, or it begins there. */
export const doesTouch = ({ startedAt, endedAt }: Stretch, { from, to }: Period, now: number): boolean =>
  startedAt < to && (endedAt ?? now) >= from;

/** What a customer with these interruptions lived through in a period. */
export function experienceOf(
  intervals: readonly Stretch[],
  period: Period,
  limits: ReliabilityLimits,
  now: number,
): Experience {
  const felt: Experience = { minutes: 0, sustained: 0, momentary: 0, isLong: false, open: 0 };
  for (const interval of intervals) {
    const { startedAt, endedAt } = interval;
    if (!doesTouch(interval, period, now)) continue;
    const began = startedAt >= period.from;
    if (!isSustained(interval, limits, now)) {
      if (began) felt.momentary += 1;
      continue;
    }
    const minutes = minutesWithin(interval, period, now);
    felt.minutes += minutes;
    if (minutes > 0 && endedAt === null) felt.open += 1;
    if (!began) continue;
    felt.sustained += 1;
    if ((endedAt ?? now) - startedAt >= limits.longHours * HOUR_MS) felt.isLong = true;
  }
  return felt;
}

/** Adds so many customers who lived through the same. */
export function addCustomers(tally: Tally, customers: number, felt: Experience, limits: ReliabilityLimits): void {
  tally.customerMinutes += customers * felt.minutes;
  tally.sustained += customers * felt.sustained;
  tally.momentary += customers * felt.momentary;
  tally.open += customers * felt.open;
  if (felt.sustained > limits.cemiMoreThan) tally.customersOverCemi += customers;
  if (felt.isLong) tally.customersLong += customers;
}

/** The indices of a tally over a period; null when no customer is served, or no time has passed. */
export function indicesOf(tally: Tally, served: number, { from, to }: Period): Indices | null {
  const minutes = (to - from) / MINUTE_MS;
  if (served === 0 || minutes <= 0) return null;
  return {
    saidiMinutes: tally.customerMinutes / served,
    saifi: tally.sustained / served,
    caidiMinutes: tally.sustained === 0 ? null : tally.customerMinutes / tally.sustained,
    maifi: tally.momentary / served,
    asai: 1 - tally.customerMinutes / (served * minutes),
    cemi: tally.customersOverCemi / served,
    celid8: tally.customersLong / served,
  };
}

/** Stretches as one line: what overlaps or touches becomes one; in the order of time. */
export function joined(stretches: readonly Stretch[], now: number): { startedAt: number; endedAt: number }[] {
  const result: { startedAt: number; endedAt: number }[] = [];
  const sorted = stretches
    .map(({ startedAt, endedAt }) => ({ startedAt, endedAt: endedAt ?? now }))
    .sort((a, b) => a.startedAt - b.startedAt);
  for (const stretch of sorted) {
    const last = result.at(-1);
    if (last === undefined || stretch.startedAt > last.endedAt) result.push(stretch);
    else last.endedAt = Math.max(last.endedAt, stretch.endedAt);
  }
  return result;
}

/** What is left of stretches without the parts that lie in any of `holes`. O(n log n). */
export function without(stretches: readonly Stretch[], holes: readonly Stretch[], now: number): Stretch[] {
  const left: Stretch[] = [];
  const gaps = joined(holes, now);
  let next = 0;
  for (const { startedAt, endedAt } of joined(stretches, now)) {
    while (next < gaps.length && (gaps[next]?.endedAt ?? 0) <= startedAt) next += 1;
    let since = startedAt;
    for (let index = next; since < endedAt; index += 1) {
      const gap = gaps[index];
      const until = Math.min(endedAt, gap?.startedAt ?? Infinity);
      if (until > since) left.push({ startedAt: since, endedAt: until });
      if (gap === undefined || gap.startedAt >= endedAt) break;
      since = gap.endedAt;
    }
  }
  return left;
}
