import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { CATEGORIES } from '../../domain/complaints/complaint.js';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';

const STATUSES = ['proposed', 'linked', 'confirmed', 'rejected'] as const;

@Injectable()
export class ComplaintsMetrics {
  private readonly received: Counter<'category'>;

  constructor(registry: Registry, db: Database) {
    this.received = new Counter({
      name: 'lamplighter_complaints_total',
      help: 'Complaints taken in by this process.',
      labelNames: ['category'],
      registers: [registry],
    });
    for (const category of CATEGORIES) this.received.inc({ category }, 0);
    // Links change their status: what there is now, over all replicas, says more than what this process has seen.
    scrapeGauge(registry, {
      name: 'lamplighter_complaint_links_total',
      help: 'Links between complaints and events by status.',
      labelNames: ['status'],
      zeroes: STATUSES.map((status) => ({ status })),
      load: async () => {
        const rows = await db.query<{ status: string; value: number }>(
          'select status, count(*) as value from complaint_link group by status',
        );
        return rows.map(({ status, value }) => ({ labels: { status }, value }));
      },
    });
  }

  count(created: readonly { category: string }[]): void {
    for (const { category } of created) this.received.inc({ category });
  }
}
