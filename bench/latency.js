import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { createPool } from '../dist/modules/database/database.js';
import { freePort, registerTerminals, run, startBroker, startDatabase, until } from './support.js';

/**
 * From a reading being published to its warning arriving at a client of /live, while other terminals keep the service busy.
 *   npm run bench:latency [-- --probes 200]
 * Broker, database, generator and client share this machine.
 */
const KEY = 'benchmark-key-0123456789';
const index = process.argv.indexOf('--probes');
const probes = index < 0 ? 200 : Number(process.argv[index + 1]);
const QUARTER_HOUR_MS = 900_000;

const broker = await startBroker();
const database = await startDatabase();
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const service = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
  env: {
    ...process.env,
    DATABASE_URL: database.url,
    MQTT_URL: broker.url,
    PORT: String(port),
    BOOTSTRAP_API_KEY: KEY,
    LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'inherit', 'inherit'],
});
const pool = createPool(database.url, 2);
const published = new Map(); // transformer id -> instant of publishing
let arrivals = [];

async function listen(signal) {
  const response = await fetch(`${url}/api/v1/live`, { headers: { authorization: `Bearer ${KEY}` }, signal });
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop();
    for (const frame of frames) {
      if (!frame.includes('event: warning_raised')) continue;
      const { data } = JSON.parse(/^data: (.*)$/m.exec(frame)[1]);
      const begun = published.get(data.subjectId);
      if (begun !== undefined) arrivals.push(performance.now() - begun);
    }
  }
}

try {
  await until(async () => (await fetch(`${url}/health/ready`)).ok, 'the service');
  const terminals = 20_000;
  const rates = [0, 1_000, 5_000];
  await registerTerminals(pool, terminals + probes * rates.length);
  const first = (await pool.query(`select min(transformer_id) as id from terminal where code = 'T${terminals}'`))
    .rows[0].id;
  // Probes report every quarter of an hour, so that two low readings are a low voltage held for 15 minutes.
  await pool.query('update terminal set interval_seconds = 900 where transformer_id >= $1', [first]);
  const ids = new Map(
    (await pool.query('select code, transformer_id from terminal where transformer_id >= $1', [first])).rows.map(
      (row) => [row.code, row.transformer_id],
    ),
  );
  const stop = new AbortController();
  const listening = listen(stop.signal).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  const publisher = await connectAsync(broker.url);
  const send = (terminal, ts, volts) =>
    publisher.publishAsync(`dt/v1/p/${terminal}/up/meas`, JSON.stringify({ ts, ua: volts, ub: 221, uc: 221 }), {
      qos: 1,
    });

  console.log(
    `${cpus().length} cores; generator, broker, database, service and client together; ${probes} probes at each rate`,
  );
  for (const [round, rate] of rates.entries()) {
    const seconds = probes * 0.1 + 10;
    const load =
      rate === 0
        ? null
        : run('generator.js', {
            host: '127.0.0.1',
            port: broker.port,
            terminals,
            messages: Math.ceil(rate * seconds),
            perSecond: rate,
            startTs: Date.now() - 600_000 + round * 60_000,
            intervalMs: 1_000,
          });
    const codes = Array.from({ length: probes }, (_, n) => `T${terminals + round * probes + n}`);
    const now = Date.now();
    await Promise.all(codes.map((code) => send(code, now - QUARTER_HOUR_MS - 1_000, 190)));
    await new Promise((done) => setTimeout(done, 3_000));
    arrivals = [];
    for (const code of codes) {
      published.set(ids.get(code), performance.now());
      void send(code, Date.now(), 189);
      await new Promise((done) => setTimeout(done, 100));
    }
    await until(
      async () => arrivals.length >= probes,
      `${probes} warnings at ${rate}/s (${arrivals.length} came)`,
      30_000,
    );
    const sorted = arrivals.toSorted((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(0);
    console.log(
      `  ${String(rate).padStart(5)} messages/s beside: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`,
    );
    load?.child.kill();
  }
  stop.abort();
  await listening;
  await publisher.endAsync();
} finally {
  service.kill('SIGTERM');
  await new Promise((done) => service.once('exit', done));
  await pool.end();
  broker.stop();
  await database.stop();
}
