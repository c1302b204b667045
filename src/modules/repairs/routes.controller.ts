import { Controller, Headers } from '@nestjs/common';
import { z } from 'zod';
import { BUSINESSES, ROUTE_COLUMNS } from '../../domain/repairs/routing.js';
import { Caller, EVERYONE } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { importEndpoint, readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { routeWaiting } from './route-waiting.js';
import { findRoute, importRoutes, listRoutes } from './routes.js';

const business = z.enum(BUSINESSES);
const route = z
  .strictObject({
    business,
    area: z.string().meta({ description: 'empty = everywhere' }),
    unit: z.string(),
    person: z.string().nullable(),
    phone: z.string().nullable(),
  })
  .meta({ id: 'ResponsibilityRoute' });

const postRoutes = importEndpoint({
  path: '/responsibility-routes',
  tag: 'repairs',
  columns: ROUTE_COLUMNS,
  summary:
    'Import the routing table: which unit is responsible for a business in an area. An empty area is everywhere, the business default ' +
    'is what nothing else fits.',
});

const getRoutes = endpoint({
  method: 'GET',
  path: '/responsibility-routes',
  tag: 'repairs',
  summary: 'The routing table',
  access: EVERYONE,
  response: z.strictObject({ items: z.array(route) }),
});

const getResponsible = endpoint({
  method: 'GET',
  path: '/responsibility-routes/:business',
  tag: 'repairs',
  summary: 'Who is responsible for a business in an area, or why nobody is',
  access: EVERYONE,
  params: z.strictObject({ business }),
  query: z.strictObject({ area: z.string().default('') }),
  response: z
    .strictObject({
      unit: z.string().nullable(),
      person: z.string().nullable(),
      why: z
        .enum(['business_and_area', 'business', 'default', 'no_route'])
        .meta({ description: 'which line of the table says so' }),
      missing: z.strictObject({ zh: z.string(), en: z.string() }).nullable(),
    })
    .meta({ id: 'Responsible' }),
});

/** Responsibility is data of the utility: imported, never guessed. */
@Controller()
export class RoutesController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postRoutes)
  import(
    @Input() { body }: InputOf<typeof postRoutes>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    const raw = readImport(body, contentType, ROUTE_COLUMNS);
    return this.db.inTx(async (tx) => {
      const result = await importRoutes(tx, raw);
      if (result.accepted > 0) await routeWaiting(tx, this.active.at(tx.now), caller.name);
      return result;
    });
  }

  @Endpoint(getRoutes)
  async list(): Promise<object> {
    return { items: await listRoutes(this.db) };
  }

  @Endpoint(getResponsible)
  async responsible(@Input() { params, query }: InputOf<typeof getResponsible>): Promise<object> {
    const { route, why } = await findRoute(this.db, params.business, query.area);
    return route === null
      ? { unit: null, person: null, why: 'no_route', missing: why }
      : { unit: route.unit, person: route.person, why, missing: null };
  }
}
