import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { PROTECTION_KINDS } from '../../domain/reconnection/cut-facts.js';
import { PROTECTION_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import { Fault } from '../../fault.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { lockAccount, numberTaken } from './account-facts.js';
import { protection, protectionBody } from './arrears.schemas.js';
import { importProtections } from './import-accounts.js';
import { findProtection, listProtections, writeProtections } from './protections.js';

const tag = 'disconnections';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];

const postProtection = endpoint({
  method: 'POST',
  path: '/cut-protections',
  tag,
  summary:
    'Protect an account, an area (or, with neither, everybody) from cuts for a time: life support, 保电, hardship, a dispute, extreme ' +
    'weather. Sent again under its number it is changed; with an end it is lifted.',
  access: FACTS,
  body: protectionBody,
  response: protection,
  problems: {
    account_not_found: 'the register has no such account',
    conflict: 'the number is that of a protection of somebody else',
  },
});

const getProtections = endpoint({
  method: 'GET',
  path: '/cut-protections',
  tag,
  summary: 'Protections from cuts, the newest begin first; at keeps those in force then.',
  access: EVERYONE,
  query: z.strictObject({
    accountNo: z.string().optional(),
    area: z.string().optional(),
    kind: z.enum(PROTECTION_KINDS).optional(),
    at: instantInput.optional(),
    ...paging,
  }),
  response: pageOf(protection),
});

const postImport = importEndpoint({
  path: '/cut-protections/import',
  tag,
  columns: PROTECTION_COLUMNS,
  summary: 'Import protections from cuts; a known external_id is changed.',
});

@Controller()
export class ProtectionsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postProtection)
  write(@Input() { body }: InputOf<typeof postProtection>, @Caller() caller: Principal) {
    if (body.validTo !== null && body.validTo <= body.validFrom) {
      const message = 'must be later than validFrom';
      throw new Fault('invalid_input', `body.validTo: ${message}`, { errors: [{ path: 'body.validTo', message }] });
    }
    return this.db.inTx(async (tx) => {
      const account = body.accountNo === null ? null : await lockAccount(tx, body.accountNo);
      const active = this.active.at(tx.now);
      const foreign = await writeProtections(tx, active, [{ account, protection: body }], caller.name);
      const stored = foreign.size > 0 ? null : await findProtection(tx, body.externalId);
      if (stored !== null) return stored;
      throw numberTaken(
        'body.externalId',
        `The protection ${body.externalId} is that of somebody else; give this one a number of its own.`,
      );
    });
  }

  @Endpoint(getProtections)
  async list(@Input() { query }: InputOf<typeof getProtections>) {
    const { limit, cursor, accountNo, area, kind, at } = query;
    const after = decodeCursor(cursor, 2);
    const rows = await listProtections(
      this.db,
      { accountNo: accountNo ?? null, area: area ?? null, kind: kind ?? null, moment: at ?? null },
      after === null ? null : { validFrom: Number(after[0]), id: Number(after[1]) },
      limit + 1,
    );
    return page(rows, limit, (row) => [row.validFrom, row.id]);
  }

  @Endpoint(postImport)
  import(
    @Input() { body }: InputOf<typeof postImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, PROTECTION_COLUMNS);
    return this.db.inTx((tx) => importProtections(tx, this.active.at(tx.now), rows, caller.name));
  }
}
