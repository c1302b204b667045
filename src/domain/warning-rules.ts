import type { JournalEntry, JournalType } from './journal-entry.js';
import type { Policy } from './policy.js';
import { decideConsumption } from './warnings/consumption-rules.js';
import { decideComplaintPause, decideComplaintStage, decideComplaintStep } from './warnings/complaint-promise-rules.js';
import { decideDisconnection } from './warnings/disconnection-rules.js';
import { decideEpisode } from './warnings/episode-rules.js';
import { withEscalation } from './warnings/escalation-evidence.js';
import type { Facts } from './warnings/facts.js';
import { decideChance, decideLadder, decidePlanned } from './warnings/long-outage-rules.js';
import { decideOutage, decideOverrun } from './warnings/outage-rules.js';
import {
  decideClaimed,
  decideClaimRefuted,
  decideForecast,
  decideOrderCancelled,
} from './warnings/reconnection-rules.js';
import { decideRepairClock, decideRepairLeg } from './warnings/repair-rules.js';
import { decideRestoration } from './warnings/restoration-rules.js';
import {
  decideBreach,
  decideComplaint,
  decideLinked,
  decideMet,
  decideOffline,
  decideReconnectionStage,
  decideSupplyKnown,
  decideUndeliverable,
} from './warnings/service-rules.js';
import { decideCommunication, decideSuspicion } from './warnings/silence-rules.js';
import type { Decision, Records } from './warnings/warning.js';

/** The entries that may raise, change or end a warning. */
export const WARNING_ENTRY_TYPES = [
  'episode_opened',
  'episode_worsened',
  'episode_closed',
  'episode_revised',
  'outage_opened',
  'outage_confirmed',
  'outage_changed',
  'outage_restored',
  'outage_closed',
  'outage_discarded',
  'outage_merged',
  'outage_outlook',
  'outage_reopened',
  'planned_outage_registered',
  'planned_outage_changed',
  'planned_outage_cancelled',
  'deadline_fired',
  'reconnection_breached',
  'reconnection_met',
  'reconnection_claimed',
  'reconnection_claim_refuted',
  'reconnection_cancelled',
  'reconnection_forecast_missed',
  'disconnection_recorded',
  'repair_dispatched',
  'repair_arrived',
  'repair_done',
  'repair_grouped',
  'notice_settled',
  'supply_changed',
  'communication_lost',
  'communication_restored',
  'complaint_linked',
  'complaint_link_decided',
  'complaint_received',
  'complaint_contacted',
  'complaint_answered',
  'deadline_paused',
  'deadline_resumed',
  'consumption_findings_changed',
] as const satisfies readonly JournalType[];
export type WarningEntry = Extract<JournalEntry, { type: (typeof WARNING_ENTRY_TYPES)[number] }>;

/**
 * The whole mapping from what happened to what somebody must act on. Pure: the same entry, facts and known warnings give the same
 * decisions. A new kind of warning is a new line here, a function beside the others, and its test.
 */
export function decideWarnings(entry: WarningEntry, facts: Facts, policy: Policy, records: Records): Decision[] {
  const decisions = decide(entry, facts, policy, records);
  return entry.type === 'deadline_fired' ? withEscalation(entry, decisions, records) : decisions;
}

function decide(entry: WarningEntry, facts: Facts, policy: Policy, records: Records): Decision[] {
  switch (entry.type) {
    case 'episode_opened':
    case 'episode_worsened':
    case 'episode_closed':
    case 'episode_revised':
      return decideEpisode(entry, facts, policy, records);
    case 'outage_opened':
    case 'outage_confirmed':
    case 'outage_reopened': // and what speaks for it
    case 'outage_changed':
      return [...decideOutage(entry, facts, policy, records), ...decideSuspicion(entry, facts)];
    case 'outage_restored':
    case 'outage_closed':
    case 'outage_discarded':
    case 'outage_merged':
      return decideOutage(entry, facts, policy, records);
    case 'outage_outlook':
      return decideChance(entry, facts, policy, records);
    case 'planned_outage_registered':
    case 'planned_outage_changed':
    case 'planned_outage_cancelled':
      return decidePlanned(entry, facts, policy);
    case 'deadline_fired':
      if (entry.data.kind === 'outage_ladder') return decideLadder(entry, facts, policy, records);
      if (entry.data.kind === 'planned_overrun') return decideOverrun(entry, facts, policy, records);
      if (entry.data.kind === 'outage_restoration') return decideRestoration(entry, facts, records);
      if (entry.subjectType === 'repair_order') return decideRepairClock(entry, facts, records);
      if (entry.data.kind === 'reconnection') return decideReconnectionStage(entry, facts, policy, records);
      if (entry.data.kind.startsWith('complaint_')) return decideComplaintStage(entry, facts, policy);
      return entry.data.kind === 'terminal_offline' ? decideOffline(entry, facts) : [];
    case 'reconnection_breached':
      return decideBreach(entry, facts, policy, records);
    case 'reconnection_met':
      return decideMet(entry);
    case 'reconnection_claimed':
      return decideClaimed(entry);
    case 'reconnection_claim_refuted':
      return decideClaimRefuted(entry, facts, records);
    case 'reconnection_cancelled':
      return decideOrderCancelled(entry);
    case 'reconnection_forecast_missed':
      return decideForecast(entry, facts);
    case 'disconnection_recorded':
      return decideDisconnection(entry, facts);
    case 'repair_dispatched':
    case 'repair_arrived':
    case 'repair_done':
    case 'repair_grouped':
      return decideRepairLeg(entry, facts);
    case 'notice_settled':
      return decideUndeliverable(entry, facts, records);
    case 'communication_lost':
    case 'communication_restored':
      return decideCommunication(entry);
    case 'consumption_findings_changed':
      return decideConsumption(entry, facts);
    case 'supply_changed':
      return decideSupplyKnown(entry);
    case 'deadline_paused':
    case 'deadline_resumed':
      return decideComplaintPause(entry);
    case 'complaint_contacted':
    case 'complaint_answered':
      return decideComplaintStep(entry);
    case 'complaint_linked':
    case 'complaint_link_decided':
      return decideLinked(entry, facts);
    default: // complaint_received; another type would not compile
      return decideComplaint(entry, facts, policy);
  }
}
