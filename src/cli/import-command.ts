import { Command } from 'commander';
import { Fault } from '../fault.js';
import { ApiClient } from './api-client.js';
import { importFolder } from './import-folder.js';
import { keyOption, urlOption } from './options.js';

const SHOWN_REJECTIONS = 50;

export const importCommand = (): Command =>
  new Command('import')
    .description(
      'Sends assets.csv, terminals.csv, customers.csv, planned-outages.csv and complaints.csv of a folder to the service.',
    )
    .argument('<folder>', 'folder with the files; those that are missing are left out')
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      `
The register is idempotent by code: sending a file again changes only what differs.
Exit code 1 when any row was rejected; the rest is taken nevertheless.

Examples:
  lamplighter import ./register --key $KEY
  lamplighter import ./register --url https://dispatch.example --key $KEY`,
    )
    .action(async (folder: string, options: { url: string; key?: string }) => {
      const results = await importFolder(new ApiClient({ url: options.url, key: needKey(options.key) }), folder);
      for (const { file, accepted, rejected } of results) {
        process.stdout.write(`${file}: ${accepted} accepted, ${rejected.length} rejected\n`);
        for (const { line, reason } of rejected.slice(0, SHOWN_REJECTIONS))
          process.stdout.write(`  line ${line}: ${reason}\n`);
        if (rejected.length > SHOWN_REJECTIONS)
          process.stdout.write(`  and ${rejected.length - SHOWN_REJECTIONS} more\n`);
      }
      if (results.some((result) => result.rejected.length > 0)) process.exitCode = 1;
    });

/** @throws Fault `unauthenticated` when there is none */
export function needKey(key: string | undefined): string {
  if (key !== undefined && key !== '') return key;
  throw new Fault('unauthenticated', 'An API key is needed: give it with --key, or set LAMPLIGHTER_KEY.');
}
