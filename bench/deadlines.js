/**
 * A soak of the sweep: deadlines that fall due at random over an hour of driven time, swept by three processes on one embedded PostgreSQL
 * (fsync on), of which one is killed (kill -9) at half time and replaced. Counts what was missed and what fired twice, and prints the
 * delay: driven time from the instant of a deadline to the moment after the commit that fired it, as the sweeping process sees it.
 * A driven second is 1/speed of a real one, and the pause between two looks (250 ms in the service) is driven time, too; so the work of
 * the database weighs `speed` times as much as it does in service. With --speed 1 it is the service's own pace, and takes an hour.
 *
 *     npm run bench:deadlines -- [--count n] [--minutes n] [--speed n]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createPool } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { startDatabase } from './support.js';

const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? usual : Number(process.argv[at + 1]);
};
const count = option('count', 100_000);
const speed = option('speed', 10);
const spanMs = option('minutes', 60) * 60_000;
const REST_MS = 250;
const DRIVEN_FROM = Date.parse('2026-07-15T10:00:00+08:00');

const server = await startDatabase();
const pool = createPool(server.url, 2);
await migrate(pool);
await pool.query(`select setseed(0.5)`);
await pool.query(
  `insert into deadline (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
   select 'reconnection', 'reconnection_order', n, 'due', $1::timestamptz + floor(random() * $3) * interval '1 ms',
          '{"startMeaning": "payment in full", "share": 1}', 1
   from generate_series(1, $2::integer) n`,
  [new Date(DRIVEN_FROM), count, spanMs],
);
await pool.query('analyze deadline');

const delays = [];
const wallFrom = Date.now() + 3_000;
const startSweeper = () => {
  const given = { url: server.url, drivenFrom: DRIVEN_FROM, wallFrom, speed, restMs: REST_MS };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'deadline-sweeper.js'), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => delays.push(Number(line)));
  return { child, ended: new Promise((done) => child.once('exit', done)) };
};
const left = async () =>
  (await pool.query(`select count(*)::int as n from deadline where state = 'pending'`)).rows[0].n;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const sweepers = [startSweeper(), startSweeper(), startSweeper()];
await wait(wallFrom + spanMs / speed / 2 - Date.now());
sweepers[0].child.kill('SIGKILL');
const firedByHalf = count - (await left());
sweepers.push(startSweeper());
await wait(wallFrom + spanMs / speed - Date.now() + 2_000);
for (let tries = 0; (await left()) > 0 && tries < 60; tries += 1) await wait(1_000);
for (const { child } of sweepers) child.kill('SIGTERM');
await Promise.all(sweepers.map(({ ended }) => ended));

const { rows } = await pool.query(
  `select count(*)::int as entries, count(distinct data ->> 'deadlineId')::int as deadlines,
          count(*) filter (where known_at < happened_at)::int as early from journal where type = 'deadline_fired'`,
);
const [{ entries, deadlines, early }] = rows;
delays.sort((a, b) => a - b);
const of = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))];
console.log(
  `${count} deadlines over ${spanMs / 60_000} driven minutes at ${speed} times real time, three sweepers, one killed when ${firedByHalf} had fired`,
);
console.log(
  `  missed ${count - deadlines}, double ${entries - deadlines}, before their instant ${early}; delay in driven time: p50 ${of(0.5)} ms, p99 ${of(0.99)} ms, most ${delays.at(-1)} ms (${delays.length} heard of)`,
);
await pool.end();
await server.stop();
process.exitCode = entries === count && deadlines === count && early === 0 ? 0 : 1;
