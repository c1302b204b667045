import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { refusal } from '../../fault.js';
import type { Leg } from '../../domain/repairs/repair-legs.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { EndpointSpec, InputOf } from '../http/endpoint.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { bookCallback } from './book-callback.js';
import { bookLeg } from './book-leg.js';
import { findOrder, findOrders, orderOfReport } from './order-queries.js';
import type { Look } from './order-queries.js';
import { findReport, findReports } from './report-queries.js';
import { RepairsMetrics } from './repairs.metrics.js';
import {
  getOrder,
  listOrders,
  listReports,
  postArrived,
  postCalledBack,
  postDispatched,
  postRepaired,
  postReport,
} from './repairs.schemas.js';
import { takeReport } from './take-report.js';

@Controller()
export class RepairsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
    private readonly metrics: RepairsMetrics,
  ) {}

  /** The status says whether an order was made, so the answer is written here. */
  @Endpoint(postReport)
  async report(
    @Input() { body }: InputOf<typeof postReport>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { externalId, accountNo, callerPhone, transformerCode, address, contact, foundAt, place, firstGuess } = body;
    const force = body.force ?? null;
    if (force !== null && !caller.roles.some((role) => role === 'admin' || role === 'dispatcher')) {
      throw refusal(
        'forbidden',
        {
          rule: 'known_cause_first',
          path: 'body.force',
          zh: '原因已知时，只有调度员可以要求派单',
          en: 'Only a dispatcher may ask for an order in spite of a known cause; leave force out.',
          source: '95598 work rules: the known cause is asked for first; own: whose decision the exception is',
        },
        'forbidden',
      );
    }
    const call = {
      externalId: externalId ?? null,
      accountNo: accountNo ?? null,
      callerPhone: callerPhone ?? null,
      transformerCode: transformerCode ?? null,
      address: address ?? null,
      contact: contact ?? null,
      symptom: body.symptom,
      foundAt: foundAt ?? null,
      place: place ?? null,
      extent: body.extent,
      firstGuess: firstGuess ?? null,
      at: body.at ?? null,
      force,
    };
    const taken = await this.db.inTx((tx) => takeReport(tx, this.active.at(tx.now), call, caller.name));
    this.metrics.count(taken);
    const look = this.look(caller, postReport);
    const report = await findReport(this.db, taken.reportId, look);
    const order = await orderOfReport(this.db, taken.reportId, look);
    await reply.status(taken.ordered ? 201 : 200).send(postReport.response.parse({ report, order }));
  }

  @Endpoint(listOrders)
  list(@Input() input: InputOf<typeof listOrders>, @Caller() caller: Principal): ReturnType<typeof findOrders> {
    return findOrders(this.db, input, this.look(caller, listOrders));
  }

  @Endpoint(listReports)
  reports(@Input() input: InputOf<typeof listReports>, @Caller() caller: Principal): ReturnType<typeof findReports> {
    return findReports(this.db, input, this.look(caller, listReports));
  }

  @Endpoint(getOrder)
  get(@Input() { params }: InputOf<typeof getOrder>, @Caller() caller: Principal): ReturnType<typeof findOrder> {
    return findOrder(this.db, params.id, this.look(caller, getOrder));
  }

  @Endpoint(postDispatched)
  dispatched(
    @Input() input: InputOf<typeof postDispatched>,
    @Caller() caller: Principal,
  ): ReturnType<typeof findOrder> {
    return this.book('dispatched', input, caller);
  }

  @Endpoint(postArrived)
  arrived(@Input() input: InputOf<typeof postDispatched>, @Caller() caller: Principal): ReturnType<typeof findOrder> {
    return this.book('arrived', input, caller);
  }

  @Endpoint(postRepaired)
  repaired(@Input() input: InputOf<typeof postDispatched>, @Caller() caller: Principal): ReturnType<typeof findOrder> {
    return this.book('repaired', input, caller);
  }

  @Endpoint(postCalledBack)
  async calledBack(
    @Input() { params, body }: InputOf<typeof postCalledBack>,
    @Caller() caller: Principal,
  ): ReturnType<typeof findOrder> {
    const call = { ...body, satisfied: body.satisfied ?? null };
    await this.db.inTx((tx) => bookCallback(tx, this.active.at(tx.now), params.id, call, caller.name));
    return findOrder(this.db, params.id, this.look(caller, postCalledBack));
  }

  private async book(
    leg: Leg,
    { params, body }: InputOf<typeof postDispatched>,
    caller: Principal,
  ): ReturnType<typeof findOrder> {
    await this.db.inTx((tx) => bookLeg(tx, this.active.at(tx.now), params.id, leg, body, caller.name));
    return findOrder(this.db, params.id, this.look(caller, postDispatched));
  }

  private look(caller: Principal, spec: EndpointSpec): Look {
    return { caller, now: this.db.clock.now(), route: `${spec.method} ${spec.path}` };
  }
}
