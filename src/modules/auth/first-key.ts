import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config.js';
import { Database } from '../database/database.js';
import { createApiKey } from './api-keys.js';

/**
 * Somebody must be able to make the first key: when none is configured and none is stored, an administrator's key is made at the start,
 * written to `admin-key` in the data folder (readable by the owner only) and named once in the log.
 */
@Injectable()
export class FirstKey implements OnApplicationBootstrap {
  private readonly logger = new Logger('access');

  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.bootstrapApiKey !== null) return;
    const file = join(this.config.dataDir, 'admin-key');
    const key = await this.db.inTx(async (tx) => {
      await tx.query('lock table api_key in share row exclusive mode'); // replicas that start together make one key
      const [some] = await tx.query('select 1 from api_key limit 1');
      if (some !== undefined) return null;
      const made = await createApiKey(tx, { name: 'first administrator', roles: ['admin'], createdBy: 'start' });
      await mkdir(this.config.dataDir, { recursive: true });
      // Before the commit: a key that nobody can read must not become the one that stops others from being made.
      await writeFile(file, `${made.key}\n`, { mode: 0o600 });
      await chmod(file, 0o600); // the mode above only counts for a new file
      return made.key;
    });
    if (key !== null) this.logger.warn(`the first administrator's API key is ${key}; it is kept in ${file}`);
  }
}
