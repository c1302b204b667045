/**
 * Everything that can stand in the journal: the type of an entry and the shape of its data. Instants are epoch milliseconds.
 * This file is the contract between modules; they talk through nothing else.
 */

import type { Role } from './escalation.js';

export type Supply = 'live' | 'dead' | 'unknown';
export type Phase = 'A' | 'B' | 'C';
export type Severity = 'critical' | 'major' | 'minor' | 'info';
export type EpisodeKind = 'low_voltage' | 'high_voltage' | 'phase_loss' | 'broken_neutral' | 'unbalance' | 'overload';
export type OutageNature = 'fault' | 'planned' | 'temporary' | 'rationing';
export type OutageState = 'suspected' | 'confirmed' | 'restored' | 'closed' | 'discarded';
/** `single_customer`: the transformer is live and this is a customer's own trouble; `decided`: a person closed it and must decide. */
export type StillOutVerdict = 'reopened' | 'single_customer' | 'low_voltage_side' | 'decided';
/** Whether an action helped; `pending`: too little was measured to tell. */
export type EffectVerdict = 'improved' | 'unchanged' | 'worse' | 'pending';
export type EventType = 'outage' | 'episode' | 'disconnection' | 'planned_outage';

/** Everything that can happen to a try to close a switch from afar. */
export type RemoteStep =
  | 'waiting_for_acknowledgement'
  | 'requested'
  | 'sent'
  | 'resent'
  | 'succeeded'
  | 'refused'
  | 'answer_without_state'
  | 'timed_out'
  | 'field_order'
  | 'late_answer'
  | 'cancelled';

export interface EpisodeData {
  transformerId: number;
  kind: EpisodeKind;
  phase: Phase | '';
  severity: Severity;
  startedAt: number;
  endedAt: number | null;
  /** Volts; percent of load or unbalance. */
  worstValue: number | null;
  policyVersion: number;
  /** The picture in which it opened or last got worse, of kinds that one value does not describe: see domain/episodes.ts. */
  evidence?: Record<string, unknown>;
}

export interface OutageData {
  state: OutageState;
  nature: OutageNature;
  rootAssetId: number;
  startedAt: number;
  endedAt: number | null;
  estimatedRestorationAt: number | null;
  plannedOutageId: number | null;
  parentId: number | null;
  momentary: boolean;
  customersAffected: number;
  customersRestored: number;
}

/** A leg of a crew's way became known, or was corrected. `legAt` null: what was observed was taken back by later data. */
export interface RepairLegData {
  jobId: number;
  legAt: number | null;
  source: 'claimed' | 'observed';
}

export interface SupervisionData {
  /** `2026-000017` */
  number: string;
  cause: string;
  kind: string;
  causeType: string;
  causeId: number;
  unit: string | null;
}

export interface DeadlineData {
  kind: string;
  stage: string;
  subjectType: string;
  subjectId: number;
  dueAt: number;
}

/** To whom a stage was taken when it fired; `persons` is empty where nobody has the role. */
export interface Escalation {
  role: Role;
  persons: string[];
}

export interface PauseData {
  kind: string;
  pausedAt: number;
  /** Null = it runs. */
  resumedAt: number | null;
  reason: string;
  evidence: string;
  /** When the last stage is due now; null while the clock stands. */
  dueAt: number | null;
}

export interface WarningData {
  kind: string;
  severity: Severity;
  status: 'open' | 'acknowledged' | 'resolved';
  subjectType: string;
  subjectId: number;
  assetId: number | null;
  outageId: number | null;
}

/** Why an outage changes, in English; `whyZh` is absent of what was written before there was a Chinese one. */
interface OutageWhy {
  why: string;
  whyZh?: string;
}

/** Data of each entry type. The comment names the subject. */
export interface JournalData {
  // transformer
  supply_changed: { from: Supply; to: Supply; source: string };
  /** Late data changed intervals of the past; followers look them up again from `fromTs`. */
  supply_revised: { fromTs: number; toTs: number; why: string };
  sequence_gap_found: { terminalId: number; sid: number; fromSeq: number; toSeq: number; missing: number };
  terminal_event: { terminalId: number; eventType: string; phases: string | null };
  /** How many of its customers are to be looked at now; the first account numbers, and the newest month that it rests on. */
  consumption_findings_changed: { kind: 'zero' | 'abnormal'; open: number; accounts: string[]; month: string | null };
  corrective_action_recorded: { actionId: number; kind: string; from: string; to: string };
  /** The hours after it have been measured. */
  corrective_action_judged: {
    actionId: number;
    kind: string;
    verdict: EffectVerdict;
    reason: string;
    reasonEn: string;
  };
  corrective_action_withdrawn: { actionId: number; kind: string; reason: string };
  // episode
  episode_opened: EpisodeData;
  episode_worsened: EpisodeData;
  episode_closed: EpisodeData;
  episode_revised: EpisodeData & { why: string; withdrawn: boolean };
  // asset
  asset_moved: { fromParentId: number | null; toParentId: number | null };
  network_imported: { kind: 'assets' | 'terminals' | 'customers'; accepted: number; rejected: number };
  // outage
  outage_opened: OutageData;
  outage_changed: OutageData & { changed: string[] } & OutageWhy;
  outage_confirmed: OutageData;
  outage_merged: OutageData & { intoId: number };
  outage_restored: OutageData;
  outage_closed: OutageData;
  outage_discarded: OutageData & OutageWhy;
  /** It was over, or discarded, and goes on; stands behind the `outage_changed` that says what differs. */
  outage_reopened: OutageData & OutageWhy;
  /** How likely it is to pass the long-outage limit, by so many cases on record; null = too few of them. */
  outage_outlook: {
    probability: number | null;
    elapsedMinutes: number;
    limitMinutes: number;
    cases: number;
    longer: number;
    basis: string[];
  };
  /** A person took back a person's decision. */
  outage_decision_undone: { decisionId: number; kind: string; outageIds: number[]; note: string };
  /** What came of customers who say that supply is still away after it was taken to be back. */
  still_out_judged: { transformerId: number; verdict: StillOutVerdict; supply: Supply; callers: number } & OutageWhy;
  /** What is being done about it; `by` reports, the actor wrote it down. */
  outage_progress: { note: string; by: string };
  // planned_outage
  planned_outage_registered: { startsAt: number; endsAt: number; nature: OutageNature };
  planned_outage_changed: { startsAt: number; endsAt: number; nature: OutageNature; changed: string[] };
  planned_outage_cancelled: { startsAt: number; endsAt: number; nature: OutageNature };
  // deadline: the subject is the deadline's own subject, so that its owner finds it
  deadline_fired: DeadlineData & { deadlineId: number; escalation?: Escalation };
  deadline_paused: PauseData;
  deadline_resumed: PauseData;
  // calendar: its number is the year
  calendar_changed: { year: number; version: number; source: string };
  // warning
  warning_raised: WarningData;
  warning_changed: WarningData & { changed: string[]; why: string; whyEn: string };
  warning_acknowledged: WarningData & { note: string };
  warning_assigned: WarningData & { assignee: string; note: string };
  warning_commented: WarningData & { note: string };
  /** By a rule in both languages; by a person as the person wrote it. */
  warning_resolved: WarningData & { note: string; noteEn?: string };
  // disconnection
  disconnection_recorded: {
    customerId: number;
    reason: string;
    /** Null = planned only. */
    disconnectedAt: number | null;
    /** What stood against it; the disconnection's row has it with words, remedy and source. */
    missingSteps: string[];
  };
  /** A plan called off before it was done: by the rules, `why` are the steps that stand against it, or by a person. */
  disconnection_cancelled: { customerId: number; plannedAt: number; why: string[]; note: string };
  // customer
  dunning_recorded: { dunningStepId: number; stage: string; result: string };
  payment_received: { paymentId: number; paidAt: number; settled: boolean };
  payment_reversed: { paymentId: number; paidAt: number; settled: boolean; reversedAt: number; reason: string };
  // reconnection_order
  reconnection_ordered: { customerId: number; disconnectionId: number; paidAt: number; dueAt: number };
  /** The crew's word; only measurement ends the promise. */
  reconnection_claimed: { customerId: number; disconnectionId: number; claimedAt: number; by: string; late: boolean };
  /** The switch was measured open after the crew's word. */
  reconnection_claim_refuted: { customerId: number; disconnectionId: number; claimedAt: number; refutedAt: number };
  reconnection_met: {
    customerId: number;
    disconnectionId: number;
    restoredAt: number;
    source: 'switch' | 'measured';
    late: boolean;
  };
  /** Its payment was reversed before supply was back, or supply was back before the payment: nothing is promised any more. */
  reconnection_cancelled: { customerId: number; disconnectionId: number; reason: string };
  /** Its payment was reversed when supply was back. */
  reconnected_on_reversed_payment: { customerId: number; disconnectionId: number; reversedAt: number; reason: string };
  reconnection_step: {
    customerId: number;
    disconnectionId: number;
    step: 'crew_assigned' | 'crew_en_route' | 'acknowledged';
    by: string;
  };
  /** At the pace of its queue the order will be restored after its limit. */
  reconnection_forecast_missed: {
    customerId: number;
    disconnectionId: number;
    dueAt: number;
    expectedAt: number;
    arithmetic: { zh: string; en: string };
  };
  remote_reconnection: {
    customerId: number;
    disconnectionId: number;
    /** Null while no command exists. */
    rid: string | null;
    step: RemoteStep;
    attempt: number;
    reason: string;
  };
  reconnection_breached: { customerId: number; disconnectionId: number; dueAt: number };
  // complaint
  complaint_received: { channel: string; category: string; customerId: number | null; receivedAt: number };
  complaint_contacted: { at: number; by: string; note: string };
  complaint_answered: { at: number; by: string; note: string };
  complaint_linked: { eventType: EventType; eventId: number; score: number; status: 'proposed' | 'linked' };
  complaint_link_decided: { eventType: EventType; eventId: number; status: 'confirmed' | 'rejected' };
  // fault_report
  /** A call that what is known answered; no crew is sent. */
  fault_report_answered: { cause: string; customerId: number | null; eventType: EventType; eventId: number };
  // repair_order
  repair_reported: { jobId: number; customerId: number | null; transformerId: number | null; reportedAt: number };
  repair_grouped: { jobId: number; intoJobId: number; why: string };
  repair_dispatched: RepairLegData;
  repair_arrived: RepairLegData;
  repair_done: RepairLegData;
  repair_called_back: { calledBackAt: number; reached: boolean; satisfied: boolean | null; next: string };
  // service_request
  service_request_recorded: { business: string; customerId: number | null; confirmedAt: number; unit: string | null };
  service_request_passed_on: { passedOnAt: number; unit: string; late: boolean };
  // supervision_order
  supervision_opened: SupervisionData & { replyDueAt: number };
  supervision_revised: SupervisionData & { why: string };
  supervision_assigned: SupervisionData;
  supervision_replied: SupervisionData & { replyDueAt: number | null };
  supervision_escalated: SupervisionData & { level: number; to: string };
  /** `kept`: what was taken for a broken promise turned out to have been kept. */
  supervision_closed: SupervisionData & { closedOn: 'measured' | 'word' | 'kept' };
  // area; its number is that of its first asset
  communication_lost: { area: string; sinceAt: number; transformerIds: number[]; feeders: number };
  /** `transformerIds` are silent still. */
  communication_restored: { area: string; transformerIds: number[] };
  // notice
  /** One entry per event and kind, whatever the number of customers; the subject is the event. `callList` of `count` are to be phoned. */
  notice_queued: {
    kind: string;
    /** The customer when there is only one. */
    customerId: number | null;
    eventType: EventType | 'reconnection_order' | 'dunning_step' | 'supervision_order';
    eventId: number;
    count: number;
    callList: number;
  };
  /** Only of notices that the provider did not take: `call_list` (a person phones) or `unknown` (perhaps sent, never again). */
  notice_settled: { kind: string; customerId: number | null; state: string; provider: string | null };
  // utility (number 0)
  /** Days above the threshold of their year (2.5 beta), and days that are no longer. */
  major_event_days_changed: {
    added: { date: string; saidiMinutes: number; tMedMinutes: number }[];
    withdrawn: string[];
  };
  /** The routing table has so many lines now; so many repair orders and requests without a unit got theirs. */
  routes_imported: { lines: number; orders: number; requests: number };
  // policy
  policy_changed: { versionId: number; profile: string; effectiveAt: number };
}

export type JournalType = keyof JournalData;

export type SubjectType =
  | 'transformer'
  | 'asset'
  | 'area'
  | 'episode'
  | 'outage'
  | 'planned_outage'
  | 'warning'
  | 'disconnection'
  | 'customer'
  | 'reconnection_order'
  | 'dunning_step'
  | 'complaint'
  | 'calendar'
  | 'fault_report'
  | 'repair_order'
  | 'service_request'
  | 'supervision_order'
  | 'notice'
  | 'utility'
  | 'corrective_action'
  | 'policy';

/** What is handed to `append`. */
export type NewJournalEntry = {
  [Type in JournalType]: {
    type: Type;
    subjectType: SubjectType;
    subjectId: number;
    happenedAt: number;
    /** Who did it; left out = the rules. */
    actor?: string;
    data: JournalData[Type];
  };
}[JournalType];

/** What a follower or a client reads. */
export type JournalEntry = {
  [Type in JournalType]: {
    id: number;
    type: Type;
    subjectType: SubjectType;
    subjectId: number;
    happenedAt: number;
    knownAt: number;
    actor: string;
    data: JournalData[Type];
  };
}[JournalType];
