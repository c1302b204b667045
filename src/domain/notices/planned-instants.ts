import { DAY_MS, HOUR_MS } from '../instants.js';

/** When customers are told of a planned outage, and why then. */
export interface PlannedInstant {
  stage: 'lead' | 'day_before';
  at: number;
}

/** Hours of the day, local time, in which a notice that is not urgent may arrive: from `fromHour` until `toHour`. */
export interface Daytime {
  fromHour: number;
  toHour: number;
}

/**
 * The instants for a window: `leadDays` before its start (moved back into daytime, never forward: the lead is a minimum), and once
 * more on the day before. Registered too late for the lead: at once, in daytime if that is still before the start. Begun: none.
 */
export function plannedInstants(startsAt: number, leadDays: number, now: number, daytime: Daytime): PlannedInstant[] {
  if (startsAt <= now) return [];
  const wanted = intoDaytime(startsAt - leadDays * DAY_MS, daytime, 'back');
  const first = wanted >= now ? wanted : soonest(now, startsAt, daytime);
  const dayBefore = onTheDayBefore(startsAt, daytime);
  const instants: PlannedInstant[] = [{ stage: 'lead', at: first }];
  // Within a day of the first message the second would only repeat it.
  if (dayBefore - first >= DAY_MS / 2) instants.push({ stage: 'day_before', at: dayBefore });
  return instants;
}

function soonest(now: number, startsAt: number, daytime: Daytime): number {
  const polite = intoDaytime(now, daytime, 'forward');
  return polite < startsAt - HOUR_MS ? polite : now;
}

function onTheDayBefore(startsAt: number, { fromHour, toHour }: Daytime): number {
  const date = new Date(startsAt);
  date.setDate(date.getDate() - 1);
  if (date.getHours() < fromHour) date.setHours(fromHour, 0, 0, 0);
  else if (date.getHours() >= toHour) date.setHours(toHour - 1, 0, 0, 0);
  return date.getTime();
}

/** The nearest instant in daytime before or after; the instant itself when it lies in daytime. */
export function intoDaytime(instant: number, { fromHour, toHour }: Daytime, direction: 'back' | 'forward'): number {
  const date = new Date(instant);
  const hour = date.getHours();
  if (hour >= fromHour && hour < toHour) return instant;
  if (direction === 'forward') {
    if (hour >= toHour) date.setDate(date.getDate() + 1);
    date.setHours(fromHour, 0, 0, 0);
  } else {
    if (hour < fromHour) date.setDate(date.getDate() - 1);
    date.setHours(toHour - 1, 0, 0, 0);
  }
  return date.getTime();
}
