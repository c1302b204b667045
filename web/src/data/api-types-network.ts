/** Answers about the register, planned works and messages set aside. Instants are RFC 3339 text in the utility's zone. */
type Supply = 'live' | 'dead' | 'unknown';

export interface AccountSupply {
  accountNo: string;
  transformerCode: string;
  supply: Supply;
  supplySince: string | null;
  cause: string;
  reason: string;
  events: {
    type: string;
    id: number;
    kind: string;
    state: string;
    text: string;
    startedAt: string;
    endedAt: string | null;
    estimatedRestorationAt: string | null;
  }[];
  estimatedRestorationAt: string | null;
  disconnection: {
    id: number;
    reason: string;
    disconnectedAt: string;
    order: { id: number; state: string; paidAt: string; dueAt: string } | null;
  } | null;
  advice: string[];
}

export interface Asset {
  id: number;
  code: string;
  kind: string;
  name: string;
  area: string;
  capacityKva: number | null;
  /** 1 = tap I, the highest HV voltage. */
  tapPosition: number | null;
  owner: string | null;
  manager: string | null;
  supply: Supply | null;
  supplySince: string | null;
}

export interface AssetDetail extends Asset {
  path: { code: string; kind: string; name: string }[];
  transformers: Record<Supply, number>;
  terminals: { terminal: string; intervalSeconds: number }[];
  lastReading: { ts: string; ua: number | null; ub: number | null; uc: number | null; p: number | null } | null;
  openWarnings: { id: number; kind: string; severity: 'critical' | 'major' | 'minor' | 'info'; title: string }[];
  customerCount: number;
  customers: { id: number; accountNo: string; name: string; phase: string | null; disconnected: boolean }[];
}

export type PlannedNature = 'planned' | 'temporary' | 'rationing';

export interface PlannedOutage {
  id: number;
  externalId: string;
  assets: string[];
  startsAt: string;
  endsAt: string;
  nature: PlannedNature;
  reason: string;
  state: 'registered' | 'cancelled';
  /** Set when the work was registered later than its rule demands. */
  registeredLate: { requiredHours: number; givenHours: number } | null;
  outages: number[];
}

export interface RejectedMessage {
  id: number;
  topic: string;
  terminal: string;
  reason: string;
  detail: string;
  payload: string;
  payloadBytes: number;
  count: number;
  firstReceivedAt: string;
  lastReceivedAt: string;
}
