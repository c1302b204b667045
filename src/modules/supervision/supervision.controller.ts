import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Tx } from '../database/database.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { assignOrder, closeOrder, replyToOrder } from './decide.js';
import { NoticeSheets } from './notice-sheets.js';
import { findOrder, findOrders } from './order-queries.js';
import type { Detail } from './order-queries.js';
import { getNoticeSheet, getOrder, listOrders, postAssign, postClose, postReply } from './supervision.schemas.js';

@Controller()
export class SupervisionController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
    private readonly sheets: NoticeSheets,
  ) {}

  @Endpoint(listOrders)
  list(@Input() input: InputOf<typeof listOrders>): ReturnType<typeof findOrders> {
    const now = this.db.clock.now();
    return findOrders(this.db, this.active.at(now), input, now);
  }

  @Endpoint(getOrder)
  get(@Input() { params }: InputOf<typeof getOrder>): Promise<Detail> {
    return this.find(params.id);
  }

  @Endpoint(getNoticeSheet)
  async sheet(@Input() { params, query }: InputOf<typeof getNoticeSheet>, @Res() reply: FastifyReply): Promise<void> {
    const order = await this.find(params.id);
    const { html, contentSecurityPolicy } = this.sheets.render(order, query.language, this.db.clock.now());
    await reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .send(html);
  }

  @Endpoint(postReply)
  reply(@Input() { params, body }: InputOf<typeof postReply>, @Caller() caller: Principal): Promise<Detail> {
    const reply = { ...body, expectedAt: body.expectedAt ?? null };
    return this.decide(params.id, (tx) => replyToOrder(tx, this.active.at(tx.now), params.id, reply, caller.name));
  }

  @Endpoint(postAssign)
  assign(@Input() { params, body }: InputOf<typeof postAssign>, @Caller() caller: Principal): Promise<Detail> {
    const given = { ...body, person: body.person ?? null };
    return this.decide(params.id, (tx) => assignOrder(tx, params.id, given, caller.name));
  }

  @Endpoint(postClose)
  close(@Input() { params, body }: InputOf<typeof postClose>, @Caller() caller: Principal): Promise<Detail> {
    const given = { note: body.note, withoutMeasurement: body.withoutMeasurement ?? null };
    return this.decide(params.id, (tx) => closeOrder(tx, this.active.at(tx.now), params.id, given, caller.name));
  }

  private async decide(id: number, work: (tx: Tx) => Promise<void>): Promise<Detail> {
    await this.db.inTx(work);
    return this.find(id);
  }

  private find(id: number): Promise<Detail> {
    const now = this.db.clock.now();
    return findOrder(this.db, this.active.at(now), id, now);
  }
}
