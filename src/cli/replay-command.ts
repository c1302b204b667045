import { Command, Option } from 'commander';
import { ApiClient } from './api-client.js';
import { needKey } from './import-command.js';
import {
  days,
  keyOption,
  mqttOption,
  positiveNumber,
  prefixOption,
  speed,
  timeZone,
  topicLevel,
  urlOption,
} from './options.js';
import { Publisher } from './publisher.js';
import { checkArrived, countArrived, readRows, replayLines } from './replay-file.js';
import { parseMapping } from './row-mapping.js';

const SHOWN_REFUSALS = 20;

interface Options {
  terminal: string;
  map: string;
  speed: number;
  shiftToNow?: boolean;
  shift?: number;
  mqtt: string;
  topicPrefix: string;
  shard: string;
  timeZone: string;
  check?: boolean;
  checkSeconds: number;
  url: string;
  key?: string;
}

export const replayCommand = (): Command =>
  new Command('replay')
    .description('Publishes a recorded CSV file through the broker, as if its terminal spoke again.')
    .argument('<file.csv>', 'the recorded rows, with a header')
    .requiredOption('--terminal <code>', 'the terminal that speaks; it should be in the register', topicLevel)
    .requiredOption('--map <pairs>', 'reading names and columns: ts=Time,ua=VL1,ub=VL2,uc=VL3')
    .addOption(
      new Option('--speed <factor>', '1 = as recorded, 60 = a minute per second, max')
        .argParser(speed)
        .default(Infinity, 'max'),
    )
    .addOption(new Option('--shift-to-now', 'move all instants so that the last row is now').conflicts('shift'))
    .addOption(new Option('--shift <days>', 'move all instants by so many days').argParser(days))
    .addOption(mqttOption())
    .addOption(prefixOption())
    .option('--shard <level>', 'routing level of the topic', topicLevel, 'replay')
    .addOption(
      new Option('--time-zone <zone>', 'zone of instants that name none')
        .argParser(timeZone)
        .default('Asia/Shanghai')
        .env('UTILITY_TIME_ZONE'),
    )
    .option('--check', 'afterwards ask the service: stored + duplicates + rejected must be what was published')
    .addOption(
      new Option('--check-seconds <seconds>', 'how long the check waits').argParser(positiveNumber).default(60),
    )
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      `
Empty cells are "not measured". A row whose instant or number cannot be read is refused here, by line and reason.

Examples:
  lamplighter replay in-service.csv --terminal TTU7 --map "ts=DeviceTimeStamp,ua=VL1,ub=VL2,uc=VL3" --shift-to-now
  lamplighter replay rows.csv --terminal TTU7 --map "ts=t,ua=u1" --speed 60 --mqtt mqtt://broker:1883
  lamplighter replay rows.csv --terminal TTU7 --map "ts=t,ua=u1" --shift 365 --check --key $KEY`,
    )
    .action(async (file: string, options: Options) => {
      process.env.TZ = options.timeZone;
      const lines = await readRows(file, parseMapping(options.map));
      const api = options.check === true ? new ApiClient({ url: options.url, key: needKey(options.key) }) : null;
      const before = api === null ? null : await countArrived(api);
      const publisher = await Publisher.connect(options.mqtt);
      try {
        const sum = await replayLines(publisher, lines, {
          terminal: options.terminal,
          topicPrefix: options.topicPrefix,
          shard: options.shard,
          speed: options.speed,
          shift: options.shiftToNow === true ? 'to-now' : (options.shift ?? 0),
          now: Date.now(),
        });
        process.stdout.write(`${sum.rows} rows read, ${sum.published} published, ${sum.refused.length} refused here\n`);
        for (const { line, reason } of sum.refused.slice(0, SHOWN_REFUSALS))
          process.stdout.write(`  line ${line}: ${reason}\n`);
        if (api !== null && before !== null) {
          const arrived = await checkArrived(api, before, sum.published, options.checkSeconds * 1000);
          process.stdout.write(
            `${arrived.stored} stored + ${arrived.duplicates} duplicates + ${arrived.rejected} rejected = ${sum.published} published\n`,
          );
        }
      } finally {
        await publisher.close();
      }
    });
