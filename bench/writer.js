/**
 * How fast the batch writer is without a broker: batches of 2,000 one-reading messages over 20,000 terminals into an embedded
 * PostgreSQL, beside COPY of the same rows alone.
 *
 *     npm run bench:writer -- [seconds]
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { Registry } from 'prom-client';
import { Clock } from '../dist/clock.js';
import { Config } from '../dist/config.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { EmbeddedPostgres } from '../dist/modules/database/embedded-postgres.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { ActivePolicy } from '../dist/modules/policy/active-policy.js';
import { BatchWriter } from '../dist/modules/telemetry/batch-writer.js';
import { BinaryRows } from '../dist/modules/telemetry/binary-rows.js';
import { TelemetryMetrics } from '../dist/modules/telemetry/telemetry.metrics.js';
import { builtInPolicyFile, readPolicyFile } from '../dist/policy-file.js';

const TERMINALS = 20_000;
const BATCH = 2_000;
const seconds = Number(process.argv[2] ?? 10);

/** Reported time of the terminals; runs faster than the wall, one minute per round over all of them. */
class BenchClock extends Clock {
  time = Date.parse('2026-07-15T00:00:00Z');
  now() {
    return this.time;
  }
}

/** Processor time of the database's connections, microseconds: what a busy machine does not distort. Linux only, otherwise NaN. */
async function databaseCpuUs(db) {
  const rows = await db.query(`select pid from pg_stat_activity where backend_type = 'client backend'`);
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  const ticks = rows.map(({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, value) => sum + value, 0) * 10_000;
}

const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-'));
const server = await EmbeddedPostgres.start(folder);
const clock = new BenchClock();
try {
  const pool = createPool(server.url);
  await migrate(pool);
  const db = new Database(pool, clock);
  await db.query(
    `with made as (insert into asset (code, kind, path, name) select 'X' || n, 'transformer', '{}', '' from generate_series(1, $1) n returning id, code)
     insert into terminal (code, transformer_id) select 'T' || substr(code, 2), id from made`,
    [TERMINALS],
  );
  await db.query('analyze');
  const active = await ActivePolicy.activate(db, readPolicyFile(builtInPolicyFile('csg')));
  const writer = new BatchWriter(db, active, Config.read({}), new TelemetryMetrics(new Registry()));

  let sequence = 0;
  const makeBatch = () =>
    Array.from({ length: BATCH }, () => {
      const terminal = sequence % TERMINALS;
      const round = (sequence - terminal) / TERMINALS;
      sequence += 1;
      const ts = Date.parse('2026-07-15T00:00:00Z') + round * 60_000 + (terminal % 60) * 1000;
      clock.time = Math.max(clock.time, ts + 500);
      const noise = (sequence * 7919) % 100;
      const payload = JSON.stringify({
        ts, sid: 17, seq: round + 1, tq: 0, ua: 218 + noise / 20, ub: 219 + noise / 25, uc: 220 + noise / 30,
        ia: 101.5 + noise / 10, ib: 99.1, ic: 98.7 + noise / 50, in: 3.2, p: 65.31, q: 12.2, pf: 0.98, f: 50.01, temp: 56.2,
      }); // prettier-ignore
      return {
        topic: `dt/v1/s${terminal % 16}/T${terminal + 1}/up/meas`,
        payload: Buffer.from(payload),
        receivedAt: ts + 400,
        retain: false,
      };
    });

  // First sight of every terminal, and the warm-up of both sides.
  for (let index = 0; index < (3 * TERMINALS) / BATCH; index += 1) await writer.write(makeBatch());

  // Where the time goes: from sending each statement to its answer. What is left is this process: decoding, rules, building rows.
  const stages = new Map();
  const connect = pool.connect.bind(pool);
  const timed = new WeakSet();
  pool.connect = async (callback) => {
    if (callback !== undefined) return connect(callback);
    const client = await connect();
    if (timed.has(client)) return client;
    timed.add(client);
    const query = client.query.bind(client);
    client.query = (config, ...rest) => {
      const start = performance.now();
      const text = (typeof config === 'string' ? config : config.text).trim().split(/\s+/).slice(0, 3).join(' ');
      const done = () => stages.set(text, (stages.get(text) ?? 0) + performance.now() - start);
      const running = query(config, ...rest);
      if (typeof running?.then === 'function') return running.finally(done);
      running?.once('finish', done);
      return running;
    };
    return client;
  };

  let readings = 0;
  let wallMs = 0;
  const databaseBefore = await databaseCpuUs(db);
  const before = process.cpuUsage();
  let generating = { user: 0, system: 0 };
  const end = performance.now() + seconds * 1000;
  const took = [];
  while (performance.now() < end) {
    const cpu = process.cpuUsage();
    const batch = makeBatch();
    const used = process.cpuUsage(cpu);
    generating = { user: generating.user + used.user, system: generating.system + used.system };
    const start = performance.now();
    const outcome = await writer.write(batch);
    took.push(performance.now() - start);
    wallMs += took.at(-1) ?? 0;
    readings += outcome.readings;
  }
  const cpu = process.cpuUsage(before);
  const ownUs = cpu.user + cpu.system - generating.user - generating.system;
  took.sort((a, b) => a - b);
  const rate = readings / (wallMs / 1000);
  console.log(
    `writer: ${Math.round(rate)} readings/s, ${(ownUs / readings).toFixed(1)} us of this process and ${(((await databaseCpuUs(db)) - databaseBefore) / readings).toFixed(1)} us of the database per reading`,
  );
  console.log(
    `batch of ${BATCH}: p50 ${took[took.length >> 1]?.toFixed(1)} ms, p99 ${took[Math.floor(took.length * 0.99)]?.toFixed(1)} ms`,
  );

  for (const [text, ms] of [...stages].sort((a, b) => b[1] - a[1]).slice(0, 8))
    console.log(
      `  ${((100 * ms) / wallMs).toFixed(0).padStart(3)} %  ${((1000 * ms) / readings).toFixed(1).padStart(5)} us per reading  ${text}`,
    );
  stages.clear();

  await db.query('create table copied (like reading including all)');
  let copied = 0;
  let copyMs = 0;
  const copyBefore = await databaseCpuUs(db);
  const copyEnd = performance.now() + Math.min(seconds, 5) * 1000;
  while (performance.now() < copyEnd) {
    const rows = BinaryRows.forCopy(BATCH, 156);
    for (let index = 0; index < BATCH; index += 1) {
      rows.row(18);
      rows.int4((copied % TERMINALS) + 1);
      rows.timestamptz(1_784_073_600_000 + Math.floor(copied / TERMINALS) * 60_000);
      rows.timestamptz(1_784_073_600_400);
      for (let column = 0; column < 12; column += 1) rows.float4(221.5 + column);
      rows.int4(17);
      rows.int8(copied);
      rows.int2(0);
      copied += 1;
    }
    const start = performance.now();
    await db.inTx(async (tx) => {
      const stream = tx.client.query(copyFrom('copy copied from stdin (format binary)'));
      stream.end(rows.finishCopy());
      await finished(stream);
    });
    copyMs += performance.now() - start;
  }
  const copyRate = copied / (copyMs / 1000);
  console.log(
    `COPY alone: ${Math.round(copyRate)} rows/s, ${(((await databaseCpuUs(db)) - copyBefore) / copied).toFixed(1)} us of the database per row; the writer is at ${(rate / copyRate).toFixed(2)} of it`,
  );
  await db.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
