import type { WarningKind } from '../warnings/warning.js';

/** Why somebody is supervised. */
export const CAUSES = ['long_outage', 'breached_promise', 'repeat_complaint'] as const;
export type Cause = (typeof CAUSES)[number];

/** The warnings that can open a supervision order, each with its cause. */
const CAUSE_OF = {
  outage_over_8h_expected: 'long_outage',
  outage_over_8h: 'long_outage',
  reconnection_overdue: 'breached_promise',
  repair_dispatch_overdue: 'breached_promise',
  repair_arrival_overdue: 'breached_promise',
  repair_overdue: 'breached_promise',
  complaint_contact_overdue: 'breached_promise',
  complaint_answer_overdue: 'breached_promise',
  repeat_complaint: 'repeat_complaint',
} as const satisfies Partial<Record<WarningKind, Cause>>;
export type SupervisedKind = keyof typeof CAUSE_OF;
export const SUPERVISED_KINDS = Object.keys(CAUSE_OF) as [SupervisedKind, ...SupervisedKind[]];

export const causeOf = (kind: SupervisedKind): Cause => CAUSE_OF[kind];

export const isSupervised = (kind: string): kind is SupervisedKind => Object.hasOwn(CAUSE_OF, kind);

/** `2026-000017`: numbers of a year have no gaps, so a missing sheet is seen. */
export const numberText = (year: number, number: number): string => `${year}-${String(number).padStart(6, '0')}`;
