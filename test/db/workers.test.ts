import { describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Config } from '../../src/config.js';
import { append } from '../../src/modules/journal/append.js';
import { Workers } from '../../src/modules/journal/workers.js';
import { useDatabase } from '../support/database.js';
import { eventually } from '../support/service.js';

const DAY_MS = 86_400_000;

describe('workers', () => {
  const held = useDatabase();

  it('look again at once when something was appended during a step that found nothing', async () => {
    const schedule = new SchedulerRegistry();
    const workers = new Workers(held.db, Config.read({}), schedule);
    const steps = { busy: 0, resting: 0 };
    const rest = { role: 'followers', restMs: DAY_MS, wakeOnJournal: true } as const;
    workers.register({
      ...rest,
      name: 'resting',
      step: async () => {
        steps.resting += 1;
        return false;
      },
    });
    workers.register({
      ...rest,
      name: 'busy',
      async step() {
        steps.busy += 1;
        if (steps.busy > 1) return false;
        await eventually(async () => {
          const listeners = await held.db.query(
            `select from pg_stat_activity where datname = current_database() and query like 'listen %' and state = 'idle'`,
          );
          return listeners.length > 0;
        });
        await held.db.inTx((tx) =>
          append(tx, [
            {
              type: 'asset_moved',
              subjectType: 'asset',
              subjectId: 1,
              happenedAt: 1_000,
              data: { fromParentId: null, toParentId: 1 },
            },
          ]),
        );
        // The other one was at rest: once it steps again, the word has come.
        await eventually(async () => steps.resting === 2);
        return false;
      },
    });
    workers.onApplicationBootstrap();
    await eventually(async () => steps.busy === 2);
    expect(schedule.getIntervals()).toEqual(['resting', 'busy']);
    await workers.beforeApplicationShutdown();
    expect(steps).toEqual({ busy: 2, resting: 2 });
  });
});
