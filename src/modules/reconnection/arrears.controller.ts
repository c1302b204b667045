import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { dayOfDate } from '../../domain/reconnection/days.js';
import { ARREARS_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { maskNumber } from '../../domain/masking.js';
import { maskName } from '../../domain/mask-name.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { listArrears } from './arrears-list.js';
import type { AccountInArrears } from './arrears-list.js';
import { recordArrears } from './arrears.js';
import * as schemas from './arrears.schemas.js';
import { masked } from './contacts.js';
import { importArrears } from './import-accounts.js';

const tag = 'arrears';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];
const problems = {
  account_not_found: 'the register has no such account',
  conflict: 'it is on record with other content',
};

const getArrears = endpoint({
  method: 'GET',
  path: '/arrears',
  tag,
  summary:
    'Accounts with unpaid overdue bills, the longest overdue first: the steps of collection taken, the next one and what it waits for, and ' +
    'what stands against a cut. callList keeps those whom no message reaches: they are phoned.',
  access: EVERYONE,
  query: z.strictObject({
    accountNo: z.string().optional(),
    area: z.string().optional(),
    overdueDays: z.coerce.number().int().min(1).max(10_000).default(1),
    callList: z.stringbool().default(false),
    ...paging,
  }),
  response: pageOf(schemas.accountInArrears),
});

const postArrears = endpoint({
  method: 'POST',
  path: '/arrears',
  tag,
  summary:
    'Record an overdue bill. One bill per account and due day; sent again, the amount is corrected while it is unpaid.',
  access: FACTS,
  body: schemas.arrearsBody,
  response: schemas.arrears,
  problems,
});

const postArrearsImport = importEndpoint({
  path: '/arrears/import',
  tag,
  columns: ARREARS_COLUMNS,
  summary: 'Import overdue bills; idempotent by account and due day.',
});
@Controller()
export class ArrearsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(getArrears)
  list(@Input() { query }: InputOf<typeof getArrears>, @Caller() caller: Principal): Promise<object> {
    const after = decodeCursor(query.cursor, 2);
    return this.db.inTx(async (tx) => {
      const rows = await listArrears(
        tx,
        this.active.at(tx.now),
        { ...query, accountNo: query.accountNo ?? null, area: query.area ?? null },
        after === null ? null : { day: Number(after[0]), customerId: Number(after[1]) },
        query.limit + 1,
      );
      const found = page(rows, query.limit, (row) => [dayOfDate(row.oldestDueOn), row.customerId]);
      const inClear = maySeePersonalData(caller);
      if (inClear) {
        await recordPersonalDataAccess(tx, {
          at: tx.now,
          actor: caller.name,
          route: 'GET /arrears',
          customerIds: found.items.map((row) => row.customerId),
        });
      }
      return { ...found, items: found.items.map((row) => viewOf(row, inClear)) };
    });
  }

  @Endpoint(postArrears)
  arrears(@Input() { body }: InputOf<typeof postArrears>, @Caller() caller: Principal) {
    return this.db.inTx((tx) => recordArrears(tx, this.active.at(tx.now), body, caller.name));
  }

  @Endpoint(postArrearsImport)
  importArrears(
    @Input() { body }: InputOf<typeof postArrearsImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, ARREARS_COLUMNS);
    return this.db.inTx((tx) => importArrears(tx, this.active.at(tx.now), rows, caller.name));
  }
}

function viewOf(row: AccountInArrears, inClear: boolean): object {
  const { customerId: _, contacts, ...view } = row;
  const shown = contacts.map(({ customerId: _id, accountNo: _no, ...contact }) =>
    inClear ? contact : masked(contact),
  );
  return {
    ...view,
    ...(inClear
      ? {}
      : { name: maskName(row.name), mobile: maskNumber(row.mobile), landline: maskNumber(row.landline) }),
    contacts: shown,
  };
}
