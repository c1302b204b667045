import type { OutageData, OutageNature, OutageState } from './journal-entry.js';

/** Fields that a person may set; what is set here the rules leave alone. `members`: the transformers were chosen by a person. */
export interface OutageDecisions {
  nature?: OutageNature;
  cause?: string;
  estimatedRestorationAt?: number | null;
  state?: 'confirmed' | 'restored' | 'closed';
  members?: true;
}

/** An outage as it is stored. Instants are epoch milliseconds. */
export interface OutageRecord {
  id: number;
  state: OutageState;
  nature: OutageNature;
  cause: string;
  rootAssetId: number;
  area: string;
  startedAt: number;
  confirmedAt: number | null;
  endedAt: number | null;
  estimatedRestorationAt: number | null;
  plannedOutageId: number | null;
  parentId: number | null;
  mergedIntoId: number | null;
  /** Over within the momentary limit. */
  momentary: boolean;
  customersAffected: number;
  customersRestored: number;
  evidence: Record<string, unknown>;
  decided: OutageDecisions;
  policyVersion: number;
  revision: number;
}

/** One interruption of one transformer inside an outage. */
export interface OutageMember {
  /** null until it is stored. */
  rowId: number | null;
  transformerId: number;
  notBefore: number;
  startedAt: number;
  endedAt: number | null;
  source: string;
  /** 'dispatcher': a person's word that measurement has not confirmed yet. */
  endSource: string | null;
  customers: number;
}

export const isOpen = (state: OutageState): boolean => state === 'suspected' || state === 'confirmed';

/** What the journal tells of an outage. */
export const outageData = (outage: OutageRecord): OutageData => ({
  state: outage.state,
  nature: outage.nature,
  rootAssetId: outage.rootAssetId,
  startedAt: outage.startedAt,
  endedAt: outage.endedAt,
  estimatedRestorationAt: outage.estimatedRestorationAt,
  plannedOutageId: outage.plannedOutageId,
  parentId: outage.parentId,
  momentary: outage.momentary,
  customersAffected: outage.customersAffected,
  customersRestored: outage.customersRestored,
});
