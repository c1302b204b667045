import { dayOfDate, dayOfInstant } from './days.js';

/**
 * When a bill was cleared: by the earliest payment in full that was made on its due day or later, or when it was on record already.
 * What only a reversed payment had cleared is open again; a bill cleared in another way stays cleared. Null = open.
 */
export function settledAt(
  bill: { dueOn: string; recordedAt: number; clearedAt: number | null },
  payments: readonly { paidAt: number; isReversed: boolean }[],
): number | null {
  const covering = payments
    .filter(({ paidAt }) => dayOfDate(bill.dueOn) <= dayOfInstant(paidAt) || bill.recordedAt <= paidAt)
    .sort((a, b) => a.paidAt - b.paidAt);
  const first = covering.find(({ isReversed }) => !isReversed);
  const wasByReversed = covering.some(({ paidAt, isReversed }) => isReversed && paidAt === bill.clearedAt);
  if (bill.clearedAt === null || wasByReversed) return first?.paidAt ?? null;
  return Math.min(bill.clearedAt, first?.paidAt ?? Infinity);
}
