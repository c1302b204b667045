import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { SEVERITIES, WARNING_KINDS } from '../../domain/warnings/warning.js';
import type { Draft } from '../../domain/warnings/warning.js';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';

@Injectable()
export class WarningsMetrics {
  private readonly raised: Counter<'kind'>;
  private readonly latency: Histogram;

  constructor(registry: Registry, db: Database) {
    this.raised = new Counter({
      name: 'lamplighter_warnings_raised_total',
      help: 'Warnings raised by this process.',
      labelNames: ['kind'],
      registers: [registry],
    });
    for (const kind of WARNING_KINDS) this.raised.inc({ kind }, 0);
    this.latency = new Histogram({
      name: 'lamplighter_warning_latency_seconds',
      help: 'From the instant a warning became true to the commit that raised it.',
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 14_400],
      registers: [registry],
    });
    scrapeGauge(registry, {
      name: 'lamplighter_warnings_open',
      help: 'Warnings that are not resolved.',
      labelNames: ['kind', 'severity'],
      zeroes: WARNING_KINDS.flatMap((kind) => SEVERITIES.map((severity) => ({ kind, severity }))),
      load: async () => {
        const rows = await db.query<{ kind: string; severity: string; value: number }>(
          `select kind, severity, count(*) as value from warning where status <> 'resolved' group by kind, severity`,
        );
        return rows.map(({ value, ...labels }) => ({ labels, value }));
      },
    });
  }

  countRaised(drafts: readonly Draft[], now: number): void {
    for (const { kind, happenedAt } of drafts) {
      this.raised.inc({ kind });
      this.latency.observe(Math.max(0, now - happenedAt) / 1_000);
    }
  }
}
