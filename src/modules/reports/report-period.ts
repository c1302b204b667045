import { startOfYear, yearOf } from '../../domain/calendar.js';
import type { Period } from '../../domain/reliability.js';
import { Fault } from '../../fault.js';

/**
 * The period of a report: to now, and from the beginning of that year, unless told otherwise; never into the future.
 * @throws Fault `invalid_input` when nothing is left of it
 */
export function reportPeriod(from: number | undefined, to: number | undefined, now: number): Period {
  const end = Math.min(to ?? now, now);
  const start = from ?? startOfYear(yearOf(end - 1));
  if (start < end) return { from: start, to: end };
  const message = 'must be before to, and in the past';
  throw new Fault('invalid_input', `query.from: ${message}`, { errors: [{ path: 'query.from', message }] });
}
