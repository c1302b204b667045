import { DAY_MS, HOUR_MS, MINUTE_MS } from './instants.js';
import type { OutageNature } from './journal-entry.js';
import type { FrequencyRule, Policy } from './policy.js';

/** Frequent outages (频繁停电) of one transformer. Pure; instants are epoch milliseconds, days are those of the utility's zone. */

export interface PastOutage {
  outageId: number;
  nature: OutageNature;
  startedAt: number;
  /** Null = it goes on; how long it will be is not known, so it does not count yet. */
  endedAt: number | null;
}

export type Exclusion = 'not_over' | 'shorter_than_minimum' | 'major_event_day' | 'nature_excluded' | 'merged';

export interface ExcludedOutage extends PastOutage {
  reason: Exclusion;
  /** Of `merged`: the counted outage that it is taken together with. */
  intoOutageId?: number;
}

export interface RuleResult {
  name: string;
  unit: FrequencyRule['unit'];
  length: number;
  plannedOnly: boolean;
  counted: number;
  limit: number;
  isMet: boolean;
}

export interface Frequency {
  level: 'frequent' | 'early' | null;
  /** Every rule, hit rules first. */
  rules: RuleResult[];
  /** Outages that some rule's window holds, oldest first. */
  counted: PastOutage[];
  excluded: ExcludedOutage[];
  /** When the level can fall without any news: the next instant at which a counted outage leaves a window; null = no level. */
  reviewAt: number | null;
}

/**
 * Counts the outages of one transformer up to `now`. Left out are those that go on, are too short, fall on a major event day or are
 * of an excluded nature; of the rest one that begins within `mergeHours` after the last kept begin is the same outage. The order of
 * `history` does not matter. O(n log n + n x rules).
 */
export function assessFrequency(
  history: readonly PastOutage[],
  { hit, early, ...limits }: Policy['frequentOutage'],
  now: number,
): Frequency {
  const past = history
    .filter(({ startedAt }) => startedAt <= now)
    .sort((a, b) => a.startedAt - b.startedAt || a.outageId - b.outageId);
  const { kept, excluded } = screen(past, limits);
  const hits = hit.map((rule) => applyRule(rule, kept, now));
  const earlies = early.map((rule) => applyRule(rule, kept, now));
  const level = hits.some(({ isMet }) => isMet) ? 'frequent' : earlies.some(({ isMet }) => isMet) ? 'early' : null;
  const leavings = ({ startedAt }: PastOutage): number[] =>
    [...hit, ...early].map((rule) => leavesAt(rule, startedAt)).filter((instant) => instant > now);
  const isInSome = (outage: PastOutage): boolean => leavings(outage).length > 0;
  return {
    level,
    rules: [...hits, ...earlies],
    counted: kept.filter(isInSome),
    excluded: excluded.filter(isInSome),
    reviewAt: level === null ? null : Math.min(...kept.flatMap(leavings)),
  };
}

/** What began before this can no longer matter; with room for the merging of what lies at the edge, and for the ends of months. */
export const frequencyHorizon = ({ hit, early, mergeHours }: Policy['frequentOutage'], now: number): number =>
  Math.min(...[...hit, ...early].map((rule) => windowFrom(rule, now))) - 4 * DAY_MS - mergeHours * HOUR_MS;

function screen(
  past: readonly PastOutage[],
  limits: Omit<Policy['frequentOutage'], 'hit' | 'early'>,
): { kept: PastOutage[]; excluded: ExcludedOutage[] } {
  const eventDays = new Set(limits.majorEventDays);
  const kept: PastOutage[] = [];
  const excluded: ExcludedOutage[] = [];
  for (const outage of past) {
    const reason = reasonAgainst(outage, limits, eventDays);
    const last = kept.at(-1);
    if (reason !== null) excluded.push({ ...outage, reason });
    else if (last !== undefined && outage.startedAt - last.startedAt < limits.mergeHours * HOUR_MS)
      excluded.push({ ...outage, reason: 'merged', intoOutageId: last.outageId });
    else kept.push(outage);
  }
  return { kept, excluded };
}

function reasonAgainst(
  { nature, startedAt, endedAt }: PastOutage,
  { excludedNatures, minimumMinutes }: Pick<Policy['frequentOutage'], 'excludedNatures' | 'minimumMinutes'>,
  eventDays: ReadonlySet<string>,
): Exclusion | null {
  if (endedAt === null) return 'not_over';
  if (excludedNatures.includes(nature)) return 'nature_excluded';
  if (eventDays.has(localDay(startedAt))) return 'major_event_day';
  return endedAt - startedAt < minimumMinutes * MINUTE_MS ? 'shorter_than_minimum' : null;
}

function applyRule(rule: FrequencyRule, kept: readonly PastOutage[], now: number): RuleResult {
  const counted = kept.filter(
    ({ nature, startedAt }) => leavesAt(rule, startedAt) > now && (!rule.plannedOnly || nature === 'planned'),
  ).length;
  const { name, unit, length, plannedOnly, count: limit } = rule;
  return { name, unit, length, plannedOnly, counted, limit, isMet: counted >= limit };
}

/** The instant at which an outage is no longer in the rule's window. */
function leavesAt({ unit, length }: FrequencyRule, startedAt: number): number {
  if (unit === 'day') return startedAt + length * DAY_MS;
  if (unit === 'month') return addMonths(startedAt, length);
  return new Date(new Date(startedAt).getFullYear() + length, 0, 1).getTime();
}

function windowFrom({ unit, length }: FrequencyRule, now: number): number {
  if (unit === 'day') return now - length * DAY_MS;
  if (unit === 'month') return addMonths(now, -length);
  return new Date(new Date(now).getFullYear() - length + 1, 0, 1).getTime() - 1;
}

/** The same day and time so many months on; the last day of the month where it has no such day. */
function addMonths(instant: number, months: number): number {
  const date = new Date(instant);
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + months);
  date.setDate(Math.min(day, new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate()));
  return date.getTime();
}

/** `2026-07-15` in the utility's zone, which the process runs in. */
function localDay(instant: number): string {
  const date = new Date(instant);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
