import type { AcknowledgingClient, HeldMessage } from './acknowledging-client.js';

/** Commits messages; resolves only after the commit, retries a database that is away, rejects only when `signal` is aborted. */
export type WriteBatch = (messages: readonly HeldMessage[], signal: AbortSignal) => Promise<unknown>;

export interface IntakeOptions {
  /** Batches under way at once, each of terminals of its own. */
  partitions: number;
  batchMessages: number;
  /** How long the first message of a batch may wait for company. */
  fillMs: number;
  /** Live batches before one of backfill when both wait, so that neither starves. */
  liveBatchesPerBackfill: number;
}

export const INTAKE: IntakeOptions = { partitions: 2, batchMessages: 2_000, fillMs: 10, liveBatchesPerBackfill: 4 };

/**
 * Moves messages from the connections into the database, one batch of each partition at a time. Two batches that share terminals wait
 * for each other's state rows and halve the throughput; two partitions share none, so one decodes while the other waits for the
 * database. Live messages go before backfill.
 */
export class Intake {
  private readonly partitions: Partition[];
  private loops: Promise<void>[] = [];
  private stopping = false;
  private readonly aborter = new AbortController();

  /** @param lanes live first, then backfill */
  constructor(
    private readonly lanes: () => readonly AcknowledgingClient[],
    private readonly write: WriteBatch,
    private readonly failed: (error: unknown) => void,
    private readonly options: IntakeOptions = INTAKE,
  ) {
    this.partitions = Array.from({ length: options.partitions }, (_, number) => ({
      number,
      wakeUp: null,
      liveInARow: 0,
    }));
  }

  start(): void {
    this.loops = this.partitions.map((partition) => this.run(partition));
  }

  /** Something was received. */
  wake(): void {
    for (const partition of this.partitions) partition.wakeUp?.();
  }

  /**
   * Commits and acknowledges what is held, then stops. When that takes longer than `patienceMs` (the database is away) the rest is
   * left unacknowledged: the broker sends it again.
   */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    this.wake();
    const timer = setTimeout(() => this.aborter.abort(), patienceMs);
    await Promise.all(this.loops);
    clearTimeout(timer);
  }

  private async run(partition: Partition): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      const lane = this.nextLane(partition);
      if (lane === null) {
        if (this.stopping) return;
        await sleepUntilReceived(partition);
        if (!this.stopping) await new Promise((done) => setTimeout(done, this.options.fillMs));
        continue;
      }
      const batch = lane.take(partition.number, this.options.batchMessages);
      try {
        await this.write(batch, signal);
        lane.acknowledge(batch);
      } catch (error) {
        if (signal.aborted) return;
        this.failed(error);
        lane.putBack(partition.number, batch); // not acknowledged, not dropped: the same batch again
        await new Promise((done) => setTimeout(done, 1_000));
      }
    }
  }

  private nextLane(partition: Partition): AcknowledgingClient | null {
    const [live, ...others] = this.lanes();
    if (live === undefined) return null;
    const backfill = others.find((lane) => lane.waiting(partition.number) > 0) ?? null;
    const liveWaits = live.waiting(partition.number) > 0;
    if (liveWaits && (backfill === null || partition.liveInARow < this.options.liveBatchesPerBackfill)) {
      partition.liveInARow += 1;
      return live;
    }
    partition.liveInARow = 0;
    return backfill;
  }
}

interface Partition {
  readonly number: number;
  wakeUp: (() => void) | null;
  liveInARow: number;
}

async function sleepUntilReceived(partition: Partition): Promise<void> {
  await new Promise<void>((done) => {
    partition.wakeUp = () => {
      partition.wakeUp = null;
      done();
    };
  });
}
