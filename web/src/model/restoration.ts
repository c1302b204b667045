/** The way of one outage as a picture: how many customers were out at each instant, and from when to when each transformer was. */
export interface Restoration {
  /** Epoch milliseconds of the left and the right edge. */
  from: number;
  to: number;
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
  return {
    from,
    to: Math.max(isOpen ? now : 0, ...ends, from + ONE_STEP_MS),
    course,
    bars,
    restorations: ends.filter((end, index) => end - (ends[index - 1] ?? -Infinity) > ONE_STEP_MS).length,
    most: Math.max(...course.map((point) => point.customers)),
    out: customers,
  };
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
