import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CAUSES } from '../../domain/supervision/causes.js';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';

const STATES = ['open', 'replied'] as const;

@Injectable()
export class SupervisionMetrics {
  constructor(registry: Registry, db: Database) {
    scrapeGauge(registry, {
      name: 'lamplighter_supervision_orders_open',
      help: 'Supervision orders that are not closed, by cause and state.',
      labelNames: ['cause', 'state'],
      zeroes: CAUSES.flatMap((cause) => STATES.map((state) => ({ cause, state }))),
      load: async () =>
        (
          await db.query<{ cause: string; state: string; value: number }>(
            `select cause, state, count(*) as value from supervision_order where state <> 'closed' group by cause, state`,
          )
        ).map(({ value, ...labels }) => ({ labels, value })),
    });
  }
}
