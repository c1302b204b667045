import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { recordArrears, recordDunning } from './arrears.js';
import { recordDisconnection } from './disconnections.js';
import { listOrders, orderOfDisconnection, orderOfPayment } from './order-queries.js';
import { recordPayment } from './payments.js';
import * as schemas from './reconnection.schemas.js';
import { recordReconnection } from './restorations.js';

const tag = 'reconnection';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];
const problems = {
  account_not_found: 'the register has no such account',
  conflict: 'it is on record with other content',
};

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

const postDunning = endpoint({
  method: 'POST',
  path: '/arrears/:accountNo/dunning',
  tag,
  summary: 'Record a step of collection (三级催收). Without one supply must not be cut.',
  access: FACTS,
  params: z.strictObject({ accountNo: schemas.accountNo }),
  body: schemas.dunningBody,
  response: schemas.dunningStep,
  problems,
});

const postDisconnection = endpoint({
  method: 'POST',
  path: '/disconnections',
  tag,
  summary:
    'Record a planned cut (refused when the rules forbid it) or, with disconnectedAt, one that was done. Idempotent by externalId; ' +
    'fields that were left open may be completed by sending it again.',
  access: FACTS,
  body: schemas.disconnectionBody,
  response: schemas.disconnection,
  problems: {
    ...problems,
    disconnection_not_allowed: 'the planned cut lacks steps of the procedure; `errors` has every one with its source',
  },
});

const postPayment = endpoint({
  method: 'POST',
  path: '/payments',
  tag,
  summary:
    'Record a payment. Payment in full starts the promise to restore, counted from paidAt. Idempotent by externalId.',
  access: FACTS,
  body: schemas.paymentBody,
  response: schemas.payment,
  problems,
});

const postReconnection = endpoint({
  method: 'POST',
  path: '/reconnections',
  tag,
  summary: "Record the crew's word that a customer is back on; measured power is stronger.",
  access: FACTS,
  body: schemas.reconnectionBody,
  response: schemas.reconnection,
  problems: { ...problems, not_disconnected: 'no disconnection of this account is on record' },
});

const getOrders = endpoint({
  method: 'GET',
  path: '/reconnection-orders',
  tag,
  summary: 'Promises to restore after payment, the most urgent first. due keeps those that are due until that instant.',
  access: EVERYONE,
  query: z.strictObject({
    state: z.enum(['open', 'met', 'breached']).optional(),
    due: instantInput.optional(),
    ...paging,
  }),
  response: pageOf(schemas.reconnectionOrder),
});

@Controller()
export class ReconnectionController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postArrears)
  arrears(@Input() { body }: InputOf<typeof postArrears>) {
    return this.db.inTx((tx) => recordArrears(tx, body));
  }

  @Endpoint(postDunning)
  dunning(@Input() { params, body }: InputOf<typeof postDunning>) {
    return this.db.inTx((tx) => recordDunning(tx, params.accountNo, body));
  }

  @Endpoint(postDisconnection)
  disconnection(@Input() { body }: InputOf<typeof postDisconnection>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const recorded = await recordDisconnection(tx, this.active.at(tx.now), body, caller.name);
      return { ...recorded, reconnectionOrder: await orderOfDisconnection(tx, recorded.id) };
    });
  }

  @Endpoint(postPayment)
  payment(@Input() { body }: InputOf<typeof postPayment>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const recorded = await recordPayment(tx, this.active.at(tx.now), body, caller.name);
      return { ...recorded, reconnectionOrder: await orderOfPayment(tx, recorded.id) };
    });
  }

  @Endpoint(postReconnection)
  reconnection(@Input() { body }: InputOf<typeof postReconnection>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const disconnectionId = await recordReconnection(tx, this.active.at(tx.now), body, caller.name);
      return { ...body, disconnectionId, reconnectionOrder: await orderOfDisconnection(tx, disconnectionId) };
    });
  }

  @Endpoint(getOrders)
  async orders(@Input() { query }: InputOf<typeof getOrders>) {
    const cursor = decodeCursor(query.cursor, 2);
    const rows = await listOrders(this.db, {
      state: query.state ?? null,
      due: query.due ?? null,
      after: cursor === null ? null : { dueAt: Number(cursor[0]), id: Number(cursor[1]) },
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (row) => [row.dueAt, row.id]);
  }
}
