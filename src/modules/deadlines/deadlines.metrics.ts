import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';

const KINDS = [
  'corroboration',
  'outage_momentary',
  'outage_ladder',
  'planned_overrun',
  'outage_restoration',
  'outage_nested',
  'outage_outlook',
  'frequent_outage',
  'chronic_voltage',
  'advice',
  'action_effect',
  'disconnection',
  'reconnection',
  'remote_reconnection',
  'terminal_offline',
  'repair_dispatch',
  'repair_arrival_promise',
  'repair_arrival_regulation',
  'repair_restoration',
  'repair_callback',
  'service_request',
  'supervision',
  'complaint_contact',
  'complaint_answer',
] as const;
const OUTCOMES = ['fired', 'met', 'cancelled'] as const;

@Injectable()
export class DeadlinesMetrics {
  readonly ended: Counter<'kind' | 'outcome'>;
  readonly delaySeconds: Histogram;

  constructor(registry: Registry, db: Database) {
    this.ended = new Counter({
      name: 'lamplighter_deadlines_total',
      help: 'Deadlines that fired, were met before their instant, or were cancelled',
      labelNames: ['kind', 'outcome'],
      registers: [registry],
    });
    for (const kind of KINDS) for (const outcome of OUTCOMES) this.ended.inc({ kind, outcome }, 0);
    this.delaySeconds = new Histogram({
      name: 'lamplighter_deadline_delay_seconds',
      help: 'From the instant of a deadline to the transaction that fired it',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600],
      registers: [registry],
    });
    scrapeGauge(registry, {
      name: 'lamplighter_deadlines_without_calendar',
      help: 'Running deadlines in working time that reach into a year whose calendar nobody has entered: provisional',
      load: async () => {
        const [row] = await db.query<{ value: number }>(
          `select count(*) as value from deadline
           where state in ('pending', 'paused') and receipt #> '{working,withoutCalendar}' <> '[]'`,
        );
        return [{ labels: {}, value: row?.value ?? 0 }];
      },
    });
    scrapeGauge(registry, {
      name: 'lamplighter_deadlines_paused',
      help: 'Stages of promises whose clock is stopped',
      load: async () => {
        const [row] = await db.query<{ value: number }>(
          `select count(*) as value from deadline where state = 'paused'`,
        );
        return [{ labels: {}, value: row?.value ?? 0 }];
      },
    });
  }
}
