import { receiptOf } from '../deadline-receipt.js';
import type { Receipt } from '../deadline-receipt.js';
import { DAY_MS, HOUR_MS } from '../instants.js';
import type { Policy } from '../policy.js';
import { owedAt } from './debts.js';

/** A payment in full that was not reversed. Instants are epoch milliseconds. */
export interface FullPayment {
  id: number;
  /** When the customer paid. */
  paidAt: number;
  /** When the utility had it. */
  receivedAt: number;
  /** When arrears and penalty were settled. */
  clearedAt: number;
  /** Yuan; 0 = settled without money: waived, written off, covered by a credit. */
  amount: number;
}

/** What is on record about a cut and what was paid. */
export interface PromiseFacts {
  reason: 'arrears' | 'violation' | 'theft';
  plannedAt: number;
  noticeServedAt: number | null;
  disconnectedAt: number | null;
  /** Back by measurement, else by the crew's word that stands. */
  reconnectedAt: number | null;
  arrears: readonly { dueOn: string; clearedAt: number | null }[];
  payments: readonly FullPayment[];
}

/**
 * The payment that starts the clock of a cut for arrears, whatever the order in which payment, cut and restoration became known:
 * the first payment in full after the cut, or, where nothing was owed any more at the cut, the first one between notice and cut.
 * Null when there is no promise: not paid, not cut, cut for another reason (that procedure ends otherwise), or paid after supply was back.
 */
export function startingPayment(facts: PromiseFacts, policy: Policy['disconnection']): FullPayment | null {
  const { disconnectedAt, reconnectedAt } = facts;
  if (facts.reason !== 'arrears' || disconnectedAt === null) return null;
  const payments = facts.payments
    .filter((payment) => reconnectedAt === null || payment.paidAt <= reconnectedAt)
    .sort((a, b) => a.paidAt - b.paidAt || a.id - b.id);
  if (owedAt(facts.arrears, disconnectedAt).length === 0) {
    const noticeAt = facts.noticeServedAt ?? facts.plannedAt - policy.noticeMaxDays * DAY_MS;
    const before = payments.find((payment) => payment.paidAt >= noticeAt && payment.paidAt < disconnectedAt);
    if (before !== undefined) return before;
  }
  return payments.find((payment) => payment.paidAt >= disconnectedAt) ?? null;
}

const START = {
  paid: { of: 'paidAt', meaning: 'payment in full' },
  received: { of: 'receivedAt', meaning: 'payment in full received' },
  cleared: { of: 'clearedAt', meaning: 'arrears and penalty settled' },
} as const;

/**
 * The stages of the promise: warnings at shares of the limit, then `due`. Elapsed hours from payment in full (as the policy counts it),
 * no pauses: no source knows working hours here.
 */
export function stagesOf(
  payment: Omit<FullPayment, 'id'>,
  policy: Policy,
  sources: Readonly<Record<string, string>>,
): { stage: string; dueAt: number; receipt: Receipt }[] {
  const { of, meaning } = START[policy.reconnection.clockFrom];
  const startMeaning = payment.amount === 0 ? 'debt settled without a payment' : meaning;
  const stage = (name: string, share: number): { stage: string; dueAt: number; receipt: Receipt } => {
    const receipt = receiptOf({
      startMeaning,
      start: payment[of],
      limitMs: policy.reconnection.limitHours * HOUR_MS,
      share,
      profile: policy.profile,
      source: sources['reconnection.limitHours'] ?? 'policy',
    });
    return { stage: name, dueAt: receipt.due, receipt };
  };
  return [
    ...policy.reconnection.warnAtShares.map((share) => stage(`${Math.round(share * 100)}%`, share)),
    stage('due', 1),
  ];
}
