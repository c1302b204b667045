import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { BUSINESS_NAMES, BUSINESSES } from '../../domain/repairs/routing.js';
import { Fault } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at, Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { EndpointSpec, InputOf } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { optionalText, text } from './repairs.schemas.js';
import { passOn, recordRequest } from './service-requests.js';

const KINDS = BUSINESSES.filter((business) => business !== 'default' && business !== 'repair');
const business = z.enum(KINDS).meta({ description: KINDS.map((name) => `${name} ${BUSINESS_NAMES[name]}`).join(', ') });

const ServiceRequest = z
  .strictObject({
    id,
    externalId: z.string(),
    business,
    accountNo: z.string().nullable(),
    area: z.string(),
    contact: z.string().nullable().meta({ description: 'masked unless the role may see it' }),
    text: z.string(),
    confirmedAt: instant,
    recordedAt: instant,
    recordedBy: z.string(),
    unit: z.string().nullable(),
    person: z.string().nullable(),
    routeNote: z.strictObject({ zh: z.string(), en: z.string() }).nullable(),
    passedOnAt: instant.nullable(),
    passedOnBy: z.string().nullable(),
    deadlines: z.array(z.strictObject({ id, stage: z.string(), dueAt: instant, state: z.string() })),
  })
  .meta({ id: 'ServiceRequest' });
type View = z.input<typeof ServiceRequest>;
type Row = View & { customerId: number | null };

const tag = 'repairs';
const access = ['integration', 'dispatcher', 'analyst'] as const;

const postRequest = endpoint({
  method: 'POST',
  path: '/service-requests',
  summary:
    'Records an opinion, a suggestion or other business and passes it on to the unit of the routing table; without one it waits for a ' +
    'person. Idempotent by externalId.',
  tag,
  access,
  body: z.strictObject({
    externalId: text(64),
    business,
    accountNo: optionalText(64),
    area: optionalText(100),
    contact: optionalText(200),
    text: text(10_000),
    confirmedAt: instantInput.meta({ description: 'when the customer confirmed it: the clock starts here' }),
  }),
  response: ServiceRequest,
  problems: { conflict: 'The externalId is known with other content.' },
});

const listRequests = endpoint({
  method: 'GET',
  path: '/service-requests',
  summary: 'Opinions, suggestions and other business, newest first',
  tag,
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    business: business.optional(),
    unit: z.string().optional(),
    waiting: z.enum(['yes', 'no']).optional().meta({ description: 'yes = not passed on yet' }),
  }),
  response: pageOf(ServiceRequest),
});

const postPassedOn = endpoint({
  method: 'POST',
  path: '/service-requests/:id/passed-on',
  summary: 'The request was passed on to the responsible unit',
  tag,
  access,
  params: z.strictObject({ id: idParameter }),
  body: z.strictObject({ at: instantInput, by: text(200), unit: optionalText(200) }),
  response: ServiceRequest,
  problems: { passed_on_already: 'It was passed on before.', unit_missing: 'No unit is known; name one.' },
});

const COLUMNS = `s.id, s.external_id as "externalId", s.business, s.account_no as "accountNo", s.area, s.contact, s.customer_id as "customerId", s.text,
  s.confirmed_at as "confirmedAt", s.recorded_at as "recordedAt", s.recorded_by as "recordedBy", s.unit, s.person,
  s.route_note as "routeNote", s.passed_on_at as "passedOnAt", s.passed_on_by as "passedOnBy",
  (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'stage', d.stage, 'dueAt', (extract(epoch from d.due_at) * 1000)::bigint,
     'state', d.state) order by d.due_at), '[]') from deadline d
   where d.kind = 'service_request' and d.subject_type = 'service_request' and d.subject_id = s.id) as deadlines`;

@Controller()
export class ServiceRequestsController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postRequest)
  async post(@Input() { body }: InputOf<typeof postRequest>, @Caller() caller: Principal): Promise<View> {
    const given = {
      ...body,
      accountNo: body.accountNo ?? null,
      area: body.area ?? null,
      contact: body.contact ?? null,
    };
    const requestId = await this.db.inTx((tx) => recordRequest(tx, this.active.at(tx.now), given, caller.name));
    return this.find(requestId, caller, postRequest);
  }

  @Endpoint(listRequests)
  async list(@Input() { query }: InputOf<typeof listRequests>, @Caller() caller: Principal): Promise<object> {
    const after = decodeCursor(query.cursor, 2);
    const rows = await this.db.query<Row>(
      `select ${COLUMNS} from service_request s
       where ($1::text is null or s.business = $1) and ($2::text is null or s.unit = $2)
         and ($3::boolean is null or (s.passed_on_at is null) = $3)
         and ($4::timestamptz is null or (s.confirmed_at, s.id) < ($4, $5::bigint))
       order by s.confirmed_at desc, s.id desc limit $6`,
      [
        query.business ?? null,
        query.unit ?? null,
        query.waiting === undefined ? null : query.waiting === 'yes',
        after === null ? null : at(Number(after[0])),
        after === null ? null : Number(after[1]),
        query.limit + 1,
      ],
    );
    const { items, nextCursor } = page(rows, query.limit, (row) => [row.confirmedAt, row.id]);
    return { items: await this.show(items, caller, listRequests), nextCursor };
  }

  @Endpoint(postPassedOn)
  async passOn(@Input() { params, body }: InputOf<typeof postPassedOn>, @Caller() caller: Principal): Promise<View> {
    const given = { ...body, unit: body.unit ?? null };
    await this.db.inTx((tx) => passOn(tx, this.active.at(tx.now), params.id, given, caller.name));
    return this.find(params.id, caller, postPassedOn);
  }

  private async find(requestId: number, caller: Principal, spec: EndpointSpec): Promise<View> {
    const rows = await this.db.query<Row>(`select ${COLUMNS} from service_request s where s.id = $1`, [requestId]);
    const [request] = await this.show(rows, caller, spec);
    if (request === undefined) throw new Fault('not_found', `There is no service request ${requestId}.`);
    return request;
  }

  /** Masks contacts, or logs whose were shown. */
  private async show(rows: readonly Row[], caller: Principal, spec: EndpointSpec): Promise<View[]> {
    const clear = maySeePersonalData(caller);
    if (clear) {
      const customerIds = rows.flatMap(({ contact, customerId }) => (contact === null ? [] : [customerId]));
      const route = `${spec.method} ${spec.path}`;
      await recordPersonalDataAccess(this.db, {
        at: this.db.clock.now(),
        actor: caller.name,
        route,
        customerIds: [...new Set(customerIds)],
      });
    }
    return rows.map((row) => {
      const { customerId: _, ...request } = row;
      return clear || request.contact === null ? request : { ...request, contact: '***' };
    });
  }
}
