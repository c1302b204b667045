/** What the console reads of the API's answers (interface version 1). Instants are RFC 3339 text in the utility's zone. */
export type Severity = 'critical' | 'major' | 'minor' | 'info';
type WarningStatus = 'open' | 'acknowledged' | 'resolved';

export interface Board {
  now: string;
  utilityTimeZone: string;
  longHours: number;
  customersWithoutSupply: number;
  outages: { open: number; suspected: number; overLong: number };
  warnings: Record<Severity, number> & { unacknowledged: number };
  transformers: { live: number; dead: number; unknown: number };
}

/** One line of a brief list. */
export interface Warning {
  id: number;
  kind: string;
  severity: Severity;
  status: WarningStatus;
  subject: { type: string; id: number; code: string; name: string; area: string };
  title: string;
  titleEn: string;
  happenedAt: string;
  knownAt: string;
  dueAt: string | null;
  acknowledgedAt: string | null;
  resolvedAt: string | null;
  assignee: string | null;
  outageId: number | null;
  policyVersion: number;
}

/** Advice computed from measurements, each with the arithmetic that led to it. */
export interface ComputedAdvice {
  kind: string;
  text: string;
  textEn: string;
  arithmetic: {
    step: string;
    stepEn: string;
    formula: string;
    values: Record<string, number | string>;
    result: string;
  }[];
  source: string;
}

export interface WarningDetail extends Warning {
  evidence: Record<string, unknown>;
  advice: string[];
  revisions: { at: string; changed: Record<string, unknown>; why: string; whyEn: string }[];
  advised: ComputedAdvice[];
  comments: { at: string; actor: string; action: string; note: string; noteEn: string }[];
}

export interface OutageTransformer {
  code: string;
  startedAt: string;
  endedAt: string | null;
  customers: number;
}

/** One line of a brief list. */
export interface Outage {
  id: number;
  state: 'suspected' | 'confirmed' | 'restored' | 'closed' | 'discarded';
  nature: 'fault' | 'planned' | 'temporary' | 'rationing';
  cause: string | null;
  rootAsset: { code: string; name: string; kind: string; area: string };
  startedAt: string;
  endedAt: string | null;
  estimatedRestorationAt: string | null;
  customersAffected: number;
  customersRestored: number;
  probabilityOver8h: number | null;
}

/** Another outage of the same family. */
export interface OutageRelative {
  id: number;
  state: Outage['state'];
  code: string;
  name: string;
  startedAt: string;
  endedAt: string | null;
  customersAffected: number;
  customersRestored: number;
}

export interface OutageDetail extends Outage {
  transformers: OutageTransformer[];
  complaints: number;
  notices: number;
  mergedIntoId: number | null;
  evidence: Record<string, unknown>;
  /** Fields that a person has set. */
  decided: string[];
  revision: number;
  parent: OutageRelative | null;
  children: OutageRelative[];
  responsible: { owner: string | null; manager: string | null };
  progress: { at: string; by: string; actor: string; note: string }[];
  /** What persons decided, the oldest first. */
  decisions: OutageDecision[];
  /** How probabilityOver8h came about. */
  outlook: { probability: number; cases: number; longer: number; basis: string[] } | null;
}

export interface OutageDecision {
  id: number;
  kind: 'change' | 'merge' | 'split' | 'discard';
  at: string;
  by: string;
  note: string;
  outages: number[];
  undoneAt: string | null;
  undoneBy: string | null;
}

export interface ComplaintLink {
  eventType: string;
  eventId: number;
  score: number;
  status: 'proposed' | 'linked' | 'confirmed' | 'rejected';
  evidence: { term: string; points: number; text: string; textEn: string }[];
}

export interface Complaint {
  id: number;
  externalId: string;
  channel: string;
  category: string;
  categoryConfidence: number;
  state: string;
  accountNo: string | null;
  callerPhone: string | null;
  text: string;
  receivedAt: string;
  links: ComplaintLink[];
  missedWarning: { reason: string; text: string; textEn: string } | null;
}

export interface ReconnectionOrder {
  id: number;
  accountNo: string;
  disconnectionId: number;
  paidAt: string;
  dueAt: string;
  /** claimed: a crew's word that nothing has measured yet. An order that was restored late stays breached. */
  state: 'open' | 'claimed' | 'met' | 'breached' | 'cancelled';
  restoredAt: string | null;
}

export interface Notice {
  id: number;
  kind: string;
  /** Null = to one of the staff. */
  accountNo: string | null;
  staff: string | null;
  eventType: string;
  eventId: number;
  channel: string;
  callReason: 'sms_declined' | 'no_mobile' | 'sms_failed' | 'register_changed' | null;
  recipient: string | null;
  text: string;
  state: string;
  provider: string | null;
  lastError: string | null;
  queuedAt: string;
  nextAttemptAt: string;
  expiresAt: string | null;
  sentAt: string | null;
}

export interface JournalEntry {
  id: number;
  type: string;
  subjectType: string;
  subjectId: number;
  happenedAt: string;
  knownAt: string;
  actor: string;
  data: Record<string, unknown>;
}
