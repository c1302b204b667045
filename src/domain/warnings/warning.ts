import type { Severity } from '../journal-entry.js';
import type { Words } from '../words.js';

/** Every kind of warning of the public contract. */
export const WARNING_KINDS = [
  'low_voltage',
  'high_voltage',
  'phase_loss',
  'broken_neutral',
  'unbalance',
  'overload',
  'chronic_voltage',
  'terminal_offline',
  'outage_suspected',
  'outage',
  'outage_over_8h_expected',
  'outage_over_8h',
  'frequent_outage',
  'restoration_overdue',
  'reconnection_due_soon',
  'reconnection_overdue',
  'disconnection_without_dunning',
  'repair_dispatch_overdue',
  'repair_arrival_overdue',
  'repair_overdue',
  'complaint_due_soon',
  'complaint_contact_overdue',
  'complaint_answer_overdue',
  'complaint_cluster',
  'repeat_complaint',
  'zero_consumption',
  'abnormal_consumption',
  'notice_undeliverable',
] as const;
export type WarningKind = (typeof WARNING_KINDS)[number];

export const SEVERITIES = ['info', 'minor', 'major', 'critical'] as const satisfies readonly Severity[];
export const WARNING_STATUSES = ['open', 'acknowledged', 'resolved'] as const;
export type WarningStatus = (typeof WARNING_STATUSES)[number];

/** The graver of two. */
export const graver = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b);

/** What a warning is about. Names of customers never stand here: a customer's code is the account number, the name is a place. */
export interface Subject {
  type: string;
  id: number;
  code: string;
  name: string;
  area: string;
}

/** Evidence is free by kind; by convention names that end in `At` hold epoch milliseconds, and no others do. */
type Evidence = Readonly<Record<string, unknown>>;

/** What a rule says a warning should look like. Instants are epoch milliseconds. */
export interface Draft {
  kind: WarningKind;
  severity: Severity;
  subject: Subject;
  /** Where it is on the network, for filters. */
  assetId: number | null;
  outageId: number | null;
  title: string;
  titleEn: string;
  happenedAt: number;
  dueAt: number | null;
  evidence: Evidence;
  advice: readonly string[];
}

/** A warning that exists. `ref` is its place in the book of the running batch (see warning-book.ts). */
export interface Known extends Draft {
  ref: number;
  status: WarningStatus;
  resolvedAt: number | null;
}

/** What a rule wants done. Each says why, in words for the person who reads the warning's revisions. */
export type Decision =
  /** Opens a warning; where one of this kind and subject is live, brings that to this shape instead. */
  | { action: 'raise'; draft: Draft; why: Words }
  /** Changes a known warning, also a resolved one (late data). `reopen`: it was resolved too early. */
  | { action: 'revise'; ref: number; change: Partial<Draft>; why: Words; reopen?: boolean }
  /** Ends the live warning of that kind and subject; does nothing where there is none. */
  | { action: 'resolve'; kind: WarningKind; subject: { type: string; id: number }; at: number; note: Words };

/** What is known about one kind and subject when a rule decides. */
export interface Records {
  /** The live one, or else the newest resolved one. */
  newest(kind: WarningKind, subjectType: string, subjectId: number): Known | null;
  /** All loaded ones, oldest first. */
  all(kind: WarningKind, subjectType: string, subjectId: number): readonly Known[];
}

/** The live warning of that kind and subject, if there is one. */
export function liveOf(records: Records, kind: WarningKind, subjectType: string, subjectId: number): Known | null {
  const newest = records.newest(kind, subjectType, subjectId);
  return newest === null || newest.status === 'resolved' ? null : newest;
}
