import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { Fault } from '../fault.js';
import { convertIeee8500 } from './ieee8500.js';
import { writeCityFiles } from './simulate.js';

export const importIeee8500Command = (): Command =>
  new Command('import-ieee8500')
    .description('Turns the tables of the IEEE 8500-node test feeder into assets.csv, terminals.csv and customers.csv.')
    .argument('<folder>', 'folder with Lines.csv, LoadXfmrs.csv, Loads.csv and, if there, Triplex_Lines.csv')
    .requiredOption('--out <folder>', 'where the three files go')
    .addHelpText(
      'after',
      `
Examples:
  lamplighter import-ieee8500 ./ieee8500 --out ./register
  lamplighter import ./register --key $KEY
  lamplighter simulate --network ./register --scenario storm --key $KEY`,
    )
    .action(async (folder: string, options: { out: string }) => {
      const files = convertIeee8500({
        lines: await table(folder, 'Lines.csv'),
        transformers: await table(folder, 'LoadXfmrs.csv'),
        loads: await table(folder, 'Loads.csv'),
        triplex: await table(folder, 'Triplex_Lines.csv', true),
      });
      await writeCityFiles(options.out, files);
      const count = (text: string, kind: string): number =>
        text.split('\n').filter((line) => line.split(',')[1] === kind).length;
      process.stdout.write(
        `${options.out}: ${count(files.assets, 'section')} sections, ${count(files.assets, 'transformer')} transformers, ${files.customers.trimEnd().split('\n').length - 1} customers\n`,
      );
    });

async function table(folder: string, name: string): Promise<string>;
async function table(folder: string, name: string, optional: true): Promise<string | null>;
async function table(folder: string, name: string, optional = false): Promise<string | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new Fault('invalid_input', `The folder ${folder} cannot be read (${error.code ?? error.message}).`, {
      cause: error,
    });
  });
  const found = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return readFile(join(folder, found), 'utf8');
  if (optional) return null;
  throw new Fault('invalid_input', `The folder ${folder} holds no ${name}.`);
}
