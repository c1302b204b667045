import type { Band, ReliabilityRow } from '../data/reports.js';
import { fixed, percent } from './figures.js';
import { wallClock } from './instants.js';
import type { ReportTexts } from './report-texts.js';

/** One figure of a published report that is known otherwise now, as text; `difference` is empty for what cannot be subtracted. */
export interface FigureChange {
  key: string;
  label: string;
  published: string;
  known: string;
  difference: string;
}

interface Figure {
  key: string;
  label: (texts: ReportTexts, cemiMoreThan: number) => string;
  of: (row: ReliabilityRow) => number | Band;
  write: (value: number) => string;
}

const whole = (value: number): string => value.toFixed(0);
const minutes = (value: number): string => fixed(value, 2);
const times = (value: number): string => fixed(value, 3);
const available = (value: number): string => percent(value, 4);
const share = (value: number): string => percent(value);

const FIGURES: readonly Figure[] = [
  { key: 'customers', label: (t) => t.customers, of: (row) => row.customersServed, write: whole },
  { key: 'unwatched', label: (t) => t.unwatched, of: (row) => row.customersUnwatched, write: whole },
  { key: 'saidi', label: (t) => t.saidi, of: (row) => row.saidiMinutes, write: minutes },
  { key: 'saifi', label: (t) => t.saifi, of: (row) => row.saifi, write: times },
  { key: 'caidi', label: (t) => t.caidi, of: (row) => row.caidiMinutes, write: minutes },
  { key: 'maifi', label: (t) => t.maifi, of: (row) => row.maifi, write: times },
  { key: 'asai', label: (t) => t.asai, of: (row) => row.asai, write: available },
  { key: 'cemi', label: (t, n) => t.cemi(n), of: (row) => row.cemi, write: share },
  { key: 'celid', label: (t) => t.celid, of: (row) => row.celid8, write: share },
  { key: 'fault', label: (t) => `SAIDI ${t.fault}`, of: (row) => row.fault.saidiMinutes, write: minutes },
  { key: 'faultTimes', label: (t) => `SAIFI ${t.fault}`, of: (row) => row.fault.saifi, write: times },
  { key: 'planned', label: (t) => `SAIDI ${t.plannedPart}`, of: (row) => row.planned.saidiMinutes, write: minutes },
  { key: 'plannedTimes', label: (t) => `SAIFI ${t.plannedPart}`, of: (row) => row.planned.saifi, write: times },
  { key: 'medDays', label: (t) => t.med, of: (row) => row.majorEventDays, write: whole },
  { key: 'med', label: (t) => t.withoutMed, of: (row) => row.withoutMajorEventDays.saidiMinutes, write: minutes },
  { key: 'open', label: (t) => t.open, of: (row) => row.openInterruptions, write: whole },
  { key: 'unknown', label: (t) => t.unknownMinutes, of: (row) => row.unknown.minutes, write: minutes },
  { key: 'band', label: (t) => `SAIDI ${t.unknownPart}`, of: (row) => row.unknown.saidiMinutes, write: minutes },
];

/** The figures that differ as they are written. What differs less than the last place, or only in bands of other indices, is not among them. */
export function figureChanges(
  { published, known, cemiMoreThan }: { published: ReliabilityRow; known: ReliabilityRow; cemiMoreThan: number },
  texts: ReportTexts,
): FigureChange[] {
  return FIGURES.flatMap(({ key, label, of, write }) => {
    const [before, after] = [of(published), of(known)];
    const [was, is] = [textOf(before, write), textOf(after, write)];
    if (was === is) return [];
    const difference = typeof before === 'number' && typeof after === 'number' ? signed(after - before, write) : '';
    return [{ key, label: label(texts, cemiMoreThan), published: was, known: is, difference }];
  });
}

const textOf = (value: number | Band, write: (value: number) => string): string => {
  if (value === null) return '—';
  return typeof value === 'number' ? write(value) : `${write(value.min)} – ${write(value.max)}`;
};

/** `+1.25`, `−0.50` with a sign as wide as the plus, `0`. */
export const signed = (value: number, write: (value: number) => string): string =>
  value === 0 ? '0' : `${value < 0 ? '−' : '+'}${write(Math.abs(value))}`;

/** First and last day of whole days, both inside; of anything else the instants themselves. */
export function periodOf({ from, to }: { from: string; to: string }): [first: string, last: string] {
  const [begin, end] = [wallClock(from), wallClock(to)];
  const first = begin.time === '00:00:00' ? begin.date : `${begin.date} ${begin.time.slice(0, 5)}`;
  if (end.time !== '00:00:00') return [first, `${end.date} ${end.time.slice(0, 5)}`];
  return [first, new Date(Date.parse(`${end.date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)];
}
