import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR_MS } from '../domain/instants.js';
import { Fault } from '../fault.js';
import { buildCity } from '../simulator/build-city.js';
import type { CitySize, SimCity } from '../simulator/city.js';
import { cityFiles } from '../simulator/city-csv.js';
import type { CityFiles } from '../simulator/city-csv.js';
import { cityFromFiles } from '../simulator/city-from-csv.js';
import { addDemoStory } from '../simulator/demo-scenario.js';
import { addChanceEvents, addStorm } from '../simulator/scenario.js';
import type { ScenarioName } from '../simulator/scenario.js';
import { Timeline } from '../simulator/timeline.js';
import { truthOf, voltageRuns } from '../simulator/truth.js';
import type { TruthRecord } from '../simulator/truth.js';
import type { ApiClient } from './api-client.js';
import { CityDriver } from './drive-city.js';
import { importText } from './import-folder.js';
import type { FileResult } from './import-folder.js';
import { Publisher } from './publisher.js';

const CONNECTIONS = 4;

export interface SimulateOptions {
  city: CitySize;
  /** Folder with assets.csv, terminals.csv and customers.csv instead of an invented city. */
  network: string | null;
  scenario: ScenarioName;
  seed: number;
  historyHours: number;
  /** Messages a second at most while history plays. */
  rate: number;
  /** Event time runs this much faster than the clock, until it reaches it. */
  speed: number;
  /** Seconds to stay live; null = until stopped. */
  liveSeconds: number | null;
  truthFile: string | null;
  mqtt: string;
  topicPrefix: string;
  shard: string;
  importRegister: boolean;
}

/** @throws Fault `invalid_input` when a file is missing */
export async function loadCity(
  options: Pick<SimulateOptions, 'city' | 'network' | 'seed' | 'shard'>,
): Promise<SimCity> {
  const { network } = options;
  if (network === null) return buildCity(options.city, options.seed);
  const read = (file: string): Promise<string> =>
    readFile(join(network, file), 'utf8').catch((error: Error) => {
      throw new Fault('invalid_input', `${join(network, file)} cannot be read: ${error.message}`, { cause: error });
    });
  const files: CityFiles = {
    assets: await read('assets.csv'),
    terminals: await read('terminals.csv'),
    customers: await read('customers.csv'),
  };
  return cityFromFiles(files, options.seed, options.shard);
}

/** What happens in [from, to); live play lets it grow. */
export function makeTimeline(city: SimCity, scenario: ScenarioName, seed: number, from: number, now: number): Timeline {
  const timeline = new Timeline(city, Math.floor(from / 60_000) * 60_000 - HOUR_MS);
  if (scenario === 'demo') addDemoStory(timeline, seed, now);
  else addChanceEvents(timeline, scenario, seed, from, now + HOUR_MS);
  if (scenario === 'storm') addStorm(timeline, from + (now - from) / 4, seed);
  return timeline;
}

/** @throws Fault when the service refuses a row: then its register is another city's */
export async function importCity(api: ApiClient, city: SimCity): Promise<FileResult[]> {
  const files = cityFiles(city);
  const results = [
    await importText(api, 'assets', '/network/assets', files.assets),
    await importText(api, 'terminals', '/network/terminals', files.terminals),
    await importText(api, 'customers', '/network/customers', files.customers),
  ];
  const wrong = results.find((result) => result.rejected.length > 0);
  if (wrong !== undefined) {
    const [first] = wrong.rejected;
    throw new Fault(
      'conflict',
      `The service refused ${wrong.rejected.length} ${wrong.file} of the city; line ${first?.line}: ${first?.reason}.`,
    );
  }
  return results;
}

export async function writeTruth(file: string, records: readonly TruthRecord[]): Promise<void> {
  const stream = createWriteStream(file);
  for (const record of records) stream.write(`${JSON.stringify(record)}\n`);
  await new Promise<void>((done, fail) => {
    stream.once('error', fail);
    stream.end(() => done());
  });
}

/** Writes the city as import files, so that others can use it. */
export async function writeCityFiles(folder: string, files: CityFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'assets.csv'), files.assets);
  await writeFile(join(folder, 'terminals.csv'), files.terminals);
  await writeFile(join(folder, 'customers.csv'), files.customers);
}

/** The whole run of `lamplighter simulate`; resolves when stopped. */
export async function simulate(
  api: ApiClient,
  options: SimulateOptions,
  stop: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const now = Date.now();
  const from = Math.floor((now - options.historyHours * HOUR_MS) / 60_000) * 60_000;
  const city = await loadCity(options);
  say(
    `${city.transformers.length} transformers, ${city.customers.length} customers, seed ${options.seed}, scenario ${options.scenario}`,
  );
  if (options.importRegister) await importCity(api, city);
  const timeline = makeTimeline(city, options.scenario, options.seed, from, now);
  const publisher = await Publisher.connect(options.mqtt, CONNECTIONS);
  const driver = new CityDriver(timeline, publisher, api, options.topicPrefix, say);
  try {
    await driver.answerCommands();
    // With a speed the whole run is paced; without, history goes as fast as the broker takes it.
    const accelerated = options.speed !== 1;
    const reached = accelerated
      ? from
      : await driver.playHistory(from, () => (stop.aborted ? 0 : Date.now()), options.rate);
    if (accelerated) await driver.playHistory(from, () => from);
    else if (!stop.aborted)
      say(`history is in: ${driver.counts.messages} messages, ${driver.counts.calls} calls; now live`);
    const ender =
      options.liveSeconds === null ? stop : AbortSignal.any([stop, AbortSignal.timeout(options.liveSeconds * 1000)]);
    let grownTo = now + HOUR_MS;
    await driver.playLive(reached, options.speed, ender, (until) => {
      if (until <= grownTo - 60_000) return;
      timeline.playedUntil(until);
      addChanceEvents(timeline, options.scenario, options.seed, grownTo, grownTo + HOUR_MS);
      grownTo += HOUR_MS;
    });
    await publisher.drain();
  } finally {
    if (options.truthFile !== null)
      await writeTruth(options.truthFile, [...truthOf(timeline), ...voltageRuns(timeline, from, Date.now())]);
    await publisher.close();
  }
  say(
    `stopped: ${driver.counts.messages} messages, ${driver.counts.calls} calls, ${driver.counts.refusedCalls} of them refused`,
  );
}
