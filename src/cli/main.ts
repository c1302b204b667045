#!/usr/bin/env node
import { Command } from 'commander';
import { Fault } from '../fault.js';
import { importCommand } from './import-command.js';
import { importIeee8500Command } from './import-ieee8500-command.js';
import { migrateCommand } from './migrate-command.js';
import { replayCommand } from './replay-command.js';
import { simulateCommand } from './simulate-command.js';

/** `lamplighter <command>`: exit code 0 only on success; every failure that a person can cause is one sentence on stderr. */
const program = new Command('lamplighter')
  .description('Tools around a running Lamplighter service, or its database.')
  .showHelpAfterError('Add --help to see what the command takes.')
  .addCommand(importCommand())
  .addCommand(importIeee8500Command())
  .addCommand(replayCommand())
  .addCommand(simulateCommand())
  .addCommand(migrateCommand());

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.stderr.write(
    `${error instanceof Fault ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
