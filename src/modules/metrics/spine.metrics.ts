import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { scrapeGauge } from './scrape-gauge.js';

/** A follower further behind than this shows this many: counting on would cost more than it says. */
const LAG_SHOWN_AT_MOST = 100_000;

/** What belongs to no single module: how far the followers of the journal are behind, and what state supply is in. */
@Injectable()
export class SpineMetrics {
  constructor(registry: Registry, db: Database) {
    scrapeGauge(registry, {
      name: 'lamplighter_journal_lag_entries',
      help: `Journal entries that a follower has not digested yet (at most ${LAG_SHOWN_AT_MOST} are counted)`,
      labelNames: ['follower'],
      load: async () =>
        (
          await db.query<{ follower: string; lag: number }>(
            `select cursor.follower,
               (select count(*) from (select 1 from journal where (xid, id) > (cursor.xid, cursor.id) limit $1) behind) as lag
             from follower_cursor cursor`,
            [LAG_SHOWN_AT_MOST],
          )
        ).map(({ follower, lag }) => ({ labels: { follower }, value: lag })),
    });
    scrapeGauge(registry, {
      name: 'lamplighter_transformers',
      help: 'Registered transformers by supply state; without any reading the state is unknown',
      labelNames: ['supply'],
      zeroes: [{ supply: 'live' }, { supply: 'dead' }, { supply: 'unknown' }],
      load: async () =>
        (
          await db.query<{ supply: string; count: number }>(
            `select coalesce(state.supply, 'unknown') as supply, count(*) as count
             from asset left join transformer_state state on state.transformer_id = asset.id
             where asset.kind = 'transformer' group by 1`,
          )
        ).map(({ supply, count }) => ({ labels: { supply }, value: count })),
    });
  }
}
