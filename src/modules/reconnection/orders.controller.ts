import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Fault, ruleError } from '../../fault.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { AccessRole, Principal } from '../auth/principal.js';
import { at, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { idParameter, instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { lockAccount } from './account-facts.js';
import { withForecast, withForecasts } from './forecasts.js';
import * as schemas from './order.schemas.js';
import { findOrder, listOrders, orderOfDisconnection } from './order-queries.js';
import { lockOrder, recordStep } from './order-steps.js';
import type { OrderStep } from './order-steps.js';
import { listPaidButDark } from './paid-but-dark.js';
import { requestRemote } from './remote-tries.js';
import { recordReconnection } from './restorations.js';

const tag = 'reconnection';
const FACTS: readonly AccessRole[] = ['integration', 'dispatcher'];
const params = z.strictObject({ id: idParameter });
const notFound = { not_found: 'there is no such order' };

const postReconnection = endpoint({
  method: 'POST',
  path: '/reconnections',
  tag,
  summary:
    "Record that a customer is back on: the crew's word, or what a metering system read. Only the latter keeps the promise.",
  access: FACTS,
  body: schemas.reconnectionBody,
  response: schemas.reconnection,
  problems: {
    account_not_found: 'the register has no such account',
    conflict: 'another word is on record and stands',
    not_disconnected: 'no disconnection of this account is on record',
  },
});

const getOrders = endpoint({
  method: 'GET',
  path: '/reconnection-orders',
  tag,
  summary:
    'Promises to restore after payment, the most urgent first. due keeps those that are due until that instant; from and to those that ' +
    'were paid between them.',
  access: EVERYONE,
  query: z.strictObject({
    state: z.enum(schemas.ORDER_STATES).optional(),
    due: instantInput.optional(),
    area: z.string().min(1).optional(),
    crew: z.string().optional(),
    from: instantInput.optional(),
    to: instantInput.optional(),
    ...paging,
  }),
  response: pageOf(schemas.reconnectionOrder),
});

const getDark = endpoint({
  method: 'GET',
  path: '/reconnection-orders/paid-but-dark',
  tag,
  summary:
    'Customers who paid in full and are without supply, the most urgent first. In /live it changes with reconnection_*, ' +
    'remote_reconnection, outage_* and supply_changed entries.',
  access: EVERYONE,
  query: z.strictObject({ area: z.string().min(1).optional(), ...paging }),
  response: pageOf(schemas.paidButDark),
});

const getOrder = endpoint({
  method: 'GET',
  path: '/reconnection-orders/:id',
  tag,
  summary: 'One promise with its legs, stages, forecast and arithmetic',
  access: EVERYONE,
  params,
  response: schemas.reconnectionOrder,
  problems: notFound,
});

const step = <const Path extends string>(path: Path, summary: string, access: readonly AccessRole[] = FACTS) =>
  endpoint({
    method: 'POST',
    path: `/reconnection-orders/:id/${path}`,
    tag,
    summary,
    access,
    params,
    body: schemas.stepBody,
    response: schemas.reconnectionOrder,
    problems: notFound,
  });
const postAssigned = step('crew-assigned', 'A crew has the order; by is the crew');
const postEnRoute = step('crew-en-route', 'The crew is on its way; by is the crew');
const postAcknowledged = step(
  'acknowledged',
  'The customer says that it is safe to switch on (by is who said so); a remote command that waits for it is sent',
);

const postRemote = endpoint({
  method: 'POST',
  path: '/reconnection-orders/:id/remote',
  tag,
  summary: 'Close the switch from afar; see docs/remote-switch.md',
  access: ['dispatcher'],
  params,
  response: schemas.reconnectionOrder,
  problems: { ...notFound, remote_reconnection_not_allowed: 'errors has every reason with its source' },
});

const postDirect = endpoint({
  method: 'POST',
  path: '/direct-reconnections',
  tag,
  summary: 'Record whether a customer agreed to be switched on from afar without being asked first',
  access: FACTS,
  body: schemas.directBody,
  response: schemas.direct,
  problems: { account_not_found: 'the register has no such account' },
});

@Controller()
export class OrdersController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postReconnection)
  reconnection(@Input() { body }: InputOf<typeof postReconnection>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const disconnectionId = await recordReconnection(tx, this.active.at(tx.now), body, caller.name);
      const order = await orderOfDisconnection(tx, disconnectionId);
      const reconnectionOrder = order === null ? null : await withForecast(tx, order, this.active.at(tx.now), tx.now);
      return { ...body, disconnectionId, reconnectionOrder };
    });
  }

  @Endpoint(getOrders)
  async orders(@Input() { query }: InputOf<typeof getOrders>) {
    const { state = null, due = null, area = null, crew = null, from = null, to = null, limit } = query;
    const rows = await listOrders(this.db, { state, due, area, crew, from, to }, afterOf(query.cursor), limit + 1);
    return this.pageOf(rows, limit);
  }

  @Endpoint(getDark)
  async dark(@Input() { query }: InputOf<typeof getDark>) {
    const rows = await listPaidButDark(this.db, query.area ?? null, afterOf(query.cursor), query.limit + 1);
    return this.pageOf(rows, query.limit);
  }

  @Endpoint(getOrder)
  order(@Input() { params }: InputOf<typeof getOrder>) {
    return this.db.inTx((tx) => this.read(tx, params.id));
  }

  @Endpoint(postAssigned)
  assigned(@Input() input: InputOf<typeof postAssigned>, @Caller() caller: Principal) {
    return this.take('crew_assigned', input, caller);
  }

  @Endpoint(postEnRoute)
  enRoute(@Input() input: InputOf<typeof postEnRoute>, @Caller() caller: Principal) {
    return this.take('crew_en_route', input, caller);
  }

  @Endpoint(postAcknowledged)
  acknowledged(@Input() input: InputOf<typeof postAcknowledged>, @Caller() caller: Principal) {
    return this.take('acknowledged', input, caller);
  }

  @Endpoint(postRemote)
  remote(@Input() { params }: InputOf<typeof postRemote>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      await lockOrder(tx, params.id);
      const found = await requestRemote(tx, this.active.at(tx.now), params.id, caller.name);
      if (found.length > 0)
        throw new Fault(
          'not_allowed',
          `The switch must not be closed from afar: ${found.map(({ en }) => en).join('; ')}.`,
          {
            problem: 'remote_reconnection_not_allowed',
            errors: found.map((obstacle) => ruleError({ ...obstacle, path: `path.id:${obstacle.rule}` })),
          },
        );
      return this.read(tx, params.id);
    });
  }

  @Endpoint(postDirect)
  direct(@Input() { body }: InputOf<typeof postDirect>, @Caller() caller: Principal) {
    return this.db.inTx(async (tx) => {
      const account = await lockAccount(tx, body.accountNo);
      await tx.query(
        `insert into direct_reconnection (customer_id, agreed, reason, recorded_by, recorded_at) values ($1, $2, $3, $4, $5)
         on conflict (customer_id) do update set agreed = excluded.agreed, reason = excluded.reason,
           recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at`,
        [account.id, body.agreed, body.reason, caller.name, at(tx.now)],
      );
      return { ...body, recordedBy: caller.name, recordedAt: tx.now };
    });
  }

  private take(
    name: OrderStep,
    { params, body }: { params: { id: number }; body: z.output<typeof schemas.stepBody> },
    caller: Principal,
  ): Promise<object> {
    return this.db.inTx(async (tx) => {
      await recordStep(tx, this.active.at(tx.now), params.id, name, body, caller.name);
      return this.read(tx, params.id);
    });
  }

  private async read(tx: Tx, id: number): Promise<object> {
    const order = await findOrder(tx, id);
    if (order === null) throw new Fault('not_found', `There is no reconnection order ${id}.`);
    return withForecast(tx, order, this.active.at(tx.now), tx.now);
  }

  private async pageOf<Row extends Awaited<ReturnType<typeof listOrders>>[number]>(rows: Row[], limit: number) {
    const now = this.db.clock.now();
    const { items, nextCursor } = page(rows, limit, (row) => [row.dueAt, row.id]);
    return { items: await withForecasts(this.db, items, this.active.at(now), now), nextCursor };
  }
}

function afterOf(cursor: string | undefined): { dueAt: number; id: number } | null {
  const key = decodeCursor(cursor, 2);
  return key === null ? null : { dueAt: Number(key[0]), id: Number(key[1]) };
}
