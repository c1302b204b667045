import { Command, Option } from 'commander';
import { SCENARIOS } from '../simulator/scenario.js';
import type { ScenarioName } from '../simulator/scenario.js';
import { cityFiles } from '../simulator/city-csv.js';
import type { CitySize } from '../simulator/city.js';
import { ApiClient } from './api-client.js';
import { needKey } from './import-command.js';
import {
  keyOption,
  mqttOption,
  positiveNumber,
  prefixOption,
  speed,
  topicLevel,
  urlOption,
  wholeNumber,
} from './options.js';
import { loadCity, simulate, writeCityFiles } from './simulate.js';

interface Options {
  city: CitySize;
  network?: string;
  scenario: ScenarioName;
  seed: number;
  history: number;
  rate: number;
  speed: number;
  live?: number;
  truth?: string;
  writeRegister?: string;
  import: boolean;
  mqtt: string;
  topicPrefix: string;
  shard: string;
  url: string;
  key?: string;
}

export const simulateCommand = (): Command =>
  new Command('simulate')
    .description(
      'Plays a simulated city through the broker and the API: hours of history first, then live until stopped.',
    )
    .addOption(
      new Option('--city <size>', 'about 200, 5,000 or 50,000 transformers')
        .choices(['small', 'medium', 'large'])
        .default('small'),
    )
    .option(
      '--network <folder>',
      'play on the register in this folder (assets.csv, terminals.csv, customers.csv) instead',
    )
    .addOption(new Option('--scenario <name>', 'how much happens').choices(SCENARIOS).default('ordinary'))
    .addOption(new Option('--seed <number>', 'the same seed gives the same city').argParser(wholeNumber).default(1))
    .addOption(new Option('--history <hours>', 'hours to load before going live').argParser(positiveNumber).default(2))
    .addOption(
      new Option('--rate <number>', 'messages a second at most while history loads')
        .argParser(speed)
        .default(Infinity, 'max'),
    )
    .addOption(
      new Option('--speed <factor>', 'above 1: play the history that much faster than the clock instead of loading it')
        .argParser(positiveNumber)
        .default(1),
    )
    .addOption(new Option('--live <seconds>', 'stop after so many seconds of live play').argParser(wholeNumber))
    .option('--truth <file>', 'write what really happened, one JSON record a line')
    .option('--write-register <folder>', 'only write the city as import files')
    .option('--no-import', 'the register is in the service already')
    .addOption(mqttOption())
    .addOption(prefixOption())
    .option('--shard <level>', 'routing level of the topics of a --network', topicLevel, 'sim')
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      `
Scenarios: quiet, ordinary, busy (something every half minute), storm (half the city dark within a minute, restored in
three steps), demo (the story of npm run demo).

Examples:
  lamplighter simulate --key $KEY
  lamplighter simulate --city medium --scenario storm --seed 7 --history 12 --truth ground-truth.jsonl --key $KEY
  lamplighter simulate --network ./register --scenario busy --history 1 --live 600 --key $KEY
  lamplighter simulate --city large --write-register ./register`,
    )
    .action(async (options: Options) => {
      const network = options.network ?? null;
      if (options.writeRegister !== undefined) {
        const city = await loadCity({ ...options, network });
        await writeCityFiles(options.writeRegister, cityFiles(city));
        process.stdout.write(
          `${options.writeRegister}: ${city.transformers.length} transformers, ${city.customers.length} customers\n`,
        );
        return;
      }
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      await simulate(
        new ApiClient({ url: options.url, key: needKey(options.key) }),
        {
          ...options,
          network,
          historyHours: options.history,
          liveSeconds: options.live ?? null,
          truthFile: options.truth ?? null,
          importRegister: options.import,
        },
        stop.signal,
        (text) => process.stdout.write(`${text}\n`),
      );
    });
