/** Days, months and years of the utility's calendar. The process runs in its time zone, so the local getters are the utility's. */

const pad = (value: number): string => String(value).padStart(2, '0');

export const yearOf = (epochMs: number): number => new Date(epochMs).getFullYear();

export const startOfYear = (year: number): number => new Date(year, 0, 1).getTime();

/** `2026-07-15` */
export function dateOf(epochMs: number): string {
  const date = new Date(epochMs);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** A day (`2026-07-15`) from its first instant to that of the next. */
export function spanOfDate(date: string): { from: number; to: number } {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return { from: new Date(year, month - 1, day).getTime(), to: new Date(year, month - 1, day + 1).getTime() };
}

/** The zone that days are told by. */
export const utilityZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The beginnings of all days from the one that holds `from` up to `to`, `to` excluded. */
export function daysBetween(from: number, to: number): number[] {
  const first = new Date(from);
  const starts: number[] = [];
  for (let day = 0; ; day += 1) {
    const start = new Date(first.getFullYear(), first.getMonth(), first.getDate() + day).getTime();
    if (start >= to) return starts;
    starts.push(start);
  }
}

/** The calendar months that a period touches, cut to it; the key is `2026-07`. */
export function monthsWithin({ from, to }: { from: number; to: number }): { key: string; from: number; to: number }[] {
  const first = new Date(from);
  const months: { key: string; from: number; to: number }[] = [];
  for (let month = 0; ; month += 1) {
    const start = new Date(first.getFullYear(), first.getMonth() + month);
    if (start.getTime() >= to) return months;
    const end = new Date(start.getFullYear(), start.getMonth() + 1).getTime();
    const key = `${start.getFullYear()}-${pad(start.getMonth() + 1)}`;
    months.push({ key, from: Math.max(from, start.getTime()), to: Math.min(to, end) });
  }
}
