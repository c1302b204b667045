import { Command } from 'commander';
import { Config } from '../config.js';
import { Fault } from '../fault.js';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('Brings the schema of the database up to this release; the service does the same when it starts.')
    .addHelpText(
      'after',
      `
The database is the one of DATABASE_URL, else the embedded one in DATA_DIR (default ./.data).

Examples:
  lamplighter migrate
  DATABASE_URL=postgres://lamplighter@db/lamplighter lamplighter migrate`,
    )
    .action(async () => {
      const config = Config.read(process.env);
      // Loaded here, because the other commands need no database.
      const { createPool } = await import('../modules/database/database.js');
      const { EmbeddedPostgres } = await import('../modules/database/embedded-postgres.js');
      const { migrate } = await import('../modules/database/migrate.js');
      const embedded =
        config.databaseUrl === null ? await EmbeddedPostgres.start(config.dataDir, config.embeddedDatabasePort) : null;
      const url = config.databaseUrl ?? embedded?.url ?? '';
      const pool = createPool(url, 2);
      try {
        const { applied, profile } = await migrate(pool);
        process.stdout.write(
          `storage profile ${profile}; ${applied.length === 0 ? 'the schema was up to date' : `applied ${applied.join(', ')}`}\n`,
        );
      } catch (error) {
        const { code } = error as { code?: string };
        if (error instanceof Fault || code === undefined || !/^(E|28|3D)/.test(code)) throw error;
        throw new Fault(
          'unavailable',
          `The database ${new URL(url).host} cannot be used: ${(error as Error).message || code}. Check DATABASE_URL.`,
          { cause: error },
        );
      } finally {
        await pool.end();
        await embedded?.stop();
      }
    });
