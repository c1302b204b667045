import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import copyStreams from 'pg-copy-streams';
import { createPool } from '../dist/modules/database/database.js';
import { freePort, median, registerTerminals, run, startBroker, startDatabase, until } from './support.js';

/**
 * Messages per second end to end at QoS 1: generator -> mosquitto -> service -> committed rows, all on this machine, beside two
 * yardsticks in the same run: a bare MQTT.js subscriber that stores nothing, and COPY of the same rows without MQTT.
 *   npm run bench:ingest [-- --messages 300000 --rounds 3 --terminals 20000 --mqttjs]
 * The generator writes prepared packets and costs little; with --mqttjs it is an ordinary MQTT.js client, which takes most of a core
 * from everybody and lowers the yardstick more than the service.
 */
const argument = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : Number(process.argv[index + 1]);
};
const messages = argument('messages', 300_000);
const rounds = argument('rounds', 3);
const terminals = argument('terminals', 20_000);
// A reading a second and terminal: all of them lie in the present hour, as live readings do.
const intervalMs = 1_000;
const mqttJs = process.argv.includes('--mqttjs');

const broker = await startBroker();
const database = await startDatabase();
const port = await freePort();
const service = spawn(
  process.execPath,
  [...(process.env.SERVICE_NODE_FLAGS ?? '').split(' ').filter(Boolean), join(import.meta.dirname, '../dist/main.js')],
  {
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      MQTT_URL: broker.url,
      PORT: String(port),
      BOOTSTRAP_API_KEY: 'benchmark-key-0123456789',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
const pool = createPool(database.url, 2);
try {
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, 'the service');
  await registerTerminals(pool, terminals);
  const memoryMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const cpuSeconds = () => {
    const fields = readFileSync(`/proc/${service.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  const perRound = Math.ceil(messages / terminals) * intervalMs;
  // No reading is older than some minutes, however long a round takes: older ones ask for their hour to be summed again.
  let startTs = Date.now() - perRound;
  const results = [];
  const generate = (target) =>
    run(mqttJs ? 'generator-mqttjs.js' : 'generator.js', {
      host: '127.0.0.1',
      port: target,
      terminals,
      messages,
      perSecond: 0,
      startTs,
      intervalMs,
    });

  for (let round = 0; round <= rounds; round += 1) {
    const warmUp = round === 0;
    startTs = Math.max(startTs + perRound, Date.now() - perRound);
    service.kill('SIGSTOP'); // the service must not consume while the yardstick is measured
    const bareBroker = await startBroker();
    const bare = run('bare-subscriber.js', { url: bareBroker.url, messages, filter: 'dt/v1/+/+/up/#' });
    await until(async () => bare.output().startsWith('ready'), 'the bare subscriber');
    const bareBegun = performance.now();
    await generate(bareBroker.port).result();
    await bare.result();
    const bareRate = messages / ((performance.now() - bareBegun) / 1000);
    bareBroker.stop();
    service.kill('SIGCONT');

    const countBefore = await storedReadings();
    const cpuBefore = cpuSeconds();
    const begun = performance.now();
    const generator = generate(broker.port);
    let peakMb = 0;
    const watcher = setInterval(() => (peakMb = Math.max(peakMb, memoryMb())), 100);
    await generator.result();
    await until(() => lastStored(startTs), 'the last rows', 300_000);
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(watcher);
    const cpu = ((cpuSeconds() - cpuBefore) * 1e6) / messages;
    await until(async () => (await storedReadings()) - countBefore >= messages, 'all rows');

    const copyRate = await copyAgain();
    const row = { bareRate, rate: messages / seconds, copyRate, cpuMicros: cpu, peakMb };
    console.log(
      `${warmUp ? 'warm-up' : `round ${round}`}: service ${Math.round(row.rate)}/s, bare ${Math.round(bareRate)}/s, COPY ${Math.round(copyRate)}/s, ratio ${(row.rate / bareRate).toFixed(2)}, ` +
        `${cpu.toFixed(1)} us CPU per message, peak ${Math.round(peakMb)} MB`,
    );
    if (!warmUp) results.push(row);
  }
  const of = (name) => median(results.map((row) => row[name]));
  console.log(`\n${cpus().length} cores, ${terminals} terminals, ${messages} messages a round, median of ${rounds}:`);
  console.log(
    `  service ${Math.round(of('rate'))}/s   bare subscriber ${Math.round(of('bareRate'))}/s   COPY alone ${Math.round(of('copyRate'))}/s`,
  );
  console.log(
    `  ratio to the bare subscriber ${median(results.map((row) => row.rate / row.bareRate)).toFixed(2)}, to COPY ${median(results.map((row) => row.rate / row.copyRate)).toFixed(2)}`,
  );
} finally {
  service.kill('SIGTERM');
  await new Promise((done) => service.once('exit', done));
  await pool.end();
  broker.stop();
  await database.stop();
}

async function storedReadings() {
  return Number((await pool.query('select count(*) from reading')).rows[0].count);
}

/**
 * True when the last reading of each partition is stored (neighbouring terminals are of different ones). Counting all rows again and
 * again would take more of the database than storing them.
 */
async function lastStored(startTs) {
  const last = Array.from({ length: Math.min(10, messages) }, (_, back) => messages - 1 - back);
  const { rows } = await pool.query(
    `select count(*) from unnest($1::text[], $2::timestamptz[]) as l(code, ts) join terminal t using (code)
     cross join lateral (select from reading r where r.transformer_id = t.transformer_id and r.ts = l.ts limit 1) found`,
    [
      last.map((index) => `T${index % terminals}`),
      last.map((index) => new Date(startTs + Math.floor(index / terminals) * intervalMs)),
    ],
  );
  return Number(rows[0].count) === last.length;
}

/** COPY of as many rows of the same shape into a table like `reading`, in batches of 2,000, one transaction each. */
async function copyAgain() {
  await pool.query('drop table if exists copied');
  await pool.query('create table copied (like reading including all)');
  const client = await pool.connect();
  const begun = performance.now();
  try {
    for (let start = 0; start < messages; start += 2_000) {
      const lines = [];
      for (let index = start; index < Math.min(messages, start + 2_000); index += 1) {
        const at = new Date(1_700_000_000_000 + Math.floor(index / terminals) * 60_000).toISOString();
        lines.push(
          `${index % terminals}\t${at}\t${at}\t221.3\t219.8\t220.4\t101.5\t99.1\t98.7\t3.2\t65.31\t12.2\t0.98\t50.01\t56.2\t1\t${index}\t0\n`,
        );
      }
      await client.query('begin');
      await pipeline(
        Readable.from([lines.join('')]),
        client.query(
          copyStreams.from(
            'copy copied (transformer_id, ts, received_at, ua, ub, uc, ia, ib, ic, in_, p, q, pf, f, temp, sid, seq, tq) from stdin',
          ),
        ),
      );
      await client.query('commit');
    }
  } finally {
    client.release();
  }
  const rate = messages / ((performance.now() - begun) / 1000);
  await pool.query('drop table copied');
  return rate;
}
