/** The way of one outage as a picture: how many customers were out at each instant, and from when to when each transformer was. */
export interface Restoration {
  /** Epoch milliseconds of the left and the right edge. */
  from: number;
  to: number;
  /** Where the picture begins: later than `from` when all returns lie in the last part of a long outage, where their steps could not be told apart. */
  shownFrom: number;
  /** From `at` on, `customers` were without supply; rises while the outage spreads, falls with each restoration. */
  course: { at: number; customers: number }[];
  /** One per transformer and loss, in the order in which they came back; `to` is null while it is out. */
  bars: { code: string; from: number; to: number | null; customers: number }[];
  /** How many times some came back; restorations within a minute count as one. */
  restorations: number;
  most: number;
  out: number;
}

interface TransformerLike {
  code: string;
  startedAt: string;
  endedAt: string | null;
  customers: number;
}

const ONE_STEP_MS = 60_000;
/** Returns that fill less of the picture than this get it to themselves. */
const CROWDED = 1 / 6;

export function restorationOf(transformers: readonly TransformerLike[], now: number): Restoration | null {
  if (transformers.length === 0) return null;
  const bars = transformers
    .map(({ code, startedAt, endedAt, customers }) => ({
      code,
      from: Date.parse(startedAt),
      to: endedAt === null ? null : Date.parse(endedAt),
      customers,
    }))
    .sort((a, b) => (a.to ?? Infinity) - (b.to ?? Infinity) || a.from - b.from || a.code.localeCompare(b.code));
  const changes = bars
    .flatMap((bar) => [
      { at: bar.from, by: bar.customers },
      ...(bar.to === null ? [] : [{ at: bar.to, by: -bar.customers }]),
    ])
    .sort((a, b) => a.at - b.at);
  const course: Restoration['course'] = [];
  let customers = 0;
  for (const { at, by } of changes) {
    customers += by;
    if (course.at(-1)?.at === at) course.pop();
    course.push({ at, customers });
  }
  const ends = bars.flatMap((bar) => (bar.to === null ? [] : [bar.to]));
  const isOpen = ends.length < bars.length;
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(isOpen ? now : 0, ...ends, from + ONE_STEP_MS);
  return {
    from,
    to,
    shownFrom: shownFromOf(from, to, bars),
    course,
    bars,
    restorations: countSteps(ends),
    most: Math.max(...course.map((point) => point.customers)),
    out: customers,
  };
}

/** A step is all that came back within a minute of its first. */
function countSteps(ends: readonly number[]): number {
  let steps = 0;
  let first = -Infinity;
  for (const end of ends) {
    if (end - first <= ONE_STEP_MS) continue;
    steps += 1;
    first = end;
  }
  return steps;
}

function shownFromOf(from: number, to: number, bars: Restoration['bars']): number {
  const firstReturn = Math.min(...bars.map((bar) => bar.to ?? Infinity));
  const lastLoss = Math.max(...bars.map((bar) => bar.from));
  const stretch = Math.max(to - firstReturn, 5 * ONE_STEP_MS);
  const begin = firstReturn - stretch / 2;
  return Number.isFinite(begin) && to - firstReturn < (to - from) * CROWDED && lastLoss < begin ? begin : from;
}

const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 7200];

/** Round instants of the utility's wall clock between two instants, at most `most` of them. */
export function axisTicks(from: number, to: number, most: number, offsetMinutes: number): number[] {
  const stepMs = 60_000 * (STEPS_MINUTES.find((step) => (to - from) / (step * 60_000) <= most) ?? 14_400);
  const offsetMs = offsetMinutes * 60_000;
  const first = Math.ceil((from + offsetMs) / stepMs) * stepMs - offsetMs;
  const ticks: number[] = [];
  for (let at = first; at <= to && ticks.length < most; at += stepMs) ticks.push(at);
  return ticks;
}
