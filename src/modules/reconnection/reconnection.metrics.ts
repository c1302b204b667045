import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';

/** Customers who paid and are not restored yet: within the limit (`open`), beyond it (`breached`), and those of whom only a crew says so (`claimed`). */
@Injectable()
export class ReconnectionMetrics {
  constructor(registry: Registry, db: Database) {
    scrapeGauge(registry, {
      name: 'lamplighter_reconnections_open',
      help: 'Reconnection orders whose customer is not restored, by state.',
      labelNames: ['state'],
      zeroes: [{ state: 'open' }, { state: 'breached' }, { state: 'claimed' }],
      load: async () =>
        (
          await db.query<{ state: string; value: number }>(
            `select case when claimed_at is null then state else 'claimed' end as state, count(*) as value
             from reconnection_order where restored_at is null and state <> 'cancelled' group by 1`,
          )
        ).map(({ state, value }) => ({ labels: { state }, value })),
    });
  }
}
