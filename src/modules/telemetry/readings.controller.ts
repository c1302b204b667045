import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../../config.js';
import { DAY_MS } from '../../domain/instants.js';
import { Fault } from '../../fault.js';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { instant, instantInput, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { readBuckets, readRaw } from './reading-queries.js';

const number = z.number().nullable();

const rawReading = z
  .strictObject({
    ts: instant,
    receivedAt: instant,
    ...Object.fromEntries(
      ['ua', 'ub', 'uc', 'ia', 'ib', 'ic', 'in', 'p', 'q', 'pf', 'f', 'temp', 'sid', 'seq', 'tq'].map((name) => [
        name,
        number,
      ]),
    ),
  })
  .meta({ id: 'Reading', description: 'Volts line to neutral, amperes, kW, kvar, Hz, °C; null = not measured' });

const phase = z.strictObject({
  min: number,
  avg: number,
  max: number,
  outOfLimits: number.meta({
    description: 'Share of readings outside the voltage limits, of those in which the phase had supply',
  }),
});

const bucketed = z
  .strictObject({ from: instant, readings: z.number(), a: phase, b: phase, c: phase })
  .meta({ id: 'ReadingBucket' });

const readings = endpoint({
  method: 'GET',
  path: '/transformers/:code/readings',
  summary:
    'Readings of a transformer: raw, or minimum, average and maximum per phase and bucket; the last day when no times are given',
  tag: 'telemetry',
  access: EVERYONE,
  params: z.strictObject({ code: z.string() }),
  query: z.strictObject({
    from: instantInput.optional(),
    to: instantInput.optional(),
    bucket: z.enum(['15m', '1h', '1d']).optional(),
    ...paging,
  }),
  response: pageOf(z.union([rawReading, bucketed])),
  problems: { not_found: 'there is no transformer of this code' },
});

@Controller()
export class ReadingsController {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(readings)
  async list(@Input() { params, query }: InputOf<typeof readings>) {
    const [transformer] = await this.db.query<{ id: number }>(
      `select id from asset where code = $1 and kind = 'transformer'`,
      [params.code],
    );
    if (transformer === undefined) throw new Fault('not_found', `There is no transformer ${params.code}.`);
    const to = query.to ?? this.db.clock.now();
    const from = query.from ?? to - DAY_MS;
    if (from >= to) throw new Fault('invalid_input', 'query.from: must lie before query.to');
    const after = decodeCursor(query.cursor, 1)?.[0];
    const range = { transformerId: transformer.id, from, to, limit: query.limit + 1 };
    if (query.bucket === undefined) {
      const rows = await readRaw(this.db, { ...range, from: after === undefined ? from : after + 1 });
      return page(rows, query.limit, (row) => [row.ts]);
    }
    // The next page begins at the first bucket that did not fit, so that no bucket is cut in two.
    const rows = await readBuckets(
      this.db,
      { ...range, from: after === undefined ? from : after },
      query.bucket,
      this.config.utilityTimeZone,
      this.active.policy,
    );
    const next = rows[query.limit]?.from ?? null;
    return page(rows, query.limit, () => [next ?? 0]);
  }
}
