/**
 * The API writes instants in the utility's zone, so their own text is the wall clock that people in the control room mean,
 * whatever zone this browser runs in.
 */
export interface WallClock {
  date: string;
  time: string;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/;

export function wallClock(instant: string): WallClock {
  const match = INSTANT.exec(instant);
  return { date: match?.[1] ?? instant, time: match?.[2] ?? '' };
}

/** `HH:mm` on the day of `today` (an instant of the API, or null when unknown), else `MM-DD HH:mm`. */
export function shortInstant(instant: string | null, today: string | null): string {
  if (instant === null) return '—';
  const { date, time } = wallClock(instant);
  const minutes = time.slice(0, 5);
  return today !== null && wallClock(today).date === date ? minutes : `${date.slice(5)} ${minutes}`;
}

/** The utility's offset from UTC in minutes, as an instant of the API shows it. */
export function offsetMinutesOf(instant: string): number {
  const match = /([+-])(\d{2}):(\d{2})$/.exec(instant);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** An epoch instant as the API would write it, without fractions. */
export function atOffset(epochMs: number, offsetMinutes: number): string {
  const local = new Date(epochMs + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const absolute = Math.abs(offsetMinutes);
  const hours = String(Math.floor(absolute / 60)).padStart(2, '0');
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(absolute % 60).padStart(2, '0')}`;
}

/** A sentence of the service with its instants as people write them: `2026-11-22 10:35:04`. */
export const readableInstants = (text: string): string =>
  text.replaceAll(/(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g, '$1 $2');
