import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { NOTICE_KINDS } from '../../domain/notices/notice-kinds.js';
import { at, Database } from '../database/database.js';
import { scrapeGauge } from '../metrics/scrape-gauge.js';
import { SmsProviders } from './providers/providers.js';

const RESULTS = ['accepted', 'retry', 'call_list', 'unknown'] as const;

@Injectable()
export class NoticesMetrics {
  readonly attempts: Counter<'kind' | 'provider' | 'result'>;

  constructor(registry: Registry, db: Database, providers: SmsProviders) {
    this.attempts = new Counter({
      name: 'lamplighter_notices_total',
      help: 'Attempts to send a notice, by what became of it; call_list = a person has to phone',
      labelNames: ['kind', 'provider', 'result'],
      registers: [registry],
    });
    for (const kind of NOTICE_KINDS)
      for (const provider of providers.names)
        for (const result of RESULTS) this.attempts.inc({ kind, provider, result }, 0);
    scrapeGauge(registry, {
      name: 'lamplighter_notice_queue',
      help: 'Notices that should have been sent by now and are not: SMS that are due or in hand, calls that nobody made yet',
      labelNames: ['channel'],
      zeroes: [{ channel: 'sms' }, { channel: 'call_list' }],
      load: async () =>
        (
          await db.query<{ channel: string; count: number }>(
            `select channel, count(*) as count from notice
             where state in ('queued', 'sending') and (next_attempt_at <= $1 or state = 'sending') group by channel`,
            [at(db.clock.now())],
          )
        ).map(({ channel, count }) => ({ labels: { channel }, value: count })),
    });
  }
}
