import { Controller, Headers, UnsupportedMediaTypeException } from '@nestjs/common';
import { z } from 'zod';
import { ASSET_COLUMNS } from '../../domain/register/asset-rows.js';
import type { Columns, RawRow } from '../../domain/register/column.js';
import { CUSTOMER_COLUMNS } from '../../domain/register/customer-rows.js';
import { TERMINAL_COLUMNS } from '../../domain/register/terminal-rows.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { importAssets } from './import-assets.js';
import { importCustomers } from './import-customers.js';
import { readImportFile } from './import-file.js';
import { importTerminals } from './import-terminals.js';
import type { ImportResult } from './read-rows.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const importResult = z
  .strictObject({
    accepted: z.number().int(),
    rejected: z.array(z.strictObject({ line: z.number().int(), reason: z.string() })),
  })
  .meta({
    id: 'ImportResult',
    description: 'Rows taken; each other row with its line (the header of a CSV is line 1).',
  });

const importEndpoint = <const Path extends string>(path: Path, columns: Columns, summary: string) =>
  endpoint({
    method: 'POST',
    path,
    tag: 'network',
    summary: `${summary} Columns: ${Object.keys(columns).join(', ')}. A column that is left out stays as it is in the register.`,
    access: ['integration', 'dispatcher'],
    rawBody: [CSV, NDJSON],
    response: importResult,
    problems: { unsupported_media_type: 'the body is neither text/csv nor application/x-ndjson' },
  });

const postAssets = importEndpoint(
  '/network/assets',
  ASSET_COLUMNS,
  'Import substations, feeders, sections and transformers; parents may stand after their children.',
);
const postTerminals = importEndpoint('/network/terminals', TERMINAL_COLUMNS, 'Import terminals.');
const postCustomers = importEndpoint('/network/customers', CUSTOMER_COLUMNS, 'Import customers.');

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
    const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
    if (typeof body !== 'string' || (type !== CSV && type !== NDJSON)) {
      throw new UnsupportedMediaTypeException(`Send the file as ${CSV} or ${NDJSON}, not as ${type || 'nothing'}.`);
    }
    const raw = readImportFile(body, type === CSV ? 'csv' : 'ndjson', columns);
    return this.db.inTx((tx) => take(tx, raw, caller.name));
  }
}
