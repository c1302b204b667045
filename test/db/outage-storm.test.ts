import { describe, expect, it } from '@jest/globals';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { SupplyNews } from '../support/grid.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('a storm', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);

  it('of 2,000 transformers on 40 feeders becomes 40 outages, confirmed, and restored in three steps', async () => {
    const grid = await buildGrid(held.db, { feeders: 40, sections: 5, transformers: 10, customers: 2 });
    const ids = [...grid].filter(([code]) => code.split('.').length === 3).map(([, id]) => id);
    // Heard in no order of the network, within a minute.
    const shuffled = ids.toSorted((a, b) => ((a * 7919) % 2003) - ((b * 7919) % 2003));
    const news = (to: 'dead' | 'live', moment: number, which: readonly number[]): SupplyNews[] =>
      which.map((transformerId, index) => ({ transformerId, to, at: moment + (index % 60) * 1_000 }));
    await tellSupply(held.db, news('dead', START, shuffled));
    await settleOutages(held.db, 300);
    const standing = (await readOutages(held.db)).filter(({ mergedInto }) => mergedInto === null);
    expect(standing).toHaveLength(40);
    expect(standing.every(({ members, affected }) => members.length === 50 && affected === 100)).toBe(true);
    expect(new Set(standing.map(({ root }) => root))).toEqual(
      new Set(Array.from({ length: 40 }, (_, index) => `F${index + 1}`)),
    );
    clock.set(START + HOUR);
    for (const part of [0, 1, 2]) {
      await tellSupply(
        held.db,
        news(
          'live',
          START + (30 + part * 10) * MINUTE,
          ids.filter((_, index) => index % 3 === part),
        ),
      );
      await settleOutages(held.db, 300);
    }
    const after = (await readOutages(held.db)).filter(({ mergedInto }) => mergedInto === null);
    expect(after.map(({ state, restored }) => ({ state, restored }))).toEqual(
      after.map(() => ({ state: 'closed', restored: 100 })),
    );
    // Every loss is in exactly one outage, and nothing was made twice.
    expect(
      await held.db.query('select count(*) as rows, count(distinct transformer_id) as ids from outage_transformer'),
    ).toEqual([{ rows: 2_000, ids: 2_000 }]);
    const entries = await held.db.query<{ type: string; count: number }>(
      `select type, count(*) as count from journal where type in ('outage_confirmed', 'outage_restored', 'outage_closed') group by type`,
    );
    expect(new Set(entries.map(({ count }) => count))).toEqual(new Set([40]));
  });
});
