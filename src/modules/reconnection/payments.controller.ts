import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { PAYMENT_COLUMNS } from '../../domain/reconnection/payment-rows.js';
import { Caller } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { withForecast } from './forecasts.js';
import { importPayments } from './import-payments.js';
import * as schemas from './order.schemas.js';
import { orderOfPayment } from './order-queries.js';
import { missingAfter, recordPayment } from './payments.js';
import type { Payment } from './payments.js';
import { reversePayment } from './reverse-payment.js';

const tag = 'reconnection';
const access: readonly AccessRole[] = ['integration', 'dispatcher'];

const postPayment = endpoint({
  method: 'POST',
  path: '/payments',
  tag,
  summary:
    'Record a payment. Payment in full starts the promise to restore, counted from paidAt; a part starts nothing and says what is ' +
    'missing. Idempotent by externalId.',
  access,
  body: schemas.paymentBody,
  response: schemas.payment,
  problems: {
    account_not_found: 'the register has no such account',
    conflict: 'it is on record with other content',
  },
});

const postReversal = endpoint({
  method: 'POST',
  path: '/payments/:externalId/reverse',
  tag,
  summary:
    'Take a payment back (bounced, booked in error). An order that rested on it is cancelled; when supply is back already, it is shown ' +
    'as reconnected on a reversed payment.',
  access,
  params: z.strictObject({ externalId: z.string() }),
  body: schemas.reversalBody,
  response: schemas.payment,
  problems: {
    payment_not_found: 'there is no payment of that number',
    conflict: 'it is reversed already, at another instant or for another reason',
  },
});

const postImport = importEndpoint({
  path: '/payments/import',
  tag,
  columns: PAYMENT_COLUMNS,
  summary:
    'Import payments of a billing system; idempotent by external_id. A line that is on record with the same content is accepted again.',
});

@Controller()
export class PaymentsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postPayment)
  payment(@Input() { body }: InputOf<typeof postPayment>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) =>
      this.answer(tx, await recordPayment(tx, this.active.at(tx.now), body, caller.name)),
    );
  }

  @Endpoint(postReversal)
  reverse(@Input() { params, body }: InputOf<typeof postReversal>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) =>
      this.answer(tx, await reversePayment(tx, this.active.at(tx.now), params.externalId, body, caller.name)),
    );
  }

  @Endpoint(postImport)
  import(
    @Input() { body }: InputOf<typeof postImport>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const rows = readImport(body, contentType, PAYMENT_COLUMNS);
    return this.db.inTx((tx) => importPayments(tx, this.active.at(tx.now), rows, caller.name));
  }

  private async answer(tx: Tx, payment: Payment): Promise<object> {
    const order = await orderOfPayment(tx, payment.id);
    return {
      ...payment,
      missing: await missingAfter(tx, payment),
      reconnectionOrder: order === null ? null : await withForecast(tx, order, this.active.at(tx.now), tx.now),
    };
  }
}
