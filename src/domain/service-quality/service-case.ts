/**
 * What the service-quality report rests on: one attempt at a fault report that became a repair order; an order that went back to the unit is
 * one case for each crew that tried. Pure; instants are epoch milliseconds.
 */
import type { Policy } from '../policy.js';
import type { Setting } from '../repairs/repair-clocks.js';

export interface ServiceCase {
  orderId: number;
  /** Several calls about one fault are one job of one crew. */
  jobId: number;
  crew: string | null;
  unit: string | null;
  /** Who took the call. */
  agent: string;
  area: string;
  setting: Setting;
  extent: string;
  /** The report; of an order that went back, the call that said so. */
  startedAt: number;
  dispatchedAt: number | null;
  arrivedAt: number | null;
  restoredAt: number | null;
  calledBackAt: number | null;
  outcome: 'satisfied' | 'unsatisfied' | 'not_reached' | null;
  /** 2 = the attempt after the customer was not satisfied with the first. */
  round: number;
  /** The customer was not satisfied with this attempt, and the order went back. */
  wentBack: boolean;
  /** The same customer reported again within the policy's days after the restoration. */
  isReportedAgain: boolean;
}

export type LoadClass = 'calm' | 'busy' | 'storm';

/** How many other orders of the area were open when each was reported, as a class. O(n log n). */
export function loadClassesOf(
  cases: readonly Pick<ServiceCase, 'orderId' | 'area' | 'startedAt' | 'restoredAt'>[],
  { busyFrom, stormFrom }: Pick<Policy['serviceQuality'], 'busyFrom' | 'stormFrom'>,
): Map<number, LoadClass> {
  const classes = new Map<number, LoadClass>();
  const areas = new Map<string, { starts: number[]; ends: number[] }>();
  for (const { area, startedAt, restoredAt } of cases) {
    const times = areas.get(area) ?? { starts: [], ends: [] };
    times.starts.push(startedAt);
    if (restoredAt !== null) times.ends.push(restoredAt);
    areas.set(area, times);
  }
  for (const { starts, ends } of areas.values()) {
    starts.sort((a, b) => a - b);
    ends.sort((a, b) => a - b);
  }
  for (const { orderId, area, startedAt } of cases) {
    const { starts, ends } = areas.get(area) ?? { starts: [], ends: [] };
    const others = upTo(starts, startedAt) - 1 - upTo(ends, startedAt);
    classes.set(orderId, others >= stormFrom ? 'storm' : others >= busyFrom ? 'busy' : 'calm');
  }
  return classes;
}

/** How many of the sorted values are not greater. */
function upTo(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
