import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { DUNNING_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { findAccount } from './account-facts.js';
import { accountNo } from './disconnections.schemas.js';
import * as schemas from './dunning.schemas.js';
import { findSteps, maskedStep } from './dunning-queries.js';
import type { DunningStep } from './dunning-queries.js';
import { recordDunning } from './dunning.js';
import { importDunning } from './import-accounts.js';
import { sendDunning } from './send-dunning.js';

const tag = 'arrears';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];
const params = z.strictObject({ accountNo });
const problems = {
  account_not_found: 'the register has no such account',
  contact_not_found: 'the account has no such contact',
  conflict: 'it is on record with other content',
};

const postDunning = endpoint({
  method: 'POST',
  path: '/arrears/:accountNo/dunning',
  tag,
  summary:
    'Record a step of collection (三级催收), whom it was addressed to, its result and what proves it. Without one that reached the ' +
    'customer supply must not be cut.',
  access: FACTS,
  params,
  body: schemas.dunningBody,
  response: schemas.dunningStep,
  problems,
});

const postSend = endpoint({
  method: 'POST',
  path: '/arrears/:accountNo/dunning/send',
  tag,
  summary:
    'Take a step of collection by a message that the service sends, to the customer or to one contact; by day, once, and not once it is ' +
    'paid. Its result is what becomes of the message; who can have no message is put on the call list.',
  access: FACTS,
  params,
  body: schemas.sendBody,
  response: schemas.dunningStep,
  problems: {
    ...problems,
    nothing_owed: 'no unpaid overdue bill is on record',
    sent_today: 'this number was written to today about the account',
  },
});

const getDunning = endpoint({
  method: 'GET',
  path: '/arrears/:accountNo/dunning',
  tag,
  summary: 'Steps of collection of an account, the newest first, with whom they reached and what proves it.',
  access: EVERYONE,
  params,
  query: z.strictObject(paging),
  response: pageOf(schemas.dunningStep),
  problems: { account_not_found: problems.account_not_found },
});

const postDunningImport = importEndpoint({
  path: '/dunning-steps/import',
  tag,
  columns: DUNNING_COLUMNS,
  summary: 'Import steps of collection; idempotent by external_id.',
});

/** Steps of collection: taken by people, or sent by the service. */
@Controller()
export class DunningController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postDunning)
  record(@Input() { params: { accountNo: no }, body }: InputOf<typeof postDunning>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const id = await recordDunning(tx, this.active.at(tx.now), { ...body, accountNo: no }, caller.name);
      return this.one(tx, id, caller);
    });
  }

  @Endpoint(postSend)
  send(@Input() { params: { accountNo: no }, body }: InputOf<typeof postSend>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const id = await sendDunning(tx, this.active.at(tx.now), { ...body, accountNo: no }, caller.name);
      return this.one(tx, id, caller);
    });
  }

  @Endpoint(getDunning)
  list(@Input() { params: { accountNo: no }, query }: InputOf<typeof getDunning>, @Caller() caller: Principal) {
    const after = decodeCursor(query.cursor, 1);
    return this.db.inTx(async (tx) => {
      const { id: customerId } = await findAccount(tx, no);
      const beforeId = after === null ? null : Number(after[0]);
      const rows = await findSteps(tx, { customerId, beforeId, limit: query.limit + 1 });
      const found = page(rows, query.limit, (row) => [row.id]);
      if (maySeePersonalData(caller) && found.items.length > 0) {
        const route = 'GET /arrears/:accountNo/dunning';
        await recordPersonalDataAccess(tx, { at: tx.now, actor: caller.name, route, customerIds: [customerId] });
      }
      return { ...found, items: found.items.map((step) => viewFor(caller, step)) };
    });
  }

  @Endpoint(postDunningImport)
  import(
    @Input() { body }: InputOf<typeof postDunningImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, DUNNING_COLUMNS);
    return this.db.inTx((tx) => importDunning(tx, this.active.at(tx.now), rows, caller.name));
  }

  private async one(tx: Tx, id: number, caller: Principal): Promise<DunningStep> {
    const [step] = await findSteps(tx, { id });
    if (step === undefined) throw new Error(`the step ${id} was written in this transaction`);
    return viewFor(caller, step);
  }
}

const viewFor = (caller: Principal, step: DunningStep): DunningStep =>
  maySeePersonalData(caller) ? step : maskedStep(step);
