import { beforeAll, describe, expect, it } from '@jest/globals';
import { CityPlayer } from '../../src/cli/play-city.js';
import { addFeederStorm, stormFigures } from '../../src/cli/storm-figures.js';
import type { StormFigures } from '../../src/cli/storm-figures.js';
import { buildCity } from '../../src/simulator/build-city.js';
import { indexBelow } from '../../src/simulator/city.js';
import type { SimCity } from '../../src/simulator/city.js';
import { Timeline } from '../../src/simulator/timeline.js';
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

describe('a storm as terminals tell it', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const told: { figures?: StormFigures; messages: number } = { messages: 0 };
  const FEEDERS = 4;

  beforeAll(async () => {
    const timeline = new Timeline(firstFeeders(buildCity('medium', 3), FEEDERS), START - HOUR);
    const player = await CityPlayer.start(held.db, clock);
    await player.importCity(timeline.city);
    addFeederStorm(timeline, START + MINUTE, FEEDERS * 50);
    await player.play(timeline, START, START + 8 * MINUTE);
    told.figures = await stormFigures(held.db);
    told.messages = player.symptoms;
  });

  it('of feeders with 50 transformers is one outage for each feeder, and every symptom is in exactly one', () => {
    expect(told.figures).toMatchObject({ openOutages: FEEDERS, roots: FEEDERS, feederRoots: FEEDERS });
    const { symptoms } = told.figures ?? {};
    expect(symptoms?.total).toBeGreaterThan(FEEDERS * 50);
    expect(symptoms).toEqual({ total: symptoms?.total, once: symptoms?.total, lost: 0, twice: 0 });
  });

  it('is one warning for each outage, below 1 % of what terminals said, and one notice for each customer', () => {
    expect(told.figures?.warnings).toEqual([{ what: 'outage of outage', count: FEEDERS }]);
    expect(FEEDERS / told.messages).toBeLessThan(0.01);
    const { notices } = told.figures ?? {};
    expect(notices?.customers).toBeGreaterThan(FEEDERS * 50);
    expect(notices?.total).toBe(notices?.customers);
  });
});

/** The part of a city below its first feeders. */
function firstFeeders(city: SimCity, count: number): SimCity {
  const codes = new Set(city.assets.filter(({ kind }) => kind === 'feeder').slice(0, count).map(({ code }) => code)); // prettier-ignore
  const assets = city.assets.filter(
    (one) => one.kind === 'substation' || codes.has(one.code) || codes.has(one.parentCode),
  );
  const transformers = city.transformers.filter(({ feederCode }) => codes.has(feederCode));
  const customers = city.customers.filter(({ transformer }) => transformer < transformers.length);
  return { ...city, assets, transformers, customers, below: indexBelow(assets, transformers) };
}
