import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { CONTACT_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import { Fault } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { findAccount, lockAccount, numberTaken } from './account-facts.js';
import { contact, contactBody } from './arrears.schemas.js';
import { CONTACT_ROLES, contactsOf, masked, phonesOf, writeContacts } from './contacts.js';
import type { Contact } from './contacts.js';
import { accountNo } from './disconnections.schemas.js';
import { importContacts } from './import-accounts.js';

const tag = 'arrears';
const params = z.strictObject({ accountNo });
const problems = { account_not_found: 'the register has no such account' };

const postContact = endpoint({
  method: 'POST',
  path: '/accounts/:accountNo/contacts',
  tag,
  summary:
    'Record a contact of the owner, the tenant or somebody else, or what changed of one that is known by its number.',
  access: ['integration', 'dispatcher'],
  params,
  body: contactBody,
  response: contact,
  problems: { ...problems, conflict: 'the number is that of a contact of another account' },
});

const getContacts = endpoint({
  method: 'GET',
  path: '/accounts/:accountNo/contacts',
  tag,
  summary: 'Contacts of an account that hold now, the newest first. Masked unless the role may see personal data.',
  access: EVERYONE,
  params,
  response: z.strictObject({ items: z.array(contact) }),
  problems,
});

const getPhones = endpoint({
  method: 'GET',
  path: '/accounts/:accountNo/phones',
  tag,
  summary:
    'Whom to phone about an account: the customer of the register, then the contacts that hold now. Masked unless the role may see personal ' +
    'data; each reading in clear is recorded.',
  access: EVERYONE,
  params,
  response: z.strictObject({
    items: z.array(
      z.strictObject({ role: z.enum(['customer', ...CONTACT_ROLES]), name: z.string(), phone: z.string() }),
    ),
  }),
  problems,
});

const postImport = importEndpoint({
  path: '/contacts/import',
  tag,
  columns: CONTACT_COLUMNS,
  summary: 'Import contacts of owners and tenants; a known external_id is changed.',
});

/** Whom to call about an account: who owns the place and who uses the power are often two (房东, 租户). */
@Controller()
export class ContactsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postContact)
  async write(@Input() { params: { accountNo: no }, body }: InputOf<typeof postContact>, @Caller() caller: Principal) {
    if (body.validTo !== null && body.validTo <= body.validFrom) {
      const message = 'must be later than validFrom';
      throw new Fault('invalid_input', `body.validTo: ${message}`, { errors: [{ path: 'body.validTo', message }] });
    }
    return this.db.inTx(async (tx) => {
      const account = await lockAccount(tx, no);
      const foreign = await writeContacts(tx, [{ account, contact: body }]);
      if (foreign.size > 0) {
        throw numberTaken(
          'body.externalId',
          `The contact ${body.externalId} belongs to another account; give this one a number of its own.`,
        );
      }
      return viewOf({ ...body, customerId: account.id, accountNo: account.accountNo }, maySeePersonalData(caller));
    });
  }

  @Endpoint(getContacts)
  list(@Input() { params: { accountNo: no } }: InputOf<typeof getContacts>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const account = await findAccount(tx, no);
      const found = await contactsOf(tx, [account.id], tx.now);
      const inClear = maySeePersonalData(caller);
      if (inClear && found.length > 0) {
        const route = 'GET /accounts/:accountNo/contacts';
        await recordPersonalDataAccess(tx, { at: tx.now, actor: caller.name, route, customerIds: [account.id] });
      }
      return { items: found.map((row) => viewOf(row, inClear)) };
    });
  }

  @Endpoint(getPhones)
  phones(@Input() { params: { accountNo: no } }: InputOf<typeof getPhones>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const account = await findAccount(tx, no);
      const phones = await phonesOf(tx, account.id, tx.now);
      const inClear = maySeePersonalData(caller);
      if (inClear && phones.length > 0) {
        const route = 'GET /accounts/:accountNo/phones';
        await recordPersonalDataAccess(tx, { at: tx.now, actor: caller.name, route, customerIds: [account.id] });
      }
      return { items: inClear ? phones : phones.map(masked) };
    });
  }

  @Endpoint(postImport)
  import(
    @Input() { body }: InputOf<typeof postImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, CONTACT_COLUMNS);
    return this.db.inTx((tx) => importContacts(tx, this.active.at(tx.now), rows, caller.name));
  }
}

function viewOf(row: Contact, inClear: boolean): Omit<Contact, 'customerId'> {
  const { customerId: _, ...view } = inClear ? row : masked(row);
  return view;
}
