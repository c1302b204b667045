import { createServer, get } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Registry } from 'prom-client';
import { addFeederStorm, stormFigures } from '../dist/cli/storm-figures.js';
import { newestPosition } from '../dist/modules/journal/read.js';
import { LiveClient } from '../dist/modules/live/live-client.js';
import { LiveHub } from '../dist/modules/live/live-hub.js';
import { LiveMetrics } from '../dist/modules/live/live.metrics.js';
import { listOutages } from '../dist/modules/outages/outage-query.js';
import { findWarnings } from '../dist/modules/warnings/warning-queries.js';
import { FROM, inCity, MINUTE, quantile } from './detection-city.js';

const FILTERS = [{}, { status: 'open' }, { severity: 'critical', status: 'open' }, { kind: 'low_voltage' }];
const PAGE = 50;
/** As the console asks for open outages when it opens. */
const BOARD_OUTAGES = { state: 'open', order: 'oldest', brief: true };
const FIRST_OUTAGES = 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const memory = () => {
  collectGarbage();
  return process.memoryUsage();
};

/** Times one look at each list, as the board pages through them. */
class ListClock {
  took = { warnings: [], 'outages on the board': [], 'outages whole': [] };
  looks = 0;

  constructor(db) {
    this.db = db;
  }

  async look() {
    const query = { limit: PAGE, brief: true, ...FILTERS[this.looks % FILTERS.length] };
    await this.time('warnings', () => findWarnings(this.db, { params: {}, body: undefined, query }));
    await this.time('outages on the board', () => listOutages(this.db, BOARD_OUTAGES, null, FIRST_OUTAGES));
    await this.time('outages whole', () => listOutages(this.db, { state: ['confirmed', 'suspected', undefined][this.looks % 3] }, null, PAGE)); // prettier-ignore
    this.looks += 1;
  }

  async time(name, run) {
    const start = performance.now();
    await run();
    this.took[name].push(performance.now() - start);
  }

  say() {
    return Object.entries(this.took)
      .map(
        ([name, took]) => `${name} p50 ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`,
      )
      .join('; ');
  }
}

/** What the console reads when it is opened, and when everything in it is asked for, as JSON; and the same lists with all their parts. */
async function boardLoad(db) {
  const load = async (brief, outageFilter, most) => {
    const start = performance.now();
    const query = { limit: 1_000, status: 'open', brief };
    const warnings = JSON.stringify(await findWarnings(db, { params: {}, body: undefined, query })).length;
    const outages = JSON.stringify(await listOutages(db, outageFilter, null, most)).length;
    const kilo = (/** @type {number} */ bytes) => `${(bytes / 1e3).toFixed(0)} kB`;
    return `${(performance.now() - start).toFixed(0)} ms, warnings ${kilo(warnings)}, outages ${kilo(outages)}`;
  };
  const opened = await load(true, BOARD_OUTAGES, FIRST_OUTAGES);
  const all = await load(true, BOARD_OUTAGES, 1_000);
  const whole = await load(false, { state: 'open' }, 1_000);
  return `${opened}; with all outages ${all}; with all parts of all ${whole}`;
}

const openWarnings = (db, count) =>
  db.query(
    `insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, asset_id, title, happened_at,
       known_at, policy_version, evidence)
     select 'low_voltage', (array['critical', 'major', 'minor'])[n % 3 + 1], 'bench', n, 'T' || n, 'T' || n, a.area, a.id, 'bench',
       $2::timestamptz - n * interval '1 s', $2, 1, '{}'
     from generate_series(1, $1::integer) n join lateral (
       select id, area from asset where kind = 'transformer' order by id offset n % 200 limit 1) a on true`,
    [count, new Date(FROM).toISOString()],
  );

/** The lists of a quiet service with 20,000 open warnings. */
export async function lists(seed) {
  await inCity('small', seed, async ({ db }) => {
    await openWarnings(db, 20_000);
    await db.query('analyze');
    const clock = new ListClock(db);
    for (let n = 0; n < 400; n += 1) await clock.look();
    console.log(`lists, 20,000 open warnings, nothing else going on: ${clock.say()} (aim: 200 ms)`);
  });
}

/** Clients of the live stream over real sockets; they count what they get. */
async function followLive(db, clock, count) {
  let step = async () => false;
  const hub = new LiveHub(
    db,
    clock,
    { register: (worker) => (step = () => worker.step()) },
    new LiveMetrics(new Registry()),
  );
  hub.onModuleInit();
  const from = await newestPosition(db);
  const server = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    const client = new LiveClient(reply, from);
    reply.on('close', () => hub.leave(client));
    void hub.serve(client);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const counts = Array.from({ length: count }, () => ({ events: 0, bytes: 0, closed: false }));
  for (const one of counts)
    get({ port: server.address().port, host: '127.0.0.1' }, (reply) => {
      reply.setEncoding('utf8');
      let rest = '';
      reply.on('data', (text) => {
        one.bytes += text.length;
        const parts = (rest + text).split('\nevent: ');
        one.events += parts.length - 1;
        rest = parts.at(-1).slice(-10); // the mark may be cut by the chunk's end
      });
      reply.on('close', () => (one.closed = true));
    }).on('error', () => (one.closed = true));
  return {
    counts,
    read: async () => {
      while (await step());
    },
    stop: async () => {
      hub.beforeApplicationShutdown();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Whole feeders go dark within a minute; one last gasp in eight is lost. 20,000 warnings are open before, three consoles listen. */
export async function storm(size, seed, transformers) {
  await inCity(size, seed, async ({ db, clock, city, player, timeline }) => {
    const hit = addFeederStorm(timeline, FROM + MINUTE, transformers);
    await openWarnings(db, 20_000);
    await player.play(timeline, FROM, FROM + MINUTE);
    await db.query('analyze');
    const live = await followLive(db, clock, 3);
    const listClock = new ListClock(db);
    const before = memory();
    const peak = { rss: before.rss, heapUsed: before.heapUsed };
    const beat = { running: true };
    const beside = (async () => {
      while (beat.running) {
        await listClock.look();
        await live.read();
        const now = process.memoryUsage();
        for (const name of Object.keys(peak)) peak[name] = Math.max(peak[name], now[name]);
        await new Promise((done) => setTimeout(done, 50));
      }
    })();
    const entriesBefore = (await db.query('select count(*) as n from journal'))[0].n;
    player.symptoms = 0;
    const steps = [];
    let start = performance.now();
    await player.play(timeline, FROM + MINUTE, FROM + 8 * MINUTE, async () => {
      steps.push((performance.now() - start) / 1000);
      start = performance.now();
    });
    beat.running = false;
    await beside;
    const ended = performance.now();
    const entries = (await db.query('select count(*) as n from journal'))[0].n - entriesBefore;
    while (
      live.counts.some(({ events, closed }) => events < entries && !closed) &&
      performance.now() - ended < 60_000
    ) {
      await live.read();
      await new Promise((done) => setTimeout(done, 20));
    }
    const after = memory();
    const quiet = new ListClock(db);
    for (let n = 0; n < 100; n += 1) await quiet.look();
    const board = await boardLoad(db);
    const { openOutages, roots, feederRoots, symptoms, warnings, notices } = await stormFigures(db);
    const raised = warnings.reduce((sum, { count }) => sum + count, 0);
    const share = (/** @type {number} */ count) => `${((100 * count) / player.symptoms).toFixed(2)} %`;
    const mega = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
    const say = (/** @type {string} */ text) => console.log(`  ${text}`);
    console.log(
      `storm: ${hit.transformers} transformers on ${hit.feeders} feeders lost within a minute, ${city.customers.length} customers, seed ${seed}`,
    );
    say(`open outages ${openOutages} with ${roots} roots, ${feederRoots} of them feeders`);
    say(
      `symptoms in the database ${symptoms.total}: reachable from exactly one outage ${symptoms.once}, from none ${symptoms.lost}, from several ${symptoms.twice}`,
    );
    say(
      `raw symptoms (messages) ${player.symptoms}, ${(player.symptoms / hit.transformers).toFixed(2)} for each transformer; warnings ${raised} (${share(raised)}): ${warnings.map(({ what, count }) => `${count} ${what}`).join(', ')}`,
    );
    say(
      `notices ${notices.total} to ${notices.customers} customers, by ${notices.orders} orders for ${openOutages} outages; warnings and orders ${share(raised + notices.orders)}`,
    );
    say(
      `work for each half minute: ${steps.map((seconds) => seconds.toFixed(1)).join(' ')} s, together ${steps.reduce((sum, one) => sum + one, 0).toFixed(0)} s`,
    );
    say(`lists meanwhile, 20,000 more warnings open: ${listClock.say()} (${listClock.looks} looks)`);
    say(`lists afterwards: ${quiet.say()}`);
    say(`the board loaded anew: ${board}`);
    say(
      `live stream: ${entries} entries; 3 clients got ${live.counts.map(({ events }) => events).join(', ')} events (${mega(live.counts[0]?.bytes ?? 0)} each), ${live.counts.filter(({ closed }) => closed).length} closed`,
    );
    say(
      `memory, the simulated city included: heap ${mega(before.heapUsed)} before, ${mega(peak.heapUsed)} at most with garbage, ${mega(after.heapUsed)} after; resident ${mega(before.rss)} and ${mega(peak.rss)}`,
    );
    await live.stop();
  });
}
