/** The crew's way to a fault, in its order. The first and the last call of the five (report, call back) belong to each caller. */
export const LEGS = ['dispatched', 'arrived', 'repaired'] as const;
export type Leg = (typeof LEGS)[number];

export const LEG_NAMES: Readonly<Record<Leg, { zh: string; en: string }>> = {
  dispatched: { zh: '派单', en: 'dispatch' },
  arrived: { zh: '到达现场', en: 'arrival' },
  repaired: { zh: '修复', en: 'repair' },
};

/** One booking of a leg by a person; a later booking of the same leg corrects the earlier one. Epoch milliseconds. */
export interface LegBooking {
  /** In the order of booking. */
  id: number;
  leg: Leg;
  at: number;
  by: string;
}

export type LegTimes = Readonly<Record<Leg, number | null>>;
export const NO_LEGS: LegTimes = { dispatched: null, arrived: null, repaired: null };

/** What stands of all bookings: the newest of each leg, in whatever order the legs were booked. */
export function currentLegs(bookings: readonly LegBooking[]): LegTimes {
  const legs: Record<Leg, number | null> = { ...NO_LEGS };
  for (const { leg, at } of bookings.toSorted((a, b) => a.id - b.id)) legs[leg] = at;
  return legs;
}

/** Why a leg cannot have been at that instant. `other` is what it contradicts. */
export type LegRefusal =
  | { reason: 'in_the_future'; other: null }
  | { reason: 'before_report'; other: number }
  | { reason: 'before_earlier_leg' | 'after_later_leg'; leg: Leg; other: number };

const MINUTE_MS = 60_000;
/** Crews say whole minutes, systems write milliseconds: within the same minute nothing is before anything. */
const minuteOf = (epochMs: number): number => Math.floor(epochMs / MINUTE_MS);

/**
 * Legs may be booked late and in any order; what cannot be is refused: the future, a leg before the report or before an earlier leg,
 * or after a later one that is on record.
 * @param reportedAt the first report of the job
 */
export function refuseLeg(
  given: { leg: Leg; at: number },
  legs: LegTimes,
  reportedAt: number,
  now: number,
  toleranceMs: number,
): LegRefusal | null {
  if (given.at > now + toleranceMs) return { reason: 'in_the_future', other: null };
  if (minuteOf(given.at) < minuteOf(reportedAt)) return { reason: 'before_report', other: reportedAt };
  const place = LEGS.indexOf(given.leg);
  for (const [index, leg] of LEGS.entries()) {
    const other = legs[leg];
    if (other === null || index === place) continue;
    if (index < place && minuteOf(given.at) < minuteOf(other)) return { reason: 'before_earlier_leg', leg, other };
    if (index > place && minuteOf(given.at) > minuteOf(other)) return { reason: 'after_later_leg', leg, other };
  }
  return null;
}
