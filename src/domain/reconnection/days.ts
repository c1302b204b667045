import { DAY_MS } from '../instants.js';

/** Days that a bill, a promise or a month can have; others are slips of the pen, and PostgreSQL has no year 0. */
export const isOfOurTime = (date: string): boolean => date >= '1990' && date < '2100';
export const NOT_OF_OUR_TIME = 'must be a day of the years 1990 to 2099';

/** A calendar day as a number, so that days can be counted. */
export const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** The day of an instant in the utility's zone (the process runs in it). */
export const dayOfInstant = (epochMs: number): number => {
  const date = new Date(epochMs);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
};

/** The first instant of a day in the utility's zone. */
export const startOfDate = (date: string): number => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day).getTime();
};

/** The day of a number: `2026-06-30`. */
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A day so many days after another. */
export const daysAfter = (date: string, count: number): string => dateOfDay(dayOfDate(date) + count);
