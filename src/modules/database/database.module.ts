import { Global, Inject, Injectable, Logger, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { Clock } from '../../clock.js';
import { Config } from '../../config.js';
import { Fault } from '../../fault.js';
import { createPool, Database } from './database.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';

/** Where the database is, and the embedded server when it is ours to stop. */
class DatabaseServer {
  constructor(
    readonly url: string,
    readonly embedded: EmbeddedPostgres | null,
  ) {}
}

/** Stops the embedded server as the very last thing, after the pool is closed. */
@Injectable()
class EmbeddedServerShutdown implements OnApplicationShutdown {
  constructor(
    @Inject(DatabaseServer) private readonly server: DatabaseServer,
    private readonly db: Database,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.db.close();
    await this.server.embedded?.stop();
  }
}

/** @throws Fault with a plain sentence when the server cannot be reached or refuses us */
async function connect(url: string): Promise<Pool> {
  const pool = createPool(url);
  try {
    await pool.query('select 1');
    return pool;
  } catch (error) {
    await pool.end();
    const { host, pathname } = new URL(url);
    const where = `the database ${pathname.slice(1)} at ${host}`;
    const { code, message } = error as { code?: string; message: string };
    if (code === '28P01' || code === '28000')
      throw new Fault('misconfigured', `Wrong user or password for ${where}. Check DATABASE_URL.`, { cause: error });
    if (code === '3D000')
      throw new Fault(
        'misconfigured',
        `There is no ${where.replace('the ', '')}. Create it (createdb), or check DATABASE_URL.`,
        {
          cause: error,
        },
      );
    throw new Fault(
      'unavailable',
      `Cannot reach ${where}: ${message || String(code)}. Check DATABASE_URL and that the server runs.`,
      { cause: error },
    );
  }
}

@Global()
@Module({
  providers: [
    {
      provide: DatabaseServer,
      inject: [Config],
      useFactory: async (config: Config) => {
        if (config.databaseUrl !== null) return new DatabaseServer(config.databaseUrl, null);
        const embedded = await EmbeddedPostgres.start(config.dataDir, config.embeddedDatabasePort);
        return new DatabaseServer(embedded.url, embedded);
      },
    },
    {
      provide: Database,
      inject: [DatabaseServer, Clock],
      useFactory: async (server: DatabaseServer, clock: Clock) => {
        const pool = await connect(server.url);
        const { applied, profile } = await migrate(pool);
        new Logger('database').log(
          `storage profile ${profile}, ${applied.length} migrations applied${server.embedded === null ? '' : ', embedded server'}`,
        );
        return new Database(pool, clock);
      },
    },
    EmbeddedServerShutdown,
  ],
  exports: [Database],
})
export class DatabaseModule {}
