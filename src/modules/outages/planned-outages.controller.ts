import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { at, atOrNull, Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { cancelPlanned, changePlanned, findPlanned, PLANNED_COLUMNS, registerPlanned } from './planned-outages.js';
import type { PlannedOutage, PlannedOutageFields } from './planned-outages.js';

const nature = z.enum(['planned', 'temporary', 'rationing']);
const assets = z.array(z.string().min(1)).min(1).max(10_000);
const reason = z.string().trim().max(2_000);

const PlannedOutageView = z
  .strictObject({
    id,
    externalId: z.string(),
    assets: z.array(z.string()),
    startsAt: instant,
    endsAt: instant,
    nature,
    reason: z.string(),
    state: z.enum(['registered', 'cancelled']),
    registeredAt: instant,
    changedAt: instant,
    registeredLate: z
      .strictObject({ requiredHours: z.number(), givenHours: z.number(), source: z.string() })
      .nullable()
      .meta({ description: 'set when the work was registered, or moved, later than its rule demands' }),
    outages: z.array(id),
  })
  .meta({ id: 'PlannedOutage' });

const common = { tag: 'outages', response: PlannedOutageView } as const;
const WRITERS = ['integration', 'dispatcher'] as const;
const params = z.strictObject({ id: idParameter });
const problems = { not_found: 'There is no planned outage with this id.' };

const REGISTER = endpoint({
  ...common,
  method: 'POST',
  path: '/planned-outages',
  summary: 'Register a planned work; the same externalId again changes it',
  access: WRITERS,
  body: z.strictObject({
    externalId: z.string().min(1).max(200),
    assets,
    startsAt: instantInput,
    endsAt: instantInput,
    nature,
    reason: reason.default(''),
  }),
});
const CHANGE = endpoint({
  ...common,
  method: 'PATCH',
  path: '/planned-outages/:id',
  summary: 'Change a planned work; outages that have begun follow',
  access: WRITERS,
  params,
  body: z
    .strictObject({ assets, startsAt: instantInput, endsAt: instantInput, nature, reason })
    .partial()
    .refine((body) => Object.keys(body).length > 0, 'give at least one field to change'),
  problems,
});
const CANCEL = endpoint({
  ...common,
  method: 'DELETE',
  path: '/planned-outages/:id',
  summary: 'Cancel a planned work; it stays to be read',
  access: WRITERS,
  params,
  problems,
});
const READ = endpoint({
  ...common,
  method: 'GET',
  path: '/planned-outages/:id',
  summary: 'One planned work',
  access: EVERYONE,
  params,
  problems,
});
const LIST = endpoint({
  method: 'GET',
  path: '/planned-outages',
  summary: 'Planned works whose window touches the stretch of time, the latest start first',
  tag: 'outages',
  access: EVERYONE,
  query: z.strictObject({
    state: z.enum(['registered', 'cancelled']).optional(),
    nature: nature.optional(),
    from: instantInput.optional(),
    to: instantInput.optional(),
    ...paging,
  }),
  response: pageOf(PlannedOutageView),
});

@Controller()
export class PlannedOutagesController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(REGISTER)
  register(@Input() { body }: InputOf<typeof REGISTER>, @Caller() caller: Principal): Promise<PlannedOutage> {
    const { externalId, ...fields } = body;
    return this.db.inTx((tx) => registerPlanned(tx, externalId, fields, caller.name, this.active.at(tx.now)));
  }

  @Endpoint(CHANGE)
  change(
    @Input() { params: { id: which }, body }: InputOf<typeof CHANGE>,
    @Caller() caller: Principal,
  ): Promise<PlannedOutage> {
    const given = Object.fromEntries(
      Object.entries(body).filter(([, value]) => value !== undefined),
    ) as Partial<PlannedOutageFields>;
    return this.db.inTx((tx) => changePlanned(tx, which, given, caller.name, this.active.at(tx.now)));
  }

  @Endpoint(CANCEL)
  cancel(
    @Input() { params: { id: which } }: InputOf<typeof CANCEL>,
    @Caller() caller: Principal,
  ): Promise<PlannedOutage> {
    return this.db.inTx((tx) => cancelPlanned(tx, which, caller.name));
  }

  @Endpoint(READ)
  read(@Input() { params: { id: which } }: InputOf<typeof READ>): Promise<PlannedOutage> {
    return findPlanned(this.db, which);
  }

  @Endpoint(LIST)
  async list(@Input() { query }: InputOf<typeof LIST>): Promise<object> {
    const after = decodeCursor(query.cursor, 2);
    const rows = await this.db.query<PlannedOutage>(
      `select ${PLANNED_COLUMNS} from planned_outage po
       where ($1::text is null or po.state = $1) and ($2::text is null or po.nature = $2)
         and ($3::timestamptz is null or po.ends_at > $3) and ($4::timestamptz is null or po.starts_at < $4)
         and ($5::timestamptz is null or (po.starts_at, po.id) < ($5, $6::bigint))
       order by po.starts_at desc, po.id desc limit $7`,
      [
        query.state ?? null,
        query.nature ?? null,
        atOrNull(query.from ?? null),
        atOrNull(query.to ?? null),
        after === null ? null : at(Number(after[0])),
        after === null ? null : Number(after[1]),
        query.limit + 1,
      ],
    );
    return page(rows, query.limit, (row) => [row.startsAt, row.id]);
  }
}
