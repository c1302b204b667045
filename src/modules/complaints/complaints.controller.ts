import { Controller, Headers, UnsupportedMediaTypeException } from '@nestjs/common';
import type { z } from 'zod';
import { numberTaken } from '../reconnection/account-facts.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { EndpointSpec, InputOf } from '../http/endpoint.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { findComplaint, findComplaints } from './complaint-queries.js';
import type { Look } from './complaint-queries.js';
import { ComplaintsMetrics } from './complaints.metrics.js';
import {
  confirmLink,
  getComplaint,
  importComplaints,
  listComplaints,
  postAnswered,
  postComplaint,
  postContacted,
  rejectLink,
} from './complaints.schemas.js';
import type { Complaint } from './complaints.schemas.js';
import type { ComplaintStep } from '../../domain/complaints/promises.js';
import { decideLink } from './decide-link.js';
import { importComplaintFile } from './import-complaints.js';
import type { ComplaintImport } from './import-complaints.js';
import { recordComplaintStep } from './promises.js';
import { receive } from './receive.js';

type View = z.input<typeof Complaint>;
const FORMATS: Readonly<Record<string, 'csv' | 'ndjson'>> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };

@Controller()
export class ComplaintsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
    private readonly metrics: ComplaintsMetrics,
  ) {}

  @Endpoint(postComplaint)
  async post(@Input() { body }: InputOf<typeof postComplaint>, @Caller() caller: Principal): Promise<View> {
    const { id, created } = await this.db.inTx(async (tx) => {
      const complaint = {
        ...body,
        category: body.category ?? null,
        accountNo: body.accountNo ?? null,
        callerPhone: body.callerPhone ?? null,
        address: body.address ?? null,
      };
      const received = await receive(tx, [complaint], this.active.at(tx.now), caller.name);
      if (received.conflicts.size > 0) {
        throw numberTaken(
          'body.externalId',
          `The externalId ${body.externalId} is known with another text, channel or instant; give the new complaint its own.`,
        );
      }
      return { id: received.ids.get(body.externalId) ?? 0, created: received.created };
    });
    this.metrics.count(created);
    return findComplaint(this.db, id, this.look(caller, postComplaint));
  }

  @Endpoint(importComplaints)
  async import(
    @Input() { body }: InputOf<typeof importComplaints>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ComplaintImport['result']> {
    const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const format = FORMATS[type];
    if (format === undefined || typeof body !== 'string') {
      throw new UnsupportedMediaTypeException(
        `Send the file as ${Object.keys(FORMATS).join(' or ')}, not as ${type || 'nothing'}.`,
      );
    }
    const { result, created } = await this.db.inTx((tx) =>
      importComplaintFile(tx, body, format, this.active.at(tx.now), caller.name),
    );
    this.metrics.count(created);
    return result;
  }

  @Endpoint(listComplaints)
  list(@Input() input: InputOf<typeof listComplaints>, @Caller() caller: Principal): ReturnType<typeof findComplaints> {
    return findComplaints(this.db, input, this.look(caller, listComplaints));
  }

  @Endpoint(getComplaint)
  get(@Input() { params }: InputOf<typeof getComplaint>, @Caller() caller: Principal): Promise<View> {
    return findComplaint(this.db, params.id, this.look(caller, getComplaint));
  }

  @Endpoint(confirmLink)
  confirm(@Input() input: InputOf<typeof confirmLink>, @Caller() caller: Principal): Promise<View> {
    return this.decide('confirmed', input, caller);
  }

  @Endpoint(rejectLink)
  reject(@Input() input: InputOf<typeof confirmLink>, @Caller() caller: Principal): Promise<View> {
    return this.decide('rejected', input, caller);
  }

  @Endpoint(postContacted)
  contacted(@Input() input: InputOf<typeof postContacted>, @Caller() caller: Principal): Promise<View> {
    return this.done('contacted', input, caller);
  }

  @Endpoint(postAnswered)
  answered(@Input() input: InputOf<typeof postContacted>, @Caller() caller: Principal): Promise<View> {
    return this.done('answered', input, caller);
  }

  private async done(
    step: ComplaintStep,
    { params, body }: InputOf<typeof postContacted>,
    caller: Principal,
  ): Promise<View> {
    await this.db.inTx((tx) => {
      const given = { step, at: body.at ?? tx.now, by: body.by ?? caller.name, note: body.note };
      return recordComplaintStep(tx, this.active.at(tx.now), params.id, given, caller.name);
    });
    return findComplaint(this.db, params.id, this.look(caller, postContacted));
  }

  private async decide(
    status: 'confirmed' | 'rejected',
    { params, body }: InputOf<typeof confirmLink>,
    caller: Principal,
  ): Promise<View> {
    const { id, eventType, eventId } = params;
    await this.db.inTx((tx) =>
      decideLink(tx, { complaintId: id, eventType, eventId, status, note: body.note }, caller.name),
    );
    return findComplaint(this.db, id, this.look(caller, confirmLink));
  }

  private look(caller: Principal, spec: EndpointSpec): Look {
    return { caller, now: this.db.clock.now(), route: `${spec.method} ${spec.path}` };
  }
}
