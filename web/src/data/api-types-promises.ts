import type { ReconnectionOrder } from './api-types.js';

/** Answers about promises: reconnection, repair loop, cuts, deadlines. Instants are RFC 3339 text in the utility's zone. */
export interface OrderLeg {
  leg: string;
  at: string;
  source: string;
  quality: 'booked' | 'recorded' | 'claimed' | 'measured';
}

export interface PaidButDark extends ReconnectionOrder {
  area: string;
  claimedBy: string | null;
  stages: { stage: string; dueAt: string; state: string }[];
  legs: OrderLeg[];
  forecast: { expectedAt: string | null; arithmetic: { zh: string; en: string } } | null;
  darkReason: 'not_restored' | 'claim_refuted' | 'claimed_but_dead' | 'outage';
  darkSince: string | null;
  outageId: number | null;
}

export interface Deadline {
  id: number;
  kind: string;
  stage: string;
  subjectType: string;
  subjectId: number;
  area: string;
  dueAt: string;
  state: 'pending' | 'paused' | 'fired' | 'met' | 'cancelled';
  settledAt: string | null;
  endedAt: string | null;
  policyVersion: number;
  escalation: { role: string; persons: string[] } | null;
  /** Whether the policy lets the clock of this kind be stopped. */
  pausable: boolean;
}

export interface DeadlineReceipt extends Deadline {
  pauses: { pausedAt: string; resumedAt: string | null; reason: string; evidence: string; pausedBy: string }[];
  /** The arithmetic in words, line by line. */
  steps: { zh: string; en: string }[];
}

/** One thing that stands against a cut; a problem document's error with what to do about it. */
export interface CutFinding {
  path: string;
  message: string;
  step: string;
  kind: 'missing' | 'blocking';
  zh: string;
  en: string;
  remedy: { zh: string; en: string };
  source: string;
}

export interface CutQuestion {
  accountNo: string;
  reason: 'arrears' | 'violation' | 'theft';
  /** Wall clocks of the utility. */
  plannedAt: string;
  approvedBy?: string;
  noticeServedAt?: string;
  finalNoticeAt?: string;
  authorityInformedAt?: string;
}

interface ClaimedLeg {
  claimedAt: string;
  by: string;
  note: string;
}
export type RepairState = 'reported' | 'dispatched' | 'arrived' | 'repaired' | 'closed';

export interface RepairOrder {
  id: number;
  accountNo: string | null;
  transformerCode: string | null;
  area: string;
  address: string | null;
  callerPhone: string | null;
  /** Whom to ask at the place: a name, a number, or both. */
  contact: string | null;
  symptom: string;
  reportedAt: string;
  state: RepairState;
  round: number;
  startedAt: string;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  forced: { why: string; text: string; by: string } | null;
  jobOrderIds: number[];
  crew: string | null;
  outageId: number | null;
  legs: Record<'dispatched' | 'arrived' | 'repaired', ClaimedLeg | null>;
  /** When telemetry saw supply return at the transformer. */
  observedAt: string | null;
  restoredAt: string | null;
  /** The crew says repaired, the transformer is measured dead: the clock goes on. */
  contradicted: boolean;
  calledBackAt: string | null;
  outcome: 'satisfied' | 'unsatisfied' | 'not_reached' | null;
  callbacks: { round: number; at: string; by: string; reached: boolean; satisfied: boolean | null; note: string }[];
  deadlines: { id: number; kind: string; stage: string; dueAt: string; state: string }[];
  trail: {
    leg: string;
    source: 'claimed' | 'observed';
    at: string | null;
    by: string;
    note: string;
    recordedAt: string;
  }[];
}

/** What became of a call: the words to say where the cause is known, else an order. */
export interface FaultAnswer {
  report: {
    cause: string | null;
    eventType: string | null;
    eventId: number | null;
    estimatedRestorationAt: string | null;
    words: { zh: string[]; en: string[] } | null;
  };
  order: RepairOrder | null;
}

export type SupervisionState = 'open' | 'replied' | 'closed';

export interface SupervisionOrder {
  id: number;
  /** `2026-000017` */
  number: string;
  cause: string;
  kind: string;
  warningId: number;
  subject: { type: string; id: number; code: string; name: string; area: string };
  title: string;
  happenedAt: string;
  dueAt: string | null;
  openedAt: string;
  unit: string | null;
  person: string | null;
  routeNote: { zh: string; en: string } | null;
  /** Steps of the escalation that were taken. */
  level: number;
  state: SupervisionState;
  replyDueAt: string | null;
  closedAt: string | null;
  closedBy: string | null;
  closedOn: 'measured' | 'word' | 'kept' | null;
  closeNote: string | null;
  /** Whether the cause is cured, measurably. */
  effect: { measured: boolean; at: string | null; zh: string; en: string };
}

export interface SupervisionDetail extends SupervisionOrder {
  trail: { at: string; actor: string; by: string; action: string; zh: string; en: string }[];
}
