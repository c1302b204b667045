import { choice, code, optionalInstant, optionalPhone, optionalText, text } from '../register/column.js';
import type { Column } from '../register/column.js';
import { PROTECTION_KINDS } from './cut-facts.js';
import { isOfOurTime } from './days.js';
import { DUNNING_STAGES } from './dunning.js';

/** Columns of the files that billing systems send. Those that are not named `…OrNone` or `optional…` must be given. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A calendar day: `2026-06-30`. */
const day: Column<string> = {
  read: (cell) => {
    const value = DAY.test(cell) ? new Date(`${cell}T00:00:00Z`) : new Date(NaN);
    return !Number.isNaN(value.getTime()) && value.toISOString().startsWith(cell) && isOfOurTime(cell)
      ? { value: cell }
      : { wrong: `${JSON.stringify(cell)} is not a day; write 2026-06-30` };
  },
};
const dayOrNone: Column<string | null> = { empty: { value: null }, read: day.read };

const instant: Column<number> = { read: optionalInstant().read as Column<number>['read'] };

/** Yuan, to the cent. */
const amount: Column<number> = {
  read: (cell) =>
    /^\d{1,10}(\.\d{1,2})?$/.test(cell)
      ? { value: Number(cell) }
      : { wrong: `${JSON.stringify(cell)} is not an amount in yuan with at most two decimals` },
};

const name = (maxLength: number): Column<string> => ({ read: text(maxLength).read });

export const ARREARS_COLUMNS = { account_no: code(), amount, due_on: day };

export const DUNNING_COLUMNS = {
  external_id: code(),
  account_no: code(),
  stage: choice(DUNNING_STAGES),
  at: instant,
  by: name(100),
  result: name(500),
  note: text(500),
  promised_on: dayOrNone,
  contact: optionalText(100),
  phone: optionalPhone(),
  proof: text(200),
};

export const CONTACT_COLUMNS = {
  external_id: code(),
  account_no: code(),
  role: choice(['owner', 'tenant', 'other']),
  name: text(200),
  phone: optionalPhone(),
  valid_from: instant,
  valid_to: optionalInstant(),
  source: text(200),
};

export const PROTECTION_COLUMNS = {
  external_id: code(),
  kind: choice(PROTECTION_KINDS),
  account_no: optionalText(64),
  area: optionalText(200),
  valid_from: instant,
  valid_to: optionalInstant(),
  reason: text(500),
};

export const DISCONNECTION_COLUMNS = {
  external_id: code(),
  account_no: code(),
  reason: choice(['arrears', 'violation', 'theft']),
  approved_by: optionalText(100),
  notice_served_at: optionalInstant(),
  final_notice_at: optionalInstant(),
  authority_informed_at: optionalInstant(),
  planned_at: instant,
  disconnected_at: optionalInstant(),
  responsible_unit: optionalText(200),
  responsible_person: optionalText(100),
};
