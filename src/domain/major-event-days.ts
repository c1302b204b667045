/** Major event days (IEEE 1366-2012 §3.5 and Annex B; DL/T 836.1-2016 重大事件日 has the same form). Pure. */
import type { Policy } from './policy.js';

export interface MajorEventRule {
  /** Calendar years before a year that its threshold rests on; fewer where there are none. */
  years: number;
  /** Standard deviations above the mean. With 2.5 there are about 2.3 such days a year where the logarithms are normal. */
  betas: number;
}

export interface MajorEventThreshold {
  alpha: number;
  beta: number;
  tMedMinutes: number;
  /** Days with a SAIDI above zero that it rests on. */
  days: number;
}

/**
 * The threshold from daily SAIDI values, in minutes. Days without an interruption are left out, as the standard says; beta is the sample
 * standard deviation (n - 1).
 * @returns null for fewer than two such days
 */
export function majorEventThreshold(dailySaidiMinutes: readonly number[], betas: number): MajorEventThreshold | null {
  const logs = dailySaidiMinutes.filter((minutes) => minutes > 0).map(Math.log);
  if (logs.length < 2) return null;
  const alpha = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const beta = Math.sqrt(logs.reduce((sum, log) => sum + (log - alpha) ** 2, 0) / (logs.length - 1));
  return { alpha, beta, tMedMinutes: Math.exp(alpha + betas * beta), days: logs.length };
}

export interface DailySaidi {
  year: number;
  /** Of the utility's calendar: `2026-07-15`. */
  date: string;
  saidiMinutes: number;
}

export interface MajorEventDay {
  date: string;
  saidiMinutes: number;
  tMedMinutes: number;
}

/** Thresholds by year, and the days above. */
export function majorEventDays(
  days: readonly DailySaidi[],
  reported: readonly number[],
  { years, betas }: MajorEventRule,
): { thresholds: Map<number, MajorEventThreshold>; days: MajorEventDay[] } {
  const thresholds = new Map<number, MajorEventThreshold>();
  for (const year of reported) {
    const before = days.filter((day) => day.year < year && day.year >= year - years);
    const threshold = majorEventThreshold(
      before.map(({ saidiMinutes }) => saidiMinutes),
      betas,
    );
    if (threshold !== null) thresholds.set(year, threshold);
  }
  const major = days.flatMap(({ year, date, saidiMinutes }) => {
    const tMedMinutes = thresholds.get(year)?.tMedMinutes;
    return tMedMinutes !== undefined && saidiMinutes > tMedMinutes ? [{ date, saidiMinutes, tMedMinutes }] : [];
  });
  return { thresholds, days: major };
}

/** How the policy has it. */
export const majorEventRule = ({ reliability }: Pick<Policy, 'reliability'>): MajorEventRule => ({
  years: reliability.majorEventYears,
  betas: reliability.majorEventBetas,
});
