import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { KNOWN_CAUSES } from '../../domain/repairs/known-cause.js';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';
import type { Taken } from './take-report.js';

const STATES = ['reported', 'dispatched', 'arrived', 'repaired'] as const;

@Injectable()
export class RepairsMetrics {
  private readonly reports: Counter<'outcome' | 'cause'>;

  constructor(registry: Registry, db: Database) {
    this.reports = new Counter({
      name: 'lamplighter_fault_reports_total',
      help: 'Calls about missing supply taken in by this process: answered from a known cause, or made a repair order.',
      labelNames: ['outcome', 'cause'],
      registers: [registry],
    });
    for (const cause of KNOWN_CAUSES) {
      this.reports.inc({ outcome: 'known_cause', cause }, 0);
      this.reports.inc({ outcome: 'repair_order', cause }, 0);
    }
    this.reports.inc({ outcome: 'repair_order', cause: 'none' }, 0);
    scrapeGauge(registry, {
      name: 'lamplighter_repair_orders_open',
      help: 'Repair orders that are not closed, by state.',
      labelNames: ['state'],
      zeroes: STATES.map((state) => ({ state })),
      load: async () =>
        (
          await db.query<{ state: string; value: number }>(
            `select state, count(*) as value from repair_order where state <> 'closed' group by state`,
          )
        ).map(({ state, value }) => ({ labels: { state }, value })),
    });
  }

  count({ isNew, outcome, cause }: Taken): void {
    if (isNew) this.reports.inc({ outcome, cause: cause ?? 'none' });
  }
}
