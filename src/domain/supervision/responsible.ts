import type { Business, Routed } from '../repairs/routing.js';
import { unitAndPerson } from '../repairs/unit-and-person.js';
import type { Answerable } from '../repairs/unit-and-person.js';
import { CATEGORIES } from '../complaints/complaint.js';
import type { SupervisedKind } from './causes.js';

/** Owner (设备主人) and customer manager (客户经理) of the asset, or of the nearest asset above it that names one. */
export interface AssetPeople {
  owner: string | null;
  manager: string | null;
}

export interface Responsible extends Answerable {
  /** Why no unit is named. */
  note: { zh: string; en: string } | null;
}

/** What the routing table is asked for. @param category of the complaint */
export function businessOf(kind: SupervisedKind, category: unknown): Business {
  switch (kind) {
    case 'outage_over_8h':
    case 'outage_over_8h_expected':
      return 'outage';
    case 'reconnection_overdue':
      return 'reconnection';
    case 'repair_dispatch_overdue':
    case 'repair_arrival_overdue':
    case 'repair_overdue':
      return 'repair';
    case 'complaint_contact_overdue':
    case 'complaint_answer_overdue':
    case 'repeat_complaint':
      return CATEGORIES.find((one) => one === category) ?? 'other';
  }
  return kind satisfies never;
}

/**
 * The unit by the routing table, else by what the register writes of owner and manager; the person by the register: the device owner for
 * the network, the customer manager for everything with a customer; else whom the table names. Who is not on record is not guessed.
 */
export function responsibleFor(kind: SupervisedKind, routed: Routed, people: AssetPeople): Responsible {
  const isNetwork = kind === 'outage_over_8h' || kind === 'outage_over_8h_expected';
  const [owner, manager] = [unitAndPerson(people.owner), unitAndPerson(people.manager)];
  const [nearest, other] = isNetwork ? [owner, manager] : [manager, owner];
  const unit = routed.route?.unit ?? nearest.unit ?? other.unit;
  const note = unit === null && routed.route === null ? routed.why : null;
  return { unit, person: nearest.person ?? routed.route?.person ?? (isNetwork ? other.person : null), note };
}
