/**
 * Reliability indices (IEEE 1366-2012 clause 3; DL/T 836.1-2016 names the same ones). Pure; instants are epoch milliseconds.
 *
 * Everything is counted by customer. A customer belongs to the row of the transformer it hangs on at the end of the report, with all it
 * lived through, also on transformers it hung on before; so every index is one of the customers served. An interruption counts (SAIFI,
 * MAIFI, CEMI, CELID) in the period in which it began; its minutes (SAIDI) in the periods in which they passed.
 */
import { HOUR_MS, MINUTE_MS } from './instants.js';
import type { OutageNature } from './journal-entry.js';

/** One loss of supply of one transformer; an outage has one per transformer and step, so restoration in steps counts by step. */
export interface Interruption {
  outageId: number;
  nature: OutageNature;
  startedAt: number;
  /** null = not over as far as is known. */
  endedAt: number | null;
}

/** A stretch of time without any word on supply. */
export interface Stretch {
  startedAt: number;
  endedAt: number | null;
}

/** Customers with one and the same history: those of one transformer who never moved, or a single one who did. */
export interface CustomerGroup {
  customers: number;
  /** The row they are counted in. */
  row: string;
  stays: readonly { transformerId: number; from: number; to: number }[];
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

/** What one customer of a group lived through in a period. */
interface Experience {
  minutes: number;
  sustained: number;
  momentary: number;
  isLong: boolean;
  open: number;
}

/** Sums over customers. */
export interface Tally {
  customers: number;
  customerMinutes: number;
  sustained: number;
  momentary: number;
  customersOverCemi: number;
  customersLong: number;
  /** Interruptions of customers that are not known to be over: their minutes run to the end of the period or to now. */
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
  customers: 0,
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

/** What one customer of the group lived through: of each interruption the part in which it hung on that transformer. */
function experienceOf(
  group: CustomerGroup,
  byTransformer: ReadonlyMap<number, readonly Stretch[]>,
  period: Period,
  limits: ReliabilityLimits,
  now: number,
): Experience {
  const felt: Experience = { minutes: 0, sustained: 0, momentary: 0, isLong: false, open: 0 };
  for (const stay of group.stays) {
    const span = { from: Math.max(period.from, stay.from), to: Math.min(period.to, stay.to) };
    for (const interval of byTransformer.get(stay.transformerId) ?? []) addInterval(felt, interval, span, limits, now);
  }
  return felt;
}

function addInterval(felt: Experience, interval: Stretch, span: Period, limits: ReliabilityLimits, now: number): void {
  const { startedAt, endedAt } = interval;
  const began = startedAt >= span.from && startedAt < span.to;
  if (!isSustained(interval, limits, now)) {
    if (began) felt.momentary += 1;
    return;
  }
  const minutes = minutesWithin(interval, span, now);
  felt.minutes += minutes;
  if (minutes > 0 && endedAt === null) felt.open += 1;
  if (!began) return;
  felt.sustained += 1;
  if ((endedAt ?? now) - startedAt >= limits.longHours * HOUR_MS) felt.isLong = true;
}

/** Adds the customers of a group to a tally. */
export function addGroup(
  tally: Tally,
  group: CustomerGroup,
  byTransformer: ReadonlyMap<number, readonly Stretch[]>,
  period: Period,
  limits: ReliabilityLimits,
  now: number,
): void {
  const { customers } = group;
  tally.customers += customers;
  const felt = experienceOf(group, byTransformer, period, limits, now);
  tally.customerMinutes += customers * felt.minutes;
  tally.sustained += customers * felt.sustained;
  tally.momentary += customers * felt.momentary;
  tally.open += customers * felt.open;
  if (felt.sustained > limits.cemiMoreThan) tally.customersOverCemi += customers;
  if (felt.isLong) tally.customersLong += customers;
}

/** What one outage adds to the sums of a period. */
export interface Share {
  customerMinutes: number;
  customerInterruptions: number;
}

/** The parts of each outage in the sums of a period: they add up to its tally. */
export function sharesOf(
  groups: readonly CustomerGroup[],
  byTransformer: ReadonlyMap<number, readonly Interruption[]>,
  period: Period,
  limits: ReliabilityLimits,
  now: number,
): Map<number, Share> {
  const shares = new Map<number, Share>();
  for (const { customers, stays } of groups) {
    for (const stay of stays) {
      const span = { from: Math.max(period.from, stay.from), to: Math.min(period.to, stay.to) };
      for (const interruption of byTransformer.get(stay.transformerId) ?? []) {
        if (!isSustained(interruption, limits, now)) continue;
        const began = interruption.startedAt >= span.from && interruption.startedAt < span.to;
        const minutes = minutesWithin(interruption, span, now);
        if (!began && minutes === 0) continue;
        const share = shares.get(interruption.outageId) ?? { customerMinutes: 0, customerInterruptions: 0 };
        share.customerMinutes += customers * minutes;
        share.customerInterruptions += began ? customers : 0;
        shares.set(interruption.outageId, share);
      }
    }
  }
  return shares;
}

/** The indices of a tally over a period; null when no customer is served, or no time has passed. */
export function indicesOf(tally: Tally, { from, to }: Period): Indices | null {
  const served = tally.customers;
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

/** What is left of stretches without the parts that lie in any of `holes`. */
export function without(stretches: readonly Stretch[], holes: readonly Stretch[], now: number): Stretch[] {
  let left = stretches.map(({ startedAt, endedAt }) => ({ startedAt, endedAt: endedAt ?? now }));
  for (const hole of holes) {
    const end = hole.endedAt ?? now;
    left = left.flatMap((stretch) => {
      if (end <= stretch.startedAt || hole.startedAt >= stretch.endedAt) return [stretch];
      return [
        { startedAt: stretch.startedAt, endedAt: hole.startedAt },
        { startedAt: end, endedAt: stretch.endedAt },
      ].filter(({ startedAt, endedAt }) => endedAt > startedAt);
    });
  }
  return left;
}

/**
 * Supply if every minute in which nothing was known had been without it: stretches that touch an interruption lengthen it, and what
 * touches becomes one.
 */
export function joined(intervals: readonly Stretch[], now: number): Stretch[] {
  const result: { startedAt: number; endedAt: number }[] = [];
  const sorted = intervals
    .map(({ startedAt, endedAt }) => ({ startedAt, endedAt: endedAt ?? now }))
    .sort((a, b) => a.startedAt - b.startedAt);
  for (const interval of sorted) {
    const last = result.at(-1);
    if (last === undefined || interval.startedAt > last.endedAt) result.push(interval);
    else last.endedAt = Math.max(last.endedAt, interval.endedAt);
  }
  return result;
}
