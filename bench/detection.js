/**
 * How good detection is, and how it stands a storm: a simulated city through the real batch writer and followers into an embedded
 * PostgreSQL, compared with the simulator's truth. Prints the confusion matrix for supply and communication lost together, the outages
 * made of lost communication alone, the figures of a storm, and the time of the list of warnings with 20,000 open ones.
 *
 *     npm run bench:detection -- [--large] [--seed n]
 */
import { CityPlayer } from '../dist/cli/play-city.js';
import { addMixedLosses, DetectionScorer, precisionOf, recallOf } from '../dist/cli/score-detection.js';
import { Clock } from '../dist/clock.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { findWarnings } from '../dist/modules/warnings/warning-queries.js';
import { buildCity } from '../dist/simulator/build-city.js';
import { Timeline } from '../dist/simulator/timeline.js';
import { startDatabase } from './support.js';

const MINUTE = 60_000;
const FROM = Date.parse('2026-07-15T10:00:00+08:00');
const large = process.argv.includes('--large');
const seedAt = process.argv.indexOf('--seed');
const seed = seedAt === -1 ? 1 : Number(process.argv[seedAt + 1]);

class BenchClock extends Clock {
  time = FROM;
  now() {
    return this.time;
  }
  set(time) {
    this.time = time;
  }
}

/** Runs with a city of its own in a database of its own. */
async function inCity(size, run) {
  const server = await startDatabase();
  const clock = new BenchClock();
  const pool = createPool(server.url);
  const db = new Database(pool, clock);
  try {
    await migrate(pool);
    const city = buildCity(size, seed);
    const player = await CityPlayer.start(db, clock);
    await player.importCity(city);
    await run({ db, city, player, timeline: new Timeline(city, FROM - 60 * MINUTE) });
  } finally {
    await db.close();
    await server.stop();
  }
}

const line = (name, score) =>
  console.log(
    `  ${name.padEnd(44)} found ${String(score.found).padStart(5)}  missed ${String(score.missed).padStart(4)}  invented ${String(score.invented).padStart(4)}  recall ${recallOf(score).toFixed(4)}  precision ${precisionOf(score).toFixed(4)}`,
  );

async function score(title, minutes, counts) {
  await inCity('small', async ({ db, player, timeline }) => {
    addMixedLosses(timeline, FROM + 4 * MINUTE, FROM + (minutes - 4) * MINUTE, counts);
    const scorer = new DetectionScorer(db, timeline);
    await player.play(timeline, FROM, FROM + minutes * MINUTE, (at) => scorer.watch(at));
    const scores = await scorer.scores();
    console.log(
      `${title}: 200 transformers, ${minutes} min, ${timeline.incidents.filter(({ kind }) => kind === 'outage').length} losses of supply, ${timeline.incidents.filter(({ kind }) => kind === 'silence').length} of communication, seed ${seed}`,
    );
    line('transformers out over 3 min, while it lasted', scores.live);
    line('transformers out over 3 min, final record', scores.record);
    line('outages over 3 min, while they lasted', scores.liveOutages);
    line('outages over 3 min, final record', scores.recordOutages);
    console.log(`  outages ever open of which no transformer had lost supply: ${scores.falseOutages}`);
  });
}

/** Whole feeders go dark within a minute; one last gasp in eight is lost. */
async function storm(size, transformers) {
  await inCity(size, async ({ db, city, player, timeline }) => {
    const feeders = city.assets.filter(({ kind }) => kind === 'feeder');
    let hit = 0;
    let roots = 0;
    for (const [n, { code }] of feeders.entries()) {
      const below = city.below.get(code) ?? [];
      if (hit + below.length > transformers) break;
      const from = FROM + MINUTE + ((n * 7919) % 59_000);
      timeline.add({
        kind: 'outage', id: `STORM-${code}`, nature: 'fault', cause: '雷暴大风', rootCode: code, plannedExternalId: null,
        parts: below.map((transformer) => ({ transformer, from, to: from + 180 * MINUTE })),
      }); // prettier-ignore
      hit += below.length;
      roots += 1;
    }
    await player.play(timeline, FROM, FROM + MINUTE);
    const start = performance.now();
    await player.play(timeline, FROM + MINUTE, FROM + 8 * MINUTE);
    const seconds = (performance.now() - start) / 1000;
    const one = async (text) => (await db.query(text))[0]?.n ?? 0;
    const outages = await one(`select count(*)::integer as n from outage where state in ('suspected', 'confirmed')`);
    const held = await one(
      `select count(distinct transformer_id)::integer as n from outage_transformer where ended_at is null`,
    );
    const told = await one(
      `select count(*)::integer as n from journal where type in ('warning_raised', 'notice_queued')`,
    );
    console.log(
      `storm: ${hit} transformers on ${roots} feeders lost within a minute; ${outages} open outages holding ${held} transformers; ${player.symptoms} raw symptoms, ${told} warnings and rounds of notices (${((100 * told) / player.symptoms).toFixed(2)} %); ${seconds.toFixed(1)} s of work for 7 min of the whole city`,
    );
  });
}

async function list() {
  await inCity('small', async ({ db }) => {
    await db.query(
      `insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, asset_id, title, happened_at,
         known_at, policy_version, evidence)
       select 'low_voltage', (array['critical', 'major', 'minor'])[n % 3 + 1], 'bench', n, 'T' || n, 'T' || n, a.area, a.id, 'bench',
         now() - n * interval '1 s', now(), 1, '{}'
       from generate_series(1, 20000) n join lateral (
         select id, area from asset where kind = 'transformer' order by id offset n % 200 limit 1) a on true`,
    );
    await db.query('analyze');
    const filters = [{}, { status: 'open' }, { severity: 'critical', status: 'open' }, { kind: 'low_voltage' }];
    const took = [];
    for (let n = 0; n < 400; n += 1) {
      const start = performance.now();
      await findWarnings(db, { params: {}, body: undefined, query: { limit: 50, ...filters[n % filters.length] } });
      took.push(performance.now() - start);
    }
    took.sort((a, b) => a - b);
    console.log(
      `list of warnings, 20,000 open: p50 ${took[200].toFixed(1)} ms, p99 ${took[395].toFixed(1)} ms (target 200 ms)`,
    );
  });
}

await list();
await score('communication lost alone', 34, { outages: 0, terminals: 30, cells: 8 });
await score('supply and communication lost together', 124, { outages: 40, terminals: 30, cells: 5 });
await storm('medium', 2_000);
if (large) await storm('large', 50_000);
