import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { isLong, longParameters } from './long-hours.js';
import { NATURES } from './outages.schemas.js';

/** What is out now, counted when somebody scrapes: all of it from partial indexes of what is open. */
@Injectable()
export class OutagesMetrics {
  constructor(registry: Registry, db: Database, active: ActivePolicy) {
    scrapeGauge(registry, {
      name: 'lamplighter_outages_open',
      help: 'Outages that last, by nature and state',
      labelNames: ['nature', 'state'],
      zeroes: NATURES.flatMap((nature) => ['suspected', 'confirmed'].map((state) => ({ nature, state }))),
      load: async () => {
        const rows = await db.query<{ nature: string; state: string; value: number }>(
          `select nature, state, count(*) as value from outage where state in ('suspected', 'confirmed') group by nature, state`,
        );
        return rows.map(({ nature, state, value }) => ({ labels: { nature, state }, value }));
      },
    });
    scrapeGauge(registry, {
      name: 'lamplighter_customers_without_supply',
      help: 'Customers on transformers that are in an outage and have no supply',
      load: async () => {
        const rows = await db.query<{ value: number }>(
          `select coalesce(sum(ot.customers), 0) as value from outage_transformer ot join outage o on o.id = ot.outage_id
           where ot.ended_at is null and o.state in ('suspected', 'confirmed')`,
        );
        return rows.map(({ value }) => ({ labels: {}, value }));
      },
    });
    scrapeGauge(registry, {
      name: 'lamplighter_outages_over_8h_open',
      help: 'Outages that last and have passed the long-outage limit of the policy',
      load: async () => {
        const rows = await db.query<{ value: number }>(
          `select count(*) as value from outage where state in ('suspected', 'confirmed')
             and ${isLong('$1', '$2', '$3')}`,
          longParameters(db.clock.now(), active),
        );
        return rows.map(({ value }) => ({ labels: {}, value }));
      },
    });
  }
}
