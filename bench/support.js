import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '../dist/modules/database/database.js';
import { EmbeddedPostgres } from '../dist/modules/database/embedded-postgres.js';

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export async function until(probe, what, timeoutMs = 60_000) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (await probe().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`);
}

/** A PostgreSQL with the settings of the embedded default (fsync on), or the one of BENCH_DATABASE_URL. */
export async function startDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-'));
  await chmod(folder, 0o755);
  const given = process.env.BENCH_DATABASE_URL;
  const server = given === undefined ? await EmbeddedPostgres.start(folder) : null;
  const url = new URL(given ?? server.url);
  const admin = createPool(url.href, 1);
  const name = `bench_${process.pid}`;
  await admin.query(`create database ${name}`);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    stop: async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A real mosquitto with unlimited queues; its version decides whether the window leaks (before 2.0.13). */
export async function startBroker() {
  const binary =
    process.env.MOSQUITTO ?? ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find((path) => existsSync(path));
  if (binary === undefined) throw new Error('this benchmark needs mosquitto (Debian: apt-get install mosquitto)');
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-bench-mqtt-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n`,
  );
  const child = spawn(binary, ['-c', file], { stdio: 'ignore' });
  await until(
    () =>
      new Promise((done) => {
        const socket = createConnection(port, '127.0.0.1', () => {
          socket.destroy();
          done(true);
        }).once('error', () => done(false));
      }),
    'mosquitto',
  );
  return { port, url: `mqtt://127.0.0.1:${port}`, stop: () => child.kill() };
}

export function run(script, options) {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk.toString()));
  const ended = new Promise((done, fail) =>
    child.once('exit', (code) => (code === 0 ? done(output) : fail(new Error(`${script} ended with ${code}`)))),
  );
  ended.catch(() => undefined); // whoever asks for the result learns of it
  return { child, output: () => output, result: async () => JSON.parse((await ended).trim().split('\n').at(-1)) };
}

/** Registers terminals T0..Tn on transformers of 100 feeders, straight into the tables. */
export async function registerTerminals(pool, count) {
  await pool.query(`insert into asset (code, kind, parent_id, path, name) values ('S', 'substation', null, '{}', 'S')`);
  await pool.query(`update asset set path = array[id]`);
  await pool.query(
    `insert into asset (code, kind, parent_id, path, name) select 'F' || n, 'feeder', s.id, s.path, 'F' || n from generate_series(0, 99) n, asset s where s.code = 'S'`,
  );
  await pool.query(`update asset set path = path || id where kind = 'feeder'`);
  await pool.query(
    `insert into asset (code, kind, parent_id, path, name) select 'X' || n, 'transformer', f.id, f.path, 'X' || n
     from generate_series(0, $1::int - 1) n join asset f on f.code = 'F' || (n % 100)`,
    [count],
  );
  await pool.query(`update asset set path = path || id where kind = 'transformer'`);
  await pool.query(
    `insert into asset_parent (asset_id, parent_id, valid_from) select id, parent_id, '-infinity' from asset`,
  );
  await pool.query(
    `insert into terminal (code, transformer_id, interval_seconds) select 'T' || substr(code, 2), id, 60 from asset where kind = 'transformer'`,
  );
  await pool.query('analyze');
}

/** Runs it, and says how long it took, how much memory the process had at most, and how long it did nothing else. */
export async function measured(work) {
  let [peak, worst, last] = [0, 0, performance.now()];
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
    worst = Math.max(worst, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  const start = performance.now();
  const result = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  clearInterval(watch);
  return { result, text: `${seconds} s, memory up to ${megabytes(peak)}, longest pause ${Math.round(worst)} ms` };
}

export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
