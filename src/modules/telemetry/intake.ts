import type { AcknowledgingClient, HeldMessage } from './acknowledging-client.js';

/** Commits messages; resolves only after the commit, retries a database that is away, rejects only when `signal` is aborted. */
export type WriteBatch = (messages: readonly HeldMessage[], signal: AbortSignal) => Promise<unknown>;

export interface IntakeOptions {
  batchMessages: number;
  /** How long the first message of a batch may wait for company. */
  fillMs: number;
  /** Live batches before one of backfill when both wait, so that neither starves. */
  liveBatchesPerBackfill: number;
}

export const INTAKE: IntakeOptions = { batchMessages: 2_000, fillMs: 10, liveBatchesPerBackfill: 4 };

/**
 * Moves messages from the connections into the database, one batch at a time: two at once wait for each other's state rows and halve
 * the throughput (measured, ../bench). Live messages go before backfill.
 */
export class Intake {
  private wakeUp: (() => void) | null = null;
  private loop: Promise<void> | null = null;
  private stopping = false;
  private readonly aborter = new AbortController();
  private liveInARow = 0;

  /** @param lanes live first, then backfill */
  constructor(
    private readonly lanes: () => readonly AcknowledgingClient[],
    private readonly write: WriteBatch,
    private readonly failed: (error: unknown) => void,
    private readonly options: IntakeOptions = INTAKE,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Something was received. */
  wake(): void {
    this.wakeUp?.();
  }

  /**
   * Commits and acknowledges what is held, then stops. When that takes longer than `patienceMs` (the database is away) the rest is
   * left unacknowledged: the broker sends it again.
   */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    this.wake();
    const timer = setTimeout(() => this.aborter.abort(), patienceMs);
    await this.loop;
    clearTimeout(timer);
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      const lane = this.nextLane();
      if (lane === null) {
        if (this.stopping) return;
        await this.sleepUntilReceived();
        if (!this.stopping) await new Promise((done) => setTimeout(done, this.options.fillMs));
        continue;
      }
      const batch = lane.take(this.options.batchMessages);
      try {
        await this.write(batch, signal);
        lane.acknowledge(batch);
      } catch (error) {
        if (signal.aborted) return;
        this.failed(error);
        lane.held.unshift(...batch); // not acknowledged, not dropped: the same batch again
        await new Promise((done) => setTimeout(done, 1_000));
      }
    }
  }

  private nextLane(): AcknowledgingClient | null {
    const [live, ...others] = this.lanes();
    if (live === undefined) return null;
    const backfill = others.find((lane) => lane.held.length > 0) ?? null;
    const liveWaits = live.held.length > 0;
    if (liveWaits && (backfill === null || this.liveInARow < this.options.liveBatchesPerBackfill)) {
      this.liveInARow += 1;
      return live;
    }
    this.liveInARow = 0;
    return backfill;
  }

  private async sleepUntilReceived(): Promise<void> {
    await new Promise<void>((done) => {
      this.wakeUp = () => {
        this.wakeUp = null;
        done();
      };
    });
  }
}
