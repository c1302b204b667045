import { Controller, Headers } from '@nestjs/common';
import { ASSET_COLUMNS } from '../../domain/register/asset-rows.js';
import type { Columns, RawRow } from '../../domain/register/column.js';
import { CUSTOMER_COLUMNS } from '../../domain/register/customer-rows.js';
import { TERMINAL_COLUMNS } from '../../domain/register/terminal-rows.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { importAssets } from './import-assets.js';
import { importCustomers } from './import-customers.js';
import { importEndpoint, readImport } from './import-endpoint.js';
import { importTerminals } from './import-terminals.js';
import type { ImportResult } from './read-rows.js';

const PARTLY = 'A column that is left out stays as it is in the register.';
const postAssets = importEndpoint({
  path: '/network/assets',
  tag: 'network',
  columns: ASSET_COLUMNS,
  summary: `Import substations, feeders, sections and transformers; parents may stand after their children. ${PARTLY}`,
});
const postTerminals = importEndpoint({
  path: '/network/terminals',
  tag: 'network',
  columns: TERMINAL_COLUMNS,
  summary: `Import terminals. ${PARTLY}`,
});
const postCustomers = importEndpoint({
  path: '/network/customers',
  tag: 'network',
  columns: CUSTOMER_COLUMNS,
  summary: `Import customers. ${PARTLY}`,
});

/** Imports of the network register. Each file is one transaction. */
@Controller()
export class ImportController {
  constructor(private readonly db: Database) {}

  @Endpoint(postAssets)
  assets(
    @Input() { body }: InputOf<typeof postAssets>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    return this.run(importAssets, ASSET_COLUMNS, body, contentType, caller);
  }

  @Endpoint(postTerminals)
  terminals(
    @Input() { body }: InputOf<typeof postTerminals>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    return this.run(importTerminals, TERMINAL_COLUMNS, body, contentType, caller);
  }

  @Endpoint(postCustomers)
  customers(
    @Input() { body }: InputOf<typeof postCustomers>,
    @Headers('content-type') contentType: string | undefined,
    @Caller() caller: Principal,
  ): Promise<ImportResult> {
    return this.run(importCustomers, CUSTOMER_COLUMNS, body, contentType, caller);
  }

  private run(
    take: (tx: Tx, raw: readonly RawRow[], actor: string) => Promise<ImportResult>,
    columns: Columns,
    body: unknown,
    contentType: string | undefined,
    caller: Principal,
  ): Promise<ImportResult> {
    const raw = readImport(body, contentType, columns);
    return this.db.inTx((tx) => take(tx, raw, caller.name));
  }
}
