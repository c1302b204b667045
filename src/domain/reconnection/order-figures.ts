/**
 * Figures of the promise to restore after payment. Pure; instants are epoch milliseconds, durations milliseconds.
 * An order counts in the period in which the customer paid. A word without measurement keeps no promise and breaks none in time: it is
 * counted for itself.
 */
import type { OrderState } from './restoration.js';

/** One order as it is known now. */
export interface OrderFacts {
  /** The row it is counted in. */
  key: string;
  state: OrderState;
  paidAt: number;
  receivedAt: number;
  orderedAt: number;
  /** The first command sent or crew assigned. */
  dispatchedAt: number | null;
  switchAt: number | null;
  powerAt: number | null;
  /** Confirmed. */
  restoredAt: number | null;
  /** The word that stands. */
  claimedAt: number | null;
  onReversedPayment: boolean;
}

export const LEGS = ['booking', 'ordering', 'dispatch', 'work', 'power', 'total'] as const;
export type LegName = (typeof LEGS)[number];

export interface Spread {
  count: number;
  /** Null without any. */
  medianMs: number | null;
  p90Ms: number | null;
}

export interface OrderFigures {
  key: string;
  orders: number;
  met: number;
  breached: number;
  claimedOnly: number;
  open: number;
  cancelled: number;
  onReversedPayment: number;
  /** met of met and breached; null without any. */
  onTimeShare: number | null;
  /** The same with every word in time counted as kept. */
  onTimeShareWithClaims: number | null;
  legs: Record<LegName, Spread>;
}

const between = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from);

/** How long each leg took; null where one of its ends is not known. What became known later than it happened took no time. */
export const legsOf = (order: OrderFacts): Record<LegName, number | null> => ({
  booking: between(order.paidAt, order.receivedAt),
  ordering: between(order.receivedAt, order.orderedAt),
  dispatch: between(order.orderedAt, order.dispatchedAt),
  work: between(order.dispatchedAt, order.switchAt),
  power: between(order.switchAt, order.powerAt),
  total: between(order.paidAt, order.restoredAt),
});

/** The value below which a share of the sorted values lies, interpolated between neighbours. */
function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

function spreadOf(values: readonly (number | null)[]): Spread {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return { count: sorted.length, medianMs: percentile(sorted, 0.5), p90Ms: percentile(sorted, 0.9) };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The figures of some orders as one row. */
export function figuresOf(key: string, orders: readonly OrderFacts[]): OrderFigures {
  const count = (test: (order: OrderFacts) => boolean): number => orders.filter(test).length;
  const met = count(({ state }) => state === 'met');
  const breached = count(({ state }) => state === 'breached');
  const claimedOnly = count(({ state }) => state === 'claimed');
  const legs = orders.filter(({ state }) => state !== 'cancelled').map(legsOf);
  return {
    key,
    orders: orders.length,
    met,
    breached,
    claimedOnly,
    open: count(({ state }) => state === 'open'),
    cancelled: count(({ state }) => state === 'cancelled'),
    onReversedPayment: count((order) => order.onReversedPayment && order.state !== 'cancelled'),
    onTimeShare: share(met, met + breached),
    onTimeShareWithClaims: share(met + claimedOnly, met + breached + claimedOnly),
    legs: Object.fromEntries(LEGS.map((name) => [name, spreadOf(legs.map((leg) => leg[name]))])) as Record<
      LegName,
      Spread
    >,
  };
}
