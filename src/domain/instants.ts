/** Instants at the edges: RFC 3339 text in the utility's time zone outside, epoch milliseconds inside. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/**
 * RFC 3339 with the offset of the utility's zone, for example `2026-11-21T19:18:17.250+08:00`. Fractions only when there are any.
 * The process runs in UTILITY_TIME_ZONE (main.ts sets TZ before anything reads a date), so the local getters are the utility's.
 */
export function formatInstant(epochMs: number): string {
  const date = new Date(epochMs);
  const offsetMinutes = -date.getTimezoneOffset();
  const sign = offsetMinutes < 0 ? '-' : '+';
  const absolute = Math.abs(offsetMinutes);
  const milliseconds = date.getMilliseconds();
  return (
    `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}` +
    `T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}` +
    (milliseconds === 0 ? '' : `.${pad(milliseconds, 3)}`) +
    `${sign}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`
  );
}

const NAMES_OF_INSTANTS = /(?:^at|At|Since)$/;

/** Of free-form evidence: numbers named `at`, `..At` or `..Since` are epoch milliseconds inside and text outside, however deep they stand. */
export function formatInstants(value: unknown, name = '', names = NAMES_OF_INSTANTS): unknown {
  if (typeof value === 'number' && names.test(name)) return formatInstant(value);
  if (Array.isArray(value)) return value.map((part) => formatInstants(part, name, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, formatInstants(part, key, names)]));
}

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads RFC 3339 text (a space instead of T, missing seconds or a missing time are tolerated) into epoch milliseconds.
 * Text without a zone is read in the utility's zone. Returns null for anything else, also for 31 February.
 */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  // JavaScript reads the years 0 to 99 as 1900 to 1999; nothing here is older than 1902.
  if (fields[0] < 1902 || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return null;
  const utc = new Date(Date.UTC(...fields, milliseconds));
  if (utc.getUTCMonth() !== fields[1] || utc.getUTCDate() !== fields[2]) return null;
  if (zone === undefined) return new Date(...fields, milliseconds).getTime();
  if (zone.toUpperCase() === 'Z') return utc.getTime();
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return utc.getTime() - (zone.startsWith('-') ? -offsetMinutes : offsetMinutes) * MINUTE_MS;
}
