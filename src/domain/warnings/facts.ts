import type { Channel, ComplaintCategory } from '../complaints/complaint.js';
import type { ComplaintPromise } from '../complaints/promises.js';
import type { CutFinding } from '../reconnection/cut-facts.js';
import type { LateRegistration } from '../planned-window.js';
import type { Evidence } from '../corroboration.js';
import type { OutageNature, OutageState, Supply } from '../journal-entry.js';

/** A place on the network, as a warning names it. */
export interface Place {
  assetId: number;
  code: string;
  name: string;
  area: string;
}

/** Unit or person that owns (设备主人) and that looks after (客户经理) an asset. */
export interface Responsible {
  owner: string | null;
  manager: string | null;
}

export interface OutageFacts {
  id: number;
  state: OutageState;
  nature: OutageNature;
  cause: string;
  root: Place;
  startedAt: number;
  endedAt: number | null;
  estimatedRestorationAt: number | null;
  customersAffected: number;
  momentary: boolean;
  /** The outage that this one is left of (nested) or was split from. */
  parentId: number | null;
  /** Who answers for the root asset, or for the nearest asset above it that says so. */
  responsible: Responsible;
  planned: { id: number; endsAt: number; registeredLate: LateRegistration | null } | null;
  /** What speaks for it, while no loss of it is measured. */
  suspicion?: readonly Evidence[] | null;
  /** The announced end that the work has passed, if it has. */
  overrunSinceAt: number | null;
}

export interface PlannedOutageFacts {
  id: number;
  externalId: string;
  /** The first of its assets, by code. */
  place: Place;
  startsAt: number;
  endsAt: number;
  nature: OutageNature;
  reason: string;
  registered: boolean;
  registeredLate: LateRegistration | null;
}

export interface OrderFacts {
  id: number;
  accountNo: string;
  place: Place;
  paidAt: number;
  dueAt: number;
  restoredAt: number | null;
}

export interface DisconnectionFacts {
  id: number;
  accountNo: string;
  place: Place;
  reason: string;
  cutAt: number;
  /** What stood against it. */
  broken: readonly Pick<CutFinding, 'rule' | 'step' | 'zh' | 'en' | 'remedy' | 'source'>[];
  /** Who answers for it, as the report says. */
  reported: { unit: string | null; person: string | null };
  /** Of the transformer. */
  responsible: Responsible;
}

export interface RepairFacts {
  id: number;
  /** The account, or the order's own number. */
  code: string;
  place: string;
  area: string;
  /** The transformer; null = not known. */
  assetId: number | null;
  outageId: number | null;
  unit: string | null;
  setting: string;
  round: number;
  /** Of this round: the report, or the call that sent it back. */
  startedAt: number;
  dispatchedAt: number | null;
  arrivedAt: number | null;
  restoredAt: number | null;
}

export interface NoticeFacts {
  id: number;
  kind: string;
  event: { type: string; id: number; code: string; name: string; area: string };
  assetId: number | null;
  outageId: number | null;
}

export interface TransformerFacts {
  place: Place;
  supply: Supply;
  supplySinceAt: number | null;
  lastHeardAt: number | null;
  /** It lies below the root of an outage that is not over, whether its own loss was measured or not, or in a lost communication that is told of. */
  inOpenOutage: boolean;
}

export interface ComplaintFacts {
  id: number;
  externalId: string;
  channel: Channel;
  contactedAt: number | null;
  answeredAt: number | null;
  /** The limits of its promises, as they stand. */
  dueAt: Readonly<Partial<Record<ComplaintPromise, number>>>;
  category: ComplaintCategory;
  receivedAt: number;
  customer: { id: number; accountNo: string; place: Place } | null;
  /** Complaints of this customer on this matter within the window up to this one, this one included. */
  repeats: readonly { id: number; receivedAt: number }[];
  /** The live clusters that it is part of, with the number of their calls that no event explains yet. */
  liveClusters: readonly { assetId: number; unexplained: number }[];
  /** The deepest asset with enough different callers whose calls no event explains. */
  cluster: { place: Place; complaintIds: readonly number[]; callers: number; firstAt: number } | null;
}

/** What rules look up beside the entry itself. All of it is read for a whole batch at once. */
export interface Facts {
  transformers: ReadonlyMap<number, TransformerFacts>;
  outages: ReadonlyMap<number, OutageFacts>;
  plannedOutages: ReadonlyMap<number, PlannedOutageFacts>;
  orders: ReadonlyMap<number, OrderFacts>;
  disconnections: ReadonlyMap<number, DisconnectionFacts>;
  repairs: ReadonlyMap<number, RepairFacts>;
  notices: ReadonlyMap<number, NoticeFacts>;
  complaints: ReadonlyMap<number, ComplaintFacts>;
}
