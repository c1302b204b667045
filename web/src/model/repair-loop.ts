/** The five-call loop (五个电话闭环) of one order as a row of legs, each with its clocks. */
interface DeadlineLike {
  id: number;
  kind: string;
  stage: string;
  dueAt: string;
  state: string;
}

export interface LoopClock {
  kind: string;
  /** Epoch milliseconds. */
  dueAt: number;
  state: 'running' | 'in-time' | 'late' | 'off';
}

/** The clock of one kind: its last stage is the limit itself, earlier ones warn. Null where none has begun. */
export function clockOf(deadlines: readonly DeadlineLike[], kind: string): LoopClock | null {
  const last = deadlines
    .filter((deadline) => deadline.kind === kind)
    .reduce<DeadlineLike | null>(
      (latest, one) => (latest === null || Date.parse(one.dueAt) >= Date.parse(latest.dueAt) ? one : latest),
      null,
    );
  if (last === null) return null;
  const states: Readonly<Record<string, LoopClock['state']>> = { pending: 'running', met: 'in-time', fired: 'late' };
  return { kind, dueAt: Date.parse(last.dueAt), state: states[last.state] ?? 'off' };
}

interface OrderLike {
  id: number;
  reportedAt: string;
  deadlines: readonly DeadlineLike[];
}

/** The next limit that has not passed, or the first that has: what is due first stands first, then the oldest. */
export function ordersByUrgency<Order extends OrderLike>(orders: readonly Order[]): Order[] {
  const urgency = ({ deadlines }: OrderLike): number =>
    Math.min(
      Infinity,
      ...[
        'repair_dispatch',
        'repair_arrival_promise',
        'repair_arrival_regulation',
        'repair_restoration',
        'repair_callback',
      ]
        .map((kind) => clockOf(deadlines, kind))
        .flatMap((clock) => (clock?.state === 'running' ? [clock.dueAt] : [])),
    );
  return orders.toSorted(
    (a, b) => compare(urgency(a), urgency(b)) || Date.parse(a.reportedAt) - Date.parse(b.reportedAt) || a.id - b.id,
  );
}

// Infinity - Infinity is no number.
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

type RepairStep = 'dispatched' | 'arrived' | 'repaired' | 'called-back';
const NEXT: Readonly<Record<string, RepairStep>> = {
  reported: 'dispatched',
  dispatched: 'arrived',
  arrived: 'repaired',
  repaired: 'called-back',
};

/** What is to be done next; null when the loop is closed. */
export const nextStep = (state: string): RepairStep | null => NEXT[state] ?? null;

const LEGS: readonly string[] = [
  'paid',
  'received',
  'cleared',
  'ordered',
  'command_sent',
  'field_order',
  'crew_assigned',
  'crew_en_route',
  'acknowledged',
  'claimed',
  'switch_closed',
  'power_measured',
];

/** The legs of a reconnection in order of time; what the service booked at one instant in the order in which it follows. */
export const legsInOrder = <Leg extends { leg: string; at: string }>(legs: readonly Leg[]): Leg[] =>
  legs.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || LEGS.indexOf(a.leg) - LEGS.indexOf(b.leg));
