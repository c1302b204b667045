import type { ComplaintCategory } from '../complaints/complaint.js';
import type { Words } from '../words.js';
import type { DebtFact } from './debts.js';
import type { DunningFact } from './dunning.js';

/** What may stand against a cut, one name per rule. A policy says by these names which of them hold for violation and theft. */
export const CUT_RULES = [
  'debt',
  'dunning',
  'promise',
  'approval',
  'notice',
  'final_notice',
  'announced_time',
  'important',
  'life_support',
  'protection',
  'outage',
  'dispute',
  'hours',
  'days',
  'state',
] as const;
export type CutRule = (typeof CUT_RULES)[number];

/** Why nobody may be cut for a time: one account, an area, or everywhere. */
export const PROTECTION_KINDS = [
  'life_support',
  'supply_guarantee',
  'hardship',
  'dispute',
  'extreme_heat',
  'extreme_cold',
  'disaster',
  'other',
] as const;
export type ProtectionKind = (typeof PROTECTION_KINDS)[number];

/** What is asked for, or was done. Instants are epoch milliseconds. */
export interface CutRequest {
  reason: 'arrears' | 'violation' | 'theft';
  plannedAt: number;
  /** When it was done; null = it is planned. */
  disconnectedAt: number | null;
  /** When the plan was called off. */
  cancelledAt: number | null;
  approvedBy: string | null;
  noticeServedAt: number | null;
  finalNoticeAt: number | null;
  /** When the authority got its copy of the notice. */
  authorityInformedAt: number | null;
}

/** A stretch of time; `to` null = it has no end yet. */
export interface Stretch {
  id: number;
  from: number;
  to: number | null;
}

/** What is on record about the account. */
export interface CutAccount {
  category: string;
  arrears: readonly DebtFact[];
  dunning: readonly DunningFact[];
  protections: readonly (Stretch & { kind: ProtectionKind; scope: 'account' | 'area' | 'everywhere'; why: string })[];
  /** Of the transformer that the customer hung on. */
  outages: readonly Stretch[];
  /** Not answered yet at the instant of the cut. */
  complaints: readonly { id: number; category: ComplaintCategory; receivedAt: number }[];
  /** Other cuts of this customer. */
  cuts: readonly Stretch[];
}

export type CutFacts = CutRequest & CutAccount;

/** The instant by which a cut is judged: when it was done, or when it is planned. */
export const cutAtOf = ({ disconnectedAt, plannedAt }: Pick<CutRequest, 'disconnectedAt' | 'plannedAt'>): number =>
  disconnectedAt ?? plannedAt;

export const covers = ({ from, to }: Stretch, moment: number): boolean =>
  from <= moment && (to === null || to > moment);

/** One thing that stands against a cut. */
export interface CutFinding {
  rule: CutRule;
  /** What exactly; several steps may break one rule. */
  step: string;
  /** `missing`: something has to be done first. `blocking`: something is in the way. */
  kind: 'missing' | 'blocking';
  /** The field of the report that it concerns. */
  field: string;
  zh: string;
  en: string;
  /** What would remedy it. */
  remedy: Words;
  /** Where the rule is written. */
  source: string;
}
