import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Caller } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { recordArrears, recordDunning } from './arrears.js';
import { recordDisconnection } from './disconnections.js';
import { withForecast } from './forecasts.js';
import { orderOfDisconnection } from './order-queries.js';
import * as schemas from './reconnection.schemas.js';

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
      const order = await orderOfDisconnection(tx, recorded.id);
      const reconnectionOrder = order === null ? null : await withForecast(tx, order, this.active.at(tx.now), tx.now);
      return { ...recorded, reconnectionOrder };
    });
  }
}
