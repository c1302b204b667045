import { daysBetween, dateOf } from './calendar.js';
import { MINUTE_MS } from './instants.js';
import type { Policy } from './policy.js';

interface Span {
  startedAt: number;
  endedAt: number;
}

/** An episode of low voltage as far as it was measured: an open one ends with its last low reading. */
export interface LowSpan extends Span {
  episodeId: number;
  isOpen: boolean;
}

/** The year's hard times for low voltage (迎峰度夏, 迎峰度冬, 春节). */
export type Season = 'summer' | 'winter' | 'spring_festival' | 'other';

/** A local day on which voltage was low for long enough. */
export interface LowDay {
  date: string;
  minutes: number;
  season: Season;
}

export interface Chronic {
  /** Low days of the window, oldest first. */
  days: LowDay[];
  isChronic: boolean;
  /** So few low days that a warning is over. */
  isOver: boolean;
  /** The one season in which all low days of the last year lie; null = they lie in several, or outside any. */
  season: Exclude<Season, 'other'> | null;
  /** Low days of the last year by season: what `season` was taken from. */
  daysBySeason: Record<Season, number>;
  episodeIds: number[];
  /** When to look again without being asked; null = only a new episode can change it. */
  reviewAt: number | null;
}

/** The year that the seasonal mark is taken from. */
const YEAR_DAYS = 365;

/** Midnight from which the history of episodes is needed. */
export const chronicHorizon = (now: number): number => startOfDay(now, -YEAR_DAYS);

/**
 * Low voltage on n of the last m local days, the running one included.
 * @param spans episodes since `chronicHorizon`, all phases together
 * @param unsupplied times without supply or without news of it: an episode goes on over them, but nobody measured that it was low
 * @param from days are counted from here on: what a person has settled begins anew
 */
export function assessChronic(
  spans: readonly LowSpan[],
  unsupplied: readonly Span[],
  rule: Policy['chronicVoltage'],
  now: number,
  from = -Infinity,
): Chronic {
  const low = without(union(spans), union(unsupplied));
  const windowStart = Math.max(startOfDay(now, 1 - rule.ofDays), from);
  const days = lowDays(cut(low, windowStart), windowStart, now, rule.minutesPerDay);
  const daysBySeason: Record<Season, number> = { summer: 0, winter: 0, spring_festival: 0, other: 0 };
  for (const { season } of lowDays(low, chronicHorizon(now), now, rule.minutesPerDay)) daysBySeason[season] += 1;
  const isOver = days.length <= rule.clearDays;
  return {
    days,
    isChronic: days.length >= rule.days,
    isOver,
    season: onlySeason(daysBySeason),
    daysBySeason,
    episodeIds: spans.filter(({ endedAt }) => endedAt > windowStart).map(({ episodeId }) => episodeId),
    reviewAt: !isOver || spans.some(({ isOpen }) => isOpen) ? startOfDay(now, 1) : null,
  };
}

function lowDays(low: readonly Span[], from: number, now: number, minutesPerDay: number): LowDay[] {
  return daysBetween(from, now + 1).flatMap((start) => {
    const end = Math.min(now, startOfDay(start, 1));
    let lowMs = 0;
    for (const span of low) lowMs += Math.max(0, Math.min(span.endedAt, end) - Math.max(span.startedAt, start));
    if (lowMs === 0 || lowMs < minutesPerDay * MINUTE_MS) return [];
    return [{ date: dateOf(start), minutes: Math.floor(lowMs / MINUTE_MS), season: seasonOf(start) }];
  });
}

/** The Spring Festival lies in winter: days of both are winter's. */
function onlySeason({ summer, winter, spring_festival: festival, other }: Record<Season, number>): Chronic['season'] {
  if (other > 0 || (summer > 0 && winter + festival > 0)) return null;
  if (summer > 0) return 'summer';
  if (winter > 0) return 'winter';
  return festival > 0 ? 'spring_festival' : null;
}

/** Of the lunar calendar: people come home from the 20th of the twelfth month on and stay until the Lantern Festival. */
const LUNAR = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric' });
const SUMMER_MONTHS = [6, 7, 8, 9];
const WINTER_MONTHS = [12, 1, 2];

export function seasonOf(epochMs: number): Season {
  const parts = LUNAR.formatToParts(epochMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const [lunarMonth, lunarDay] = [part('month'), Number(part('day'))];
  if ((lunarMonth === '12' && lunarDay >= 20) || (lunarMonth === '1' && lunarDay <= 15)) return 'spring_festival';
  const month = new Date(epochMs).getMonth() + 1;
  if (SUMMER_MONTHS.includes(month)) return 'summer';
  return WINTER_MONTHS.includes(month) ? 'winter' : 'other';
}

function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { startedAt, endedAt } of spans.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const last = merged.at(-1);
    if (last !== undefined && startedAt <= last.endedAt) last.endedAt = Math.max(last.endedAt, endedAt);
    else merged.push({ startedAt, endedAt });
  }
  return merged;
}

/** Both in order and apart. */
function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const parts: Span[] = [];
    let { startedAt } = span;
    for (const hole of holes) {
      if (hole.endedAt <= startedAt || hole.startedAt >= span.endedAt) continue;
      if (hole.startedAt > startedAt) parts.push({ startedAt, endedAt: hole.startedAt });
      startedAt = hole.endedAt;
    }
    if (startedAt < span.endedAt) parts.push({ startedAt, endedAt: span.endedAt });
    return parts;
  });
}

const cut = (spans: readonly Span[], from: number): Span[] =>
  spans.map(({ startedAt, endedAt }) => ({ startedAt: Math.max(startedAt, from), endedAt }));

function startOfDay(epochMs: number, days: number): number {
  const date = new Date(epochMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
