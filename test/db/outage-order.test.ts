import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid, SupplyNews } from '../support/grid.js';

const MINUTE = 60_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('the order of arrival', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let transformers: number[];

  beforeAll(async () => {
    const grid: Grid = await buildGrid(held.db, { feeders: 2, sections: 2, transformers: 3, customers: 1 });
    transformers = [...grid].filter(([code]) => code.split('.').length === 3).map(([, id]) => id);
  });

  /** Delivers each transformer's own news in order, the transformers mixed as `picks` says, cut into batches of `batchSize`. */
  async function deliver(
    queues: readonly SupplyNews[][],
    picks: readonly number[],
    batchSize: number,
  ): Promise<object[]> {
    clock.set(START + 600 * MINUTE);
    await held.db.query('truncate journal, outage, outage_transformer, supply_interval, deadline cascade');
    await held.db.query("update follower_cursor set xid = '0', id = 0");
    const left = queues.map((queue) => [...queue]).filter((queue) => queue.length > 0);
    for (let turn = 0; left.length > 0; turn += 1) {
      const place = (picks[turn % picks.length] ?? 0) % left.length;
      const next = left[place]?.shift();
      if (left[place]?.length === 0) left.splice(place, 1);
      if (next !== undefined) await tellSupply(held.db, [next]);
      if (turn % batchSize === batchSize - 1) await settleOutages(held.db, batchSize);
    }
    await settleOutages(held.db, batchSize);
    return (await readOutages(held.db))
      .filter(({ mergedInto }) => mergedInto === null)
      .map((outage) => ({ ...outage, id: 0 }))
      .sort((a, b) => a.startedAt - b.startedAt || a.members.join().localeCompare(b.members.join()));
  }

  it('does not change the outages that are found in the end', async () => {
    const loss = fc.record({
      which: fc.integer({ min: 0, max: 11 }),
      start: fc.integer({ min: 0, max: 12 }),
      length: fc.option(fc.integer({ min: 1, max: 200 })),
      // Supply goes again so long after it was back, within the policy's ten minutes or later.
      again: fc.option(fc.integer({ min: 1, max: 20 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(loss, { minLength: 2, maxLength: 10, selector: ({ which }) => which }),
        fc.array(fc.nat(11), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 6 }),
        async (losses, picks, batchSize) => {
          const queues = losses.map(({ which, start, length, again }): SupplyNews[] => {
            const transformerId = transformers[which] ?? 0;
            const at = START + start * MINUTE;
            const dead: SupplyNews = { transformerId, to: 'dead', at };
            if (length === null) return [dead];
            const back = at + length * MINUTE;
            const live: SupplyNews = { transformerId, to: 'live', at: back };
            return again === null ? [dead, live] : [dead, live, { ...dead, at: back + again * MINUTE }];
          });
          expect(await deliver(queues, picks, batchSize)).toEqual(await deliver(queues, [0], 1_000));
        },
      ),
      { numRuns: 6, seed: 20_260_715 },
    );
  });
});
