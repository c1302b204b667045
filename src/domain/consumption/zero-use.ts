import type { Policy } from '../policy.js';
import { monthBefore, usableDaysOf } from './month.js';
import type { Absence, AbsenceKind, MonthOfUse } from './month.js';

/** Why a month is in the count or not. A month that does not count neither adds to the run nor ends it; only use ends it. */
export type ZeroReason = 'zero' | 'used' | 'not_read' | AbsenceKind;

export interface ZeroLine {
  month: string;
  kwh: number | null;
  counts: boolean;
  reason: ZeroReason;
  /** Days of the month on which power could be used. */
  usableDays: number;
}

export interface ZeroUse {
  isHit: boolean;
  countedMonths: number;
  /** The earliest month that counts. */
  sinceMonth: string | null;
  /** Newest first, down to the last month with use; at most three times the policy's number of months. */
  lines: ZeroLine[];
}

/** How far back months are looked at, for a policy. */
export const zeroHorizonMonths = (policy: Policy['consumption']): number => policy.zeroMonths * 3;

/**
 * Months at zero up to `lastMonth` (电量为零超过六个月的客户应做销户处理), without those in which the customer could not use power for
 * most of the month, was known to be away, or nothing was read. An estimated zero is not a reading.
 */
export function assessZeroUse(
  months: readonly MonthOfUse[],
  absences: readonly Absence[],
  lastMonth: string,
  policy: Policy['consumption'],
): ZeroUse {
  const known = new Map(months.map((month) => [month.month, month]));
  const oldest = [...known.keys()].sort()[0] ?? lastMonth;
  const lines: ZeroLine[] = [];
  for (let back = 0; back < zeroHorizonMonths(policy); back += 1) {
    const month = monthBefore(lastMonth, back);
    if (month < oldest) break;
    const line = lineOf(month, known.get(month), absences, policy);
    lines.push(line);
    if (line.reason === 'used') break;
  }
  const counted = lines.filter(({ counts }) => counts);
  return {
    isHit: counted.length >= policy.zeroMonths,
    countedMonths: counted.length,
    sinceMonth: counted.at(-1)?.month ?? null,
    lines,
  };
}

function lineOf(
  month: string,
  use: MonthOfUse | undefined,
  absences: readonly Absence[],
  policy: Policy['consumption'],
): ZeroLine {
  const { usable, lost } = usableDaysOf(month, absences);
  const kwh = use?.kwh ?? null;
  const line = { month, kwh, usableDays: usable };
  if (kwh !== null && kwh > policy.zeroUpToKwh) return { ...line, counts: false, reason: 'used' };
  if (kwh === null || use?.reading !== 'actual') return { ...line, counts: false, reason: 'not_read' };
  if (usable >= policy.usableDays) return { ...line, counts: true, reason: 'zero' };
  const [[largest] = ['outage' as const]] = (Object.entries(lost) as [AbsenceKind, number][]).sort(
    (a, b) => b[1] - a[1],
  );
  return { ...line, counts: false, reason: largest };
}
