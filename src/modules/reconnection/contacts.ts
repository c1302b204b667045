import { maskNumber } from '../../domain/masking.js';
import { maskName } from '../../domain/mask-name.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { rowSet } from '../network/row-set.js';
import type { Account } from './account-facts.js';

export const CONTACT_ROLES = ['owner', 'tenant', 'other'] as const;

export interface ContactReport {
  externalId: string;
  role: (typeof CONTACT_ROLES)[number];
  name: string;
  phone: string | null;
  validFrom: number;
  validTo: number | null;
  /** Where it is known from. */
  source: string;
}

export interface Contact extends ContactReport {
  customerId: number;
  accountNo: string;
}

const TYPES = {
  externalId: 'text',
  customerId: 'integer',
  role: 'text',
  name: 'text',
  phone: 'text',
  validFrom: 'timestamptz',
  validTo: 'timestamptz',
  source: 'text',
} as const;

/**
 * Writes contacts by their numbers: new ones, and what changed of known ones.
 * @returns the numbers that belong to another account: those are left as they are
 */
export async function writeContacts(
  tx: Tx,
  given: readonly { account: Account; contact: ContactReport }[],
): Promise<Set<string>> {
  if (given.length === 0) return new Set();
  const rows = given.map(({ account, contact }) => ({
    ...contact,
    customerId: account.id,
    validFrom: at(contact.validFrom),
    validTo: contact.validTo === null ? null : at(contact.validTo),
  }));
  const set = rowSet(TYPES, rows, 2);
  const written = await tx.query<{ externalId: string }>(
    `insert into customer_contact as k (${set.columns}, recorded_at) select r.*, $1 from ${set.from}
     on conflict (external_id) do update set role = excluded.role, name = excluded.name, phone = excluded.phone,
       valid_from = excluded.valid_from, valid_to = excluded.valid_to, source = excluded.source, recorded_at = excluded.recorded_at
     where k.customer_id = excluded.customer_id
     returning external_id as "externalId"`,
    [at(tx.now), ...set.values],
  );
  const known = new Set(written.map((row) => row.externalId));
  return new Set(rows.map((row) => row.externalId).filter((number) => !known.has(number)));
}

/** Contacts of accounts that hold at an instant, the newest of each account first. */
export const contactsOf = (db: Queryable, customerIds: readonly number[], moment: number): Promise<Contact[]> =>
  db.query<Contact>(
    `select k.external_id as "externalId", k.customer_id as "customerId", c.account_no as "accountNo", k.role, k.name, k.phone,
            k.valid_from as "validFrom", k.valid_to as "validTo", k.source
     from customer_contact k join customer c on c.id = k.customer_id
     where k.customer_id = any($1) and k.valid_from <= $2 and (k.valid_to is null or k.valid_to > $2)
     order by k.customer_id, k.valid_from desc, k.id desc`,
    [customerIds, at(moment)],
  );

export interface Phone {
  role: 'customer' | (typeof CONTACT_ROLES)[number];
  name: string;
  phone: string;
}

/** The numbers of an account at an instant: those of the register first, then its contacts', the newest first. */
export const phonesOf = (db: Queryable, customerId: number, moment: number): Promise<Phone[]> =>
  db.query<Phone>(
    `select x.role, x.name, x.phone from (
       select 'customer' as role, name, mobile as phone, 0 as place, null::timestamptz as since from customer where id = $1
       union all select 'customer', name, landline, 1, null from customer where id = $1
       union all select role, name, phone, 2, valid_from from customer_contact
         where customer_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)) x
     where x.phone is not null order by x.place, x.since desc`,
    [customerId, at(moment)],
  );

/** For people who may not see names and numbers in clear. */
export const masked = <Row extends { name: string; phone: string | null }>(row: Row): Row => ({
  ...row,
  name: maskName(row.name),
  phone: maskNumber(row.phone),
});
