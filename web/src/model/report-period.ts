/** Whole days of the utility's calendar, both ends inside. Dates are `YYYY-MM-DD`. */
export interface Days {
  first: string;
  last: string;
}

export type Preset = 'month' | 'lastMonth' | 'year';

const DAY_MS = 86_400_000;
const text = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
/** A date as midnight UTC: days are counted, no zone is meant. */
const day = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** `today` is the utility's date. */
export function presetDays(preset: Preset, today: string): Days {
  const monthBegin = day(`${today.slice(0, 7)}-01`);
  if (preset === 'year') return { first: `${today.slice(0, 4)}-01-01`, last: today };
  if (preset === 'month') return { first: text(monthBegin), last: today };
  const last = text(monthBegin - DAY_MS);
  return { first: `${last.slice(0, 7)}-01`, last };
}

/** From and to as the API takes them, without a zone; null while a date is missing or they are the wrong way round. */
export function boundsOf({ first, last }: Days): { from: string; to: string } | null {
  if (Number.isNaN(day(first)) || Number.isNaN(day(last)) || day(last) < day(first)) return null;
  return { from: `${first}T00:00`, to: `${text(day(last) + DAY_MS)}T00:00` };
}
