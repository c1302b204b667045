import type { PhaseName } from './city.js';

/** What goes wrong in the simulated city, as data. Instants are epoch milliseconds of event time; `to` is always known to the model. */

interface Span {
  from: number;
  to: number;
}

/** One transformer's part of something. */
export interface Part extends Span {
  transformer: number;
}

export interface OutageIncident {
  kind: 'outage';
  id: string;
  nature: 'fault' | 'planned' | 'temporary';
  cause: string;
  rootCode: string;
  /** The planned work that caused it. */
  plannedExternalId: string | null;
  /** One per transformer; different ends = restored in steps. */
  parts: readonly Part[];
}

export type VoltageFault = 'low_voltage' | 'high_voltage' | 'phase_loss' | 'broken_neutral';

export interface VoltageIncident extends Part {
  kind: 'voltage';
  id: string;
  fault: VoltageFault;
  /** low, high, lost: the phases hit. Broken neutral: the first sinks, the second rises. */
  phases: readonly PhaseName[];
  /** Volts below (low), above (high) the normal value; for a broken neutral the shift of the neutral point. */
  volts: number;
}

/** Readings do not come through, power is there: one terminal, or all of a radio cell across feeders. They are kept and sent afterwards. */
export interface SilenceIncident {
  kind: 'silence';
  id: string;
  reach: 'terminal' | 'cell';
  parts: readonly Part[];
}

/** A terminal's clock is wrong. */
export interface ClockIncident extends Part {
  kind: 'clock';
  id: string;
  aheadMs: number;
  /** As the interface's `tq`. */
  quality: 0 | 1 | 2;
}

export type Incident = OutageIncident | VoltageIncident | SilenceIncident | ClockIncident;

/** A call of another system over the HTTP API. */
export interface SimCall {
  at: number;
  method: 'POST' | 'PATCH';
  path: string;
  body: Record<string, unknown>;
  /** Said when it fails. */
  what: string;
}

/** Who causes a complaint; null = nothing the service could know. */
export interface TruthLink {
  type: 'outage' | 'voltage' | 'silence' | 'disconnection' | 'planned_work';
  id: string;
}

export interface PlannedWork {
  externalId: string;
  assetCodes: readonly string[];
  registeredAt: number;
  startsAt: number;
  endsAt: number;
  nature: 'planned' | 'temporary';
  reason: string;
}

/** One customer's way from unpaid bill to light again. */
export interface ArrearsCase {
  externalId: string;
  customer: number;
  amount: number;
  dueOn: string;
  dunnedAt: number;
  noticeServedAt: number;
  finalNoticeAt: number;
  cutAt: number;
  paidAt: number | null;
  reconnectedAt: number | null;
}

export interface SimComplaint {
  externalId: string;
  at: number;
  customer: number | null;
  body: Record<string, unknown>;
  cause: TruthLink | null;
}
