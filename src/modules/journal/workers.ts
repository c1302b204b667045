import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Config } from '../../config.js';
import type { Role } from '../../config.js';
import { Database } from '../database/database.js';
import { JOURNAL_CHANNEL } from './append.js';
import { step } from './follow.js';
import type { Follower } from './follow.js';

/** Work that repeats: one `step` does a bounded piece and says whether there may be more at once. */
export interface Worker {
  readonly name: string;
  readonly role: Role;
  /** How long to rest, at most, after a step that found nothing: an interval of the scheduler, by the worker's name. */
  readonly restMs: number;
  /** True = also wake as soon as something was appended to the journal. */
  readonly wakeOnJournal?: boolean;
  step(signal: AbortSignal): Promise<boolean>;
}

const ERROR_REST_MS = 1_000;
/** Entries that an older transaction holds back are looked for again after this, then after twice as long, up to the follower's rest. */
const HELD_BACK_REST_MS = 20;
const FOLLOWER_REST_MS = 1_000;

/** Wakes a worker that rests. What it is told of while it is at work is not lost: then it does not rest at all. */
class Bell {
  private wasTold = false;
  private wake: (() => void) | null = null;

  /** Time to look; means nothing to a worker that is at work. */
  ring(): void {
    this.wake?.();
  }

  /** There is news that the step in hand may not have seen. */
  tell(): void {
    this.wasTold = true;
    this.wake?.();
  }

  /** A step begins that will see all news so far. */
  begin(): void {
    this.wasTold = false;
  }

  async rest(): Promise<void> {
    if (!this.wasTold) await new Promise<void>((done) => (this.wake = done));
    this.wake = null;
  }
}

/**
 * The one loop that all background work runs in: followers of the journal, sweeps of due rows, senders of outboxes.
 * Each worker runs its steps one after another, beside the other workers. Modules register theirs in `onModuleInit`.
 */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('workers');
  private readonly workers: Worker[] = [];
  private readonly loops: Promise<void>[] = [];
  private readonly stopping = new AbortController();
  private readonly bells = new Set<Bell>();
  private readonly journalBells = new Set<Bell>();
  /** Follower or worker name -> message of its last failed step; empty when it last went well. Read by health. */
  readonly troubles = new Map<string, string>();
  readonly followers: Follower[] = [];

  constructor(
    private readonly db: Database,
    private readonly config: Config,
    private readonly schedule: SchedulerRegistry,
  ) {
    setMaxListeners(0, this.stopping.signal); // all workers may pause at once
  }

  register(worker: Worker): void {
    this.workers.push(worker);
  }

  follow(follower: Follower): void {
    this.followers.push(follower);
    let heldBackMs = HELD_BACK_REST_MS;
    this.register({
      name: follower.name,
      role: 'followers',
      restMs: FOLLOWER_REST_MS,
      wakeOnJournal: true,
      step: async () => {
        const result = await step(this.db, follower);
        if (typeof result === 'object') {
          this.logger.error(`${follower.name} set journal entry ${result.setAside} aside: ${String(result.error)}`);
        }
        if (result === 'held back') {
          await this.pause(heldBackMs);
          heldBackMs = Math.min(2 * heldBackMs, FOLLOWER_REST_MS);
          return true;
        }
        heldBackMs = HELD_BACK_REST_MS;
        return result !== 'idle';
      },
    });
  }

  onApplicationBootstrap(): void {
    const mine = this.workers.filter((worker) => this.config.roles.has(worker.role));
    if (mine.length > 0) this.loops.push(this.listen());
    for (const worker of mine) this.loops.push(this.run(worker));
  }

  /** Lets the steps in hand finish, starts no new ones. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const bell of this.bells) bell.tell();
    await Promise.all(this.loops);
  }

  private async run(worker: Worker): Promise<void> {
    const { signal } = this.stopping;
    const bell = new Bell();
    this.bells.add(bell);
    if (worker.wakeOnJournal === true) this.journalBells.add(bell);
    const interval = setInterval(() => bell.ring(), worker.restMs);
    this.schedule.addInterval(worker.name, interval);
    while (!signal.aborted) {
      bell.begin();
      try {
        const mayBeMore = await worker.step(signal);
        this.troubles.delete(worker.name);
        if (!mayBeMore && !signal.aborted) await bell.rest();
      } catch (error) {
        if (!this.troubles.has(worker.name))
          this.logger.error(`${worker.name}: ${String(error)}`, (error as Error).stack);
        this.troubles.set(worker.name, String(error));
        await this.pause(ERROR_REST_MS);
      }
    }
    clearInterval(interval);
  }

  /** Cut short by the stop. */
  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Keeps one connection listening; while it is down the followers still look every `restMs`. */
  private async listen(): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
    while (!signal.aborted) {
      const client = new pg.Client({ ...this.db.pool.options, application_name: 'lamplighter listener' });
      const gone = new Promise<void>((done) => client.once('end', done).once('error', () => done()));
      client.on('error', () => undefined); // reported by `gone`
      client.on('notification', () => {
        for (const bell of this.journalBells) bell.tell();
      });
      // A database that is away is reported by every worker's own step.
      const listening = client
        .connect()
        .then(() => client.query(`listen ${JOURNAL_CHANNEL}`))
        .then(
          () => true,
          () => false,
        );
      const stands = await Promise.race([stopped.then(() => false), listening]);
      if (stands) await Promise.race([stopped, gone]);
      // Not awaited: the goodbye of a connection that is still being made never comes.
      client.end().catch(() => undefined);
      if (!signal.aborted) await this.pause(ERROR_REST_MS);
    }
  }
}
