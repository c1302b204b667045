import type { Policy } from '../policy.js';
import { dateOfDay, dayOfDate, dayOfInstant } from './days.js';

/**
 * The last day on which a payment surely comes before a cut: until then the debt is too young, or a notice that is served today is.
 * @param dueOn the day on which the oldest unpaid bill fell due
 */
export function payByOf(
  dueOn: string,
  { overdueDays, noticeMinDays }: Pick<Policy['disconnection'], 'overdueDays' | 'noticeMinDays'>,
  now: number,
): string {
  const today = dayOfInstant(now);
  return dateOfDay(Math.max(dayOfDate(dueOn) + overdueDays, today + Math.ceil(noticeMinDays) - 1, today));
}
