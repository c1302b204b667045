import { dateOf } from './calendar.js';
import { partition } from './partition.js';
import { addGroup, emptyTally, indicesOf, joined, without } from './reliability.js';
import type { CustomerGroup, Indices, Interruption, Period, ReliabilityLimits, Stretch } from './reliability.js';

export interface Band {
  min: number;
  max: number;
}

/** One row of the report. Figures are null where no customer is served. */
export interface ReliabilityFigures {
  saidiMinutes: number | null;
  saifi: number | null;
  caidiMinutes: number | null;
  maifi: number | null;
  asai: number | null;
  cemi: number | null;
  celid8: number | null;
  majorEventDays: number;
  customersServed: number;
  customersUnwatched: number;
  openInterruptions: number;
  fault: { saidiMinutes: number | null; saifi: number | null };
  planned: { saidiMinutes: number | null; saifi: number | null };
  withoutMajorEventDays: { saidiMinutes: number | null; saifi: number | null; caidiMinutes: number | null };
  unknown: { minutes: number | null } & Record<'saidiMinutes' | 'saifi' | 'asai' | 'cemi' | 'celid8', Band | null>;
}

type Events<Value extends Stretch> = ReadonlyMap<number, readonly Value[]>;

/** The same events seen in several ways, so that each row asks the same questions of each. */
export interface Views {
  all: Events<Interruption>;
  fault: Events<Interruption>;
  planned: Events<Interruption>;
  /** Without those that began on a major event day. */
  ordinary: Events<Interruption>;
  /** Nothing was known, and no interruption is known to have gone on. */
  unknown: Events<Stretch>;
  /** As if every unknown minute had been without supply. */
  darkest: Events<Stretch>;
}

/**
 * @param known every interruption; silence during one of them is no unknown time
 * @param counted the natures that the report counts
 */
export function viewsOf(
  known: Events<Interruption>,
  silence: Events<Stretch>,
  counted: (interruption: Interruption) => boolean,
  majorDates: ReadonlySet<string>,
  now: number,
): Views {
  const only = (keep: (interruption: Interruption) => boolean): Events<Interruption> =>
    new Map([...known].map(([transformerId, list]) => [transformerId, list.filter(keep)]));
  const all = only(counted);
  const unknown = new Map(
    [...silence].map(([transformerId, list]) => [transformerId, without(list, known.get(transformerId) ?? [], now)]),
  );
  const darkest = new Map<number, readonly Stretch[]>();
  for (const transformerId of new Set([...all.keys(), ...unknown.keys()])) {
    const dark = [...(all.get(transformerId) ?? []), ...(unknown.get(transformerId) ?? [])];
    darkest.set(transformerId, joined(dark, now));
  }
  return {
    all,
    fault: only((one) => counted(one) && one.nature === 'fault'),
    planned: only((one) => counted(one) && one.nature !== 'fault'),
    ordinary: only((one) => counted(one) && !majorDates.has(dateOf(one.startedAt))),
    unknown,
    darkest,
  };
}

/** The figures of some customers over one period. */
export function figuresOf(
  groups: readonly CustomerGroup[],
  views: Views,
  period: Period,
  limits: ReliabilityLimits,
  majorDates: readonly string[],
  now: number,
): ReliabilityFigures {
  const tallyOf = (events: Events<Stretch>, by: ReliabilityLimits = limits) => {
    const tally = emptyTally();
    for (const group of groups) addGroup(tally, group, events, period, by, now);
    return tally;
  };
  const measured = tallyOf(views.all);
  const indices = indicesOf(measured, period);
  const fault = indicesOf(tallyOf(views.fault), period);
  const planned = indicesOf(tallyOf(views.planned), period);
  const ordinary = indicesOf(tallyOf(views.ordinary), period);
  const darkest = indicesOf(tallyOf(views.darkest), period);
  const unknown = indicesOf(tallyOf(views.unknown, { ...limits, sustainedMinutes: 0 }), period);
  const band = (name: Exclude<keyof Indices, 'caidiMinutes'>): Band | null =>
    indices === null || darkest === null
      ? null
      : { min: Math.min(indices[name], darkest[name]), max: Math.max(indices[name], darkest[name]) };
  const [firstDate, lastDate] = [dateOf(period.from), dateOf(period.to - 1)];
  return {
    saidiMinutes: indices?.saidiMinutes ?? null,
    saifi: indices?.saifi ?? null,
    caidiMinutes: indices?.caidiMinutes ?? null,
    maifi: indices?.maifi ?? null,
    asai: indices?.asai ?? null,
    cemi: indices?.cemi ?? null,
    celid8: indices?.celid8 ?? null,
    majorEventDays: majorDates.filter((date) => date >= firstDate && date <= lastDate).length,
    customersServed: measured.customers,
    customersUnwatched: groups.reduce((sum, { isWatched, customers }) => sum + (isWatched ? 0 : customers), 0),
    openInterruptions: measured.open,
    fault: { saidiMinutes: fault?.saidiMinutes ?? null, saifi: fault?.saifi ?? null },
    planned: { saidiMinutes: planned?.saidiMinutes ?? null, saifi: planned?.saifi ?? null },
    withoutMajorEventDays: {
      saidiMinutes: ordinary?.saidiMinutes ?? null,
      saifi: ordinary?.saifi ?? null,
      caidiMinutes: ordinary?.caidiMinutes ?? null,
    },
    unknown: {
      minutes: unknown?.saidiMinutes ?? null,
      saidiMinutes: band('saidiMinutes'),
      saifi: band('saifi'),
      asai: band('asai'),
      cemi: band('cemi'),
      celid8: band('celid8'),
    },
  };
}

/** The groups of each row, rows in the order of their keys. */
export const rowsOf = (groups: readonly CustomerGroup[]): [string, CustomerGroup[]][] =>
  [...partition(groups, ({ row }) => row)].sort(([a], [b]) => (a < b ? -1 : 1));
