import { DAY_MS } from '../instants.js';
import type { Policy } from '../policy.js';
import { monthBefore, spanOf } from './month.js';
import type { MonthOfUse } from './month.js';

/** The homes on the same transformer in the judged month: how many were read, and their median kWh a day. */
export interface Neighbours {
  count: number;
  medianKwhPerDay: number;
}

export interface AbnormalUse {
  /** `unknown`: too little history, too few neighbours, or the month was not read. */
  verdict: 'abnormal' | 'usual' | 'unknown';
  /** Why nothing can be said. */
  missing: 'reading' | 'history' | 'neighbours' | null;
  /** The judged months: one, or with those before it that were not read, over which the reading is spread. */
  months: readonly string[];
  kwhPerDay: number | null;
  /** Median of the months before, or the same month a year before where that is more. */
  ownKwhPerDay: number | null;
  ownMonths: number;
  neighbours: Neighbours | null;
  ownRatio: number | null;
  neighbourRatio: number | null;
}

/**
 * Whether a home used far more in `lastMonth` than it usually does and than its neighbours did. Both must say so: a cold month lifts all
 * homes, and a large home always uses more. What an actual reading makes good after estimated or missing months is spread over them.
 */
export function assessAbnormalUse(
  months: readonly MonthOfUse[],
  neighbours: Neighbours | null,
  lastMonth: string,
  policy: Policy['consumption'],
): AbnormalUse {
  const known = new Map(months.map((month) => [month.month, month]));
  const spread = spreadOf(known, lastMonth);
  const before = readBefore(known, spread?.first ?? lastMonth);
  const yearAgo = known.get(monthBefore(lastMonth, 12));
  const own = Math.max(median(before) ?? 0, yearAgo?.reading === 'actual' ? perDay(yearAgo) : 0);
  const facts = {
    months: spread?.months ?? [lastMonth],
    kwhPerDay: spread?.kwhPerDay ?? null,
    ownKwhPerDay: before.length === 0 ? null : own,
    ownMonths: before.length,
    neighbours,
  };
  const unknown = (missing: AbnormalUse['missing']): AbnormalUse => ({
    ...facts,
    verdict: 'unknown',
    missing,
    ownRatio: null,
    neighbourRatio: null,
  });
  if (spread === null) return unknown('reading');
  if (before.length < policy.historyMonths) return unknown('history');
  if (neighbours === null || neighbours.count < policy.neighbours) return unknown('neighbours');
  const { from, to } = spanOf(lastMonth);
  const floor = policy.abnormalFromKwh / ((to - from) / DAY_MS);
  const { kwhPerDay } = spread;
  const isAbnormal =
    kwhPerDay > floor &&
    kwhPerDay > policy.ownFactor * own &&
    kwhPerDay > policy.neighbourFactor * neighbours.medianKwhPerDay;
  return {
    ...facts,
    verdict: isAbnormal ? 'abnormal' : 'usual',
    missing: null,
    ownRatio: ratio(kwhPerDay, own),
    neighbourRatio: ratio(kwhPerDay, neighbours.medianKwhPerDay),
  };
}

/** Months whose readings are the usual use that a month is compared with. */
const OWN_MONTHS = 12;

/** null = nothing to divide by. */
const ratio = (value: number, by: number): number | null => (by > 0 ? value / by : null);

function perDay({ month, kwh }: MonthOfUse): number {
  const { from, to } = spanOf(month);
  return (kwh ?? 0) / ((to - from) / DAY_MS);
}

/** The last reading, over all months since the reading before it; null when the last month was not read. */
function spreadOf(
  known: ReadonlyMap<string, MonthOfUse>,
  lastMonth: string,
): { first: string; months: string[]; kwhPerDay: number } | null {
  const last = known.get(lastMonth);
  if (last?.reading !== 'actual' || last.kwh === null) return null;
  const [oldest = lastMonth] = [...known.keys()].sort();
  const months = [lastMonth];
  let kwh = last.kwh;
  for (let month = monthBefore(lastMonth); month > oldest; month = monthBefore(month)) {
    const earlier = known.get(month);
    if (earlier?.reading === 'actual') break;
    kwh += earlier?.kwh ?? 0;
    months.push(month);
  }
  const first = months.at(-1) ?? lastMonth;
  const days = (spanOf(lastMonth).to - spanOf(first).from) / DAY_MS;
  return { first, months: months.reverse(), kwhPerDay: kwh / days };
}

/** kWh a day of the months that were read before `month`, of the last twelve. */
function readBefore(known: ReadonlyMap<string, MonthOfUse>, month: string): number[] {
  return Array.from({ length: OWN_MONTHS }, (_, index) => known.get(monthBefore(month, index + 1))).flatMap((use) =>
    use?.reading === 'actual' && use.kwh !== null ? [perDay(use)] : [],
  );
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
