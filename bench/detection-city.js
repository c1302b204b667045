import { CityPlayer } from '../dist/cli/play-city.js';
import { Clock } from '../dist/clock.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { buildCity } from '../dist/simulator/build-city.js';
import { Timeline } from '../dist/simulator/timeline.js';
import { startDatabase } from './support.js';

export const MINUTE = 60_000;
/** When every play begins. */
export const FROM = Date.parse('2026-07-15T10:00:00+08:00');

class BenchClock extends Clock {
  time = FROM;
  now() {
    return this.time;
  }
  set(time) {
    this.time = time;
  }
}

/** Runs with a simulated city in a database of its own. */
export async function inCity(size, seed, run) {
  const server = await startDatabase();
  const clock = new BenchClock();
  const pool = createPool(server.url);
  const db = new Database(pool, clock);
  try {
    await migrate(pool);
    const city = buildCity(size, seed);
    const player = await CityPlayer.start(db, clock);
    await player.importCity(city);
    return await run({ db, clock, city, player, timeline: new Timeline(city, FROM - 60 * MINUTE) });
  } finally {
    await db.close();
    await server.stop();
  }
}

export const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
