import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { sweep, takeUncounted } from './deadline-sweep.js';
import { DeadlinesMetrics } from './deadlines.metrics.js';

/**
 * A deadline fires within a second of its instant. Looking costs one probe of the index of pending rows, so it is done four times
 * a second; nothing is remembered between looks, which is why a restart, another replica or a moved row cannot confuse it.
 */
const REST_MS = 250;

@Injectable()
export class DeadlineSweeper implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly workers: Workers,
    private readonly metrics: DeadlinesMetrics,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.register({ name: 'deadlines', role: 'followers', restMs: REST_MS, step: () => this.step() });
  }

  private async step(): Promise<boolean> {
    const { now, fired } = await sweep(this.db, this.active);
    for (const row of fired) this.metrics.delaySeconds.observe((now - row.dueAt) / 1_000);
    if (fired.length > 0) return true; // counting waits while more may be due
    const ended = await takeUncounted(this.db);
    for (const { kind, state } of ended) this.metrics.ended.inc({ kind, outcome: state });
    return ended.length > 0;
  }
}
