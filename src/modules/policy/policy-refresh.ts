import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Config } from '../../config.js';
import { Database } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from './active-policy.js';

/** Takes in versions that other replicas write: woken by the journal, and once a second while nothing can be heard. */
@Injectable()
export class PolicyRefresh implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly config: Config,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    // Every replica needs the policy, whatever its roles: any one of them will do.
    for (const role of [...this.config.roles].slice(0, 1)) {
      const step = (): Promise<boolean> => this.active.refresh(this.db);
      this.workers.register({ name: 'policy', role, restMs: 1_000, wakeOnJournal: true, step });
    }
  }
}
