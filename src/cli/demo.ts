import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { HOUR_MS } from '../domain/instants.js';
import { Fault } from '../fault.js';
import { buildCity } from '../simulator/build-city.js';
import { addDemoStory } from '../simulator/demo-scenario.js';
import type { DemoMoment } from '../simulator/demo-scenario.js';
import { addChanceEvents } from '../simulator/scenario.js';
import { Timeline } from '../simulator/timeline.js';
import { ApiClient } from './api-client.js';
import { CityDriver } from './drive-city.js';
import { Publisher } from './publisher.js';
import { importCity } from './simulate.js';

const SEED = 2026;
const HISTORY_MS = 9 * HOUR_MS;
/**
 * The story is laid around the instant at which the page can be opened. Loading the history takes about three and a half times as long as
 * starting the service did (7 s and 23 s where it was measured), so a slow machine gets a later story, not a half-missed one.
 */
const LOADING_PER_START = 3.4;
const LOADING_MS = { least: 15_000, most: 90_000 };
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_LINES_SHOWN = 15;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** `npm run demo`: the whole service with everything embedded, a simulated city in it, and one address to open. */
async function demo(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const port = await choosePort(3000, 'The page');
  const mqttPort = await choosePort(1883, 'The MQTT broker');
  const key = `demo-${randomBytes(18).toString('base64url')}`;
  const folder = await mkdtemp(join(tmpdir(), 'lamplighter-demo-'));
  const logFile = join(folder, 'service.log');
  const service = startService(
    {
      HOST: '127.0.0.1',
      PORT: String(port),
      EMBEDDED_MQTT_PORT: String(mqttPort),
      DATA_DIR: join(folder, 'data'),
      BOOTSTRAP_API_KEY: key,
    },
    logFile,
  );
  let ended: string | null = null;
  try {
    const url = `http://127.0.0.1:${port}`;
    say('Starting the service (embedded PostgreSQL and MQTT broker) ...');
    const startedAt = Date.now();
    await untilReady(service, url, logFile, stop.signal);
    const loadingMs = Math.min(
      LOADING_MS.most,
      Math.max(LOADING_MS.least, (Date.now() - startedAt) * LOADING_PER_START),
    );
    service.once('exit', (code, signal) => {
      if (!stop.signal.aborted) ended = `The service ended by itself (${signal ?? `exit code ${code}`}).`;
      stop.abort();
    });
    await play({ url, mqtt: `mqtt://127.0.0.1:${mqttPort}`, key, logFile, loadingMs }, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    if (ended !== null) ended = `${ended as string} The end of its log:\n${await endOfLog(logFile)}`;
    say('\nStopping ...');
    await stopService(service);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  if (ended !== null) throw new Fault('unavailable', ended);
}

const endOfLog = async (logFile: string): Promise<string> =>
  (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');

interface DemoService {
  url: string;
  mqtt: string;
  key: string;
  logFile: string;
  /** Expected time until the history is in. */
  loadingMs: number;
}

async function play({ url, mqtt, key, logFile, loadingMs }: DemoService, stop: AbortSignal): Promise<void> {
  const api = new ApiClient({ url, key });
  const city = buildCity('small', SEED);
  await importCity(api, city);
  const began = Date.now();
  const ready = began + Math.round(loadingMs);
  const from = Math.floor((began - HISTORY_MS) / 60_000) * 60_000;
  const timeline = new Timeline(city, from - HOUR_MS);
  const moments = addDemoStory(timeline, SEED, ready);
  const publisher = await Publisher.connect(mqtt, 2);
  stop.addEventListener('abort', () => publisher.fail(new Error('stopped')), { once: true });
  const refused: string[] = [];
  const driver = new CityDriver(timeline, publisher, api, 'dt/v1', (text) => refused.push(text));
  try {
    await driver.answerCommands();
    say(
      `Loading ${HISTORY_MS / HOUR_MS} hours of ${city.transformers.length} transformers and ${city.customers.length} customers ...`,
    );
    const reached = await driver.playHistory(from, () => Math.min(Date.now(), stop.aborted ? 0 : Infinity));
    await untilDigested(api, stop);
    if (stop.aborted) return;
    say(script(url, key, moments, ready, logFile));
    if (refused.length > 0) say(`  ${refused.length} calls of the story were refused; the first: ${refused[0]}\n`);
    let grownTo = ready + HOUR_MS;
    await driver.playLive(reached, 1, stop, (until) => {
      if (until < grownTo - 60_000) return;
      timeline.playedUntil(until);
      addChanceEvents(timeline, 'demo', SEED, grownTo, grownTo + HOUR_MS);
      grownTo += HOUR_MS;
    });
  } finally {
    await publisher.close();
  }
}

function script(url: string, key: string, moments: readonly DemoMoment[], ready: number, logFile: string): string {
  const clock = (t: number): string => new Date(t).toTimeString().slice(0, 8);
  const lines = moments.map(({ after, text }) => `  ${clock(ready + after)}  ${text}`);
  return [
    '',
    `  Open  ${url}/#key=${key}`,
    '',
    '  What will be seen, and when:',
    ...lines,
    '',
    `  The service's log, with every SMS it would have sent: ${logFile}`,
    '  Ctrl-C stops everything and removes its data.',
    '',
  ].join('\n');
}

/** The wanted port, or a free one when it is taken. */
async function choosePort(wanted: number, what: string): Promise<number> {
  const listen = (port: number): Promise<number | null> =>
    new Promise((done) => {
      const server = createServer().once('error', () => done(null));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => done(typeof address === 'object' && address !== null ? address.port : null));
      });
    });
  if ((await listen(wanted)) !== null) return wanted;
  const free = await listen(0);
  if (free === null) throw new Fault('unavailable', 'This machine gives no free port on 127.0.0.1.');
  say(`${what}: port ${wanted} is taken, using ${free}.`);
  return free;
}

/** In its own process group, so that Ctrl-C reaches it only through us and it can end in order. */
function startService(env: Record<string, string>, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name)));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.js')], {
    env: { ...inherited, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  process.once('exit', () => {
    if (child.exitCode === null) child.kill('SIGTERM');
  });
  return child;
}

/** The demo is complete in itself: a database or broker configured for something else must not be filled with an invented city. */
const OWN_SETTINGS =
  /^(DATABASE_URL|DATA_DIR|EMBEDDED_.*|MQTT_.*|ROLES|SMS_.*|POLICY_FILE|UTILITY_.*|LOG_LEVEL|HOST|PORT)$/;

async function untilReady(service: ChildProcess, url: string, logFile: string, stop: AbortSignal): Promise<void> {
  const end = Date.now() + START_TIMEOUT_MS;
  while (!stop.aborted) {
    const ok = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    if (service.exitCode !== null || Date.now() > end) {
      throw new Fault('unavailable', `The service did not start. The end of its log:\n${await endOfLog(logFile)}`);
    }
    await sleep(150);
  }
}

/** Until the service has stored what was published and its followers have caught up. */
async function untilDigested(api: ApiClient, stop: AbortSignal): Promise<void> {
  const end = Date.now() + START_TIMEOUT_MS;
  let calm = 0;
  while (!stop.aborted && calm < 3 && Date.now() < end) {
    const waiting =
      (await api.counter('lamplighter_ingest_unacknowledged')) + (await api.counter('lamplighter_journal_lag_entries'));
    calm = waiting === 0 ? calm + 1 : 0;
    await sleep(200);
  }
}

async function stopService(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null) return;
  const ended = new Promise<void>((done) => service.once('exit', () => done()));
  service.kill('SIGTERM');
  const timeout = setTimeout(() => service.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}

const command = new Command('npm run demo')
  .description(
    'The whole service with everything embedded and a simulated city in it. Prints the address to open; Ctrl-C stops it and removes its data.',
  )
  .showHelpAfterError('The demo takes no arguments.')
  .action(demo);

try {
  await command.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(
    `${error instanceof Fault ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
