import type { Setting } from '../../domain/repairs/repair-clocks.js';
import type { Restoration } from '../../domain/repairs/restoration.js';

/** An order of a job, as its clocks and its state see it. */
export interface JobOrder {
  id: number;
  /** 2 = the customer was not satisfied and it went back. */
  round: number;
  transformerId: number | null;
  area: string;
  startedAt: number;
  setting: Setting;
  settingKnown: boolean;
  state: string;
  restoredAt: number | null;
  restoredSource: Restoration['source'] | null;
  calledBackAt: number | null;
}
