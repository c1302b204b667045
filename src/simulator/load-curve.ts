import type { LoadKind } from './city.js';

/** Share of the daily peak at each full hour, local time. Shapes, not anybody's measurements. */
// prettier-ignore
const HOURLY: Record<LoadKind, readonly number[]> = {
  residential: [0.42, 0.36, 0.33, 0.31, 0.31, 0.34, 0.45, 0.55, 0.52, 0.47, 0.46, 0.53, 0.6, 0.53, 0.48, 0.47, 0.52, 0.66, 0.85, 1, 0.98, 0.9, 0.74, 0.55],
  commercial: [0.28, 0.26, 0.25, 0.25, 0.25, 0.27, 0.33, 0.45, 0.66, 0.84, 0.93, 0.96, 0.95, 0.94, 0.95, 0.94, 0.92, 0.95, 1, 0.99, 0.92, 0.75, 0.5, 0.34],
  industrial: [0.45, 0.44, 0.44, 0.44, 0.45, 0.48, 0.58, 0.78, 0.95, 1, 0.99, 0.9, 0.72, 0.88, 0.98, 0.99, 0.95, 0.8, 0.66, 0.6, 0.56, 0.52, 0.49, 0.46],
  village: [0.3, 0.27, 0.25, 0.25, 0.27, 0.36, 0.5, 0.52, 0.45, 0.4, 0.42, 0.55, 0.62, 0.5, 0.42, 0.42, 0.5, 0.7, 0.93, 1, 0.94, 0.75, 0.52, 0.37],
};

const MINUTES_PER_DAY = 1440;

/** Minute of the local day, with its fraction. */
export const localMinute = (t: number, utcOffsetMinutes: number): number =>
  (((t / 60_000 + utcOffsetMinutes) % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;

/** Share of the daily peak, straight lines between the full hours. */
export function loadShare(kind: LoadKind, minuteOfDay: number): number {
  const hour = Math.floor(minuteOfDay / 60) % 24;
  const from = HOURLY[kind][hour] ?? 0;
  const to = HOURLY[kind][(hour + 1) % 24] ?? 0;
  return from + (to - from) * (minuteOfDay / 60 - Math.floor(minuteOfDay / 60));
}

/** Share of full sun: a half sine from 06:30 to 18:30. */
export function sunShare(minuteOfDay: number): number {
  const part = (minuteOfDay - 390) / 720;
  return part <= 0 || part >= 1 ? 0 : Math.sin(Math.PI * part);
}
