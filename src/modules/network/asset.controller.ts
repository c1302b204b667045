import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { maskName } from '../../domain/mask-name.js';
import { maskNumber } from '../../domain/masking.js';
import { ASSET_KINDS, SETTINGS } from '../../domain/register/asset-rows.js';
import { Fault } from '../../fault.js';
import { recordPersonalDataAccess } from '../auth/personal-data.js';
import { Caller, EVERYONE, maySeePersonalData } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, instant, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { CONNECTIONS } from '../../domain/detector.js';
import { customersOn, findAsset, lastReading, listAssets, readSurroundings } from './asset-queries.js';
import type { CustomerRow } from './asset-queries.js';

const number = z.number().nullable();
const supply = z.enum(['live', 'dead', 'unknown']);

const assetFields = {
  id,
  code: z.string(),
  kind: z.enum(ASSET_KINDS),
  parentCode: z.string().nullable(),
  name: z.string(),
  area: z.string(),
  setting: z.enum(SETTINGS),
  capacityKva: number,
  connection: z.enum(CONNECTIONS).nullable().meta({ description: 'Group of connection of the windings' }),
  tapPosition: number,
  tapCount: number,
  tapStepPercent: number,
  longitude: number,
  latitude: number,
  owner: z.string().nullable(),
  manager: z.string().nullable(),
  supply: supply.nullable().meta({ description: "A transformer's own supply; null for what is above transformers" }),
  supplySince: instant.nullable(),
};
const asset = z.strictObject(assetFields).meta({ id: 'Asset' });

const reading = z.strictObject({
  ts: instant,
  receivedAt: instant,
  ...Object.fromEntries(
    ['ua', 'ub', 'uc', 'ia', 'ib', 'ic', 'in', 'p', 'q', 'pf', 'f', 'temp'].map((name) => [name, number]),
  ),
});

const assetDetail = z
  .strictObject({
    ...assetFields,
    path: z.array(z.strictObject({ code: z.string(), kind: z.string(), name: z.string() })),
    transformers: z.strictObject({ live: z.number(), dead: z.number(), unknown: z.number() }),
    terminals: z.array(z.strictObject({ terminal: z.string(), intervalSeconds: z.number() })),
    lastReading: reading.nullable(),
    openWarnings: z.array(
      z.strictObject({
        id,
        kind: z.string(),
        severity: z.string(),
        status: z.string(),
        title: z.string(),
        happenedAt: instant,
      }),
    ),
    customerCount: z.number(),
    customers: z
      .array(
        z.strictObject({
          id,
          accountNo: z.string(),
          name: z.string(),
          phase: z.string().nullable(),
          category: z.string(),
          importance: z.number(),
          mobile: z.string().nullable(),
          landline: z.string().nullable(),
          disconnected: z.boolean(),
        }),
      )
      .meta({ description: 'Of a transformer, important ones first, at most 500; names and numbers masked by role' }),
  })
  .meta({ id: 'AssetDetail' });

const MAX_CUSTOMERS = 500;

const getAssets = endpoint({
  method: 'GET',
  path: '/network/assets',
  tag: 'network',
  summary: 'Assets of the register, with the supply of transformers. q finds parts of codes and names.',
  access: EVERYONE,
  query: z.strictObject({
    kind: z.enum(ASSET_KINDS).optional(),
    area: z.string().optional(),
    q: z.string().max(100).optional(),
    ...paging,
  }),
  response: pageOf(asset),
});

const getAsset = endpoint({
  method: 'GET',
  path: '/network/assets/:code',
  tag: 'network',
  summary: 'One asset: where it hangs, supply, last reading, open warnings at or below it, customers.',
  access: EVERYONE,
  params: z.strictObject({ code: z.string() }),
  response: assetDetail,
});

@Controller()
export class AssetController {
  constructor(private readonly db: Database) {}

  @Endpoint(getAssets)
  async list(@Input() { query }: InputOf<typeof getAssets>) {
    const [afterId = 0] = decodeCursor(query.cursor, 1) ?? [];
    const rows = await listAssets(this.db, {
      kind: query.kind ?? null,
      area: query.area ?? null,
      q: query.q ?? null,
      afterId,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (row) => [row.id]);
  }

  @Endpoint(getAsset)
  async one(@Input() { params }: InputOf<typeof getAsset>, @Caller() caller: Principal) {
    const found = await findAsset(this.db, params.code);
    if (found === null) throw new Fault('not_found', `There is no asset ${params.code} in the register.`);
    const isTransformer = found.kind === 'transformer';
    const customers = isTransformer ? await customersOn(this.db, found.id, MAX_CUSTOMERS) : [];
    return {
      ...found,
      ...(await readSurroundings(this.db, found.id)),
      lastReading: isTransformer ? await lastReading(this.db, found.id) : null,
      customers: await this.shownTo(caller, customers),
    };
  }

  private async shownTo(caller: Principal, customers: readonly CustomerRow[]): Promise<CustomerRow[]> {
    const inClear = maySeePersonalData(caller);
    if (inClear) {
      await recordPersonalDataAccess(this.db, {
        at: this.db.clock.now(),
        actor: caller.name,
        route: 'GET /network/assets/{code}',
        customerIds: customers.map((customer) => customer.id),
      });
    }
    return customers.map((customer) =>
      inClear
        ? customer
        : {
            ...customer,
            name: maskName(customer.name),
            mobile: maskNumber(customer.mobile),
            landline: maskNumber(customer.landline),
          },
    );
  }
}
