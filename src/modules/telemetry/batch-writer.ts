import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Config } from '../../config.js';
import { DAY_MS, MINUTE_MS } from '../../domain/instants.js';
import { decode } from '../../domain/telemetry/decode.js';
import type { DecodeContext } from '../../domain/telemetry/decoded.js';
import { rejected } from '../../domain/telemetry/decoded.js';
import { Database, isDataError, sqlState } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { commitBatch } from './commit-batch.js';
import type { DecodedMessage } from './decoded-message.js';
import type { BatchOutcome, ReceivedMessage } from './received-message.js';
import { TelemetryMetrics } from './telemetry.metrics.js';

const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;
const UNIQUE_VIOLATION = '23505';
const LAG_SAMPLES = 16;

/** Writes batches of messages: decode, then ONE transaction for each batch. Several may run at once; they wait for each other's rows. */
@Injectable()
export class BatchWriter {
  private readonly logger = new Logger('telemetry');

  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
    private readonly config: Config,
    private readonly metrics: TelemetryMetrics,
  ) {}

  /**
   * Resolves once everything the messages say is committed, or kept as rejected; then they may be acknowledged. A database that is away
   * is waited for as long as it takes. A message the database refuses is found by halving the batch and kept with the reason.
   * @throws the reason of `signal` when it is aborted while waiting; nothing of the batch in hand is then stored
   */
  async write(messages: readonly ReceivedMessage[], signal?: AbortSignal): Promise<BatchOutcome> {
    const start = performance.now();
    const now = this.db.clock.now();
    const { futureToleranceMinutes, retentionDays } = this.active.policy.telemetry;
    const live: DecodeContext = {
      now,
      futureToleranceMs: futureToleranceMinutes * MINUTE_MS,
      retentionMs: retentionDays * DAY_MS,
      retained: false,
    };
    const retained = { ...live, retained: true };
    const { mqttTopicPrefix } = this.config;
    const batch = messages.map((message) => ({
      message,
      parts: decode(message.topic, message.payload, mqttTopicPrefix, message.retain ? retained : live),
    }));
    const outcome = await this.commit(batch, signal);
    this.metrics.committed(outcome, (performance.now() - start) / 1000, lagsOf(batch, this.db.clock.now()));
    return outcome;
  }

  private async commit(batch: readonly DecodedMessage[], signal: AbortSignal | undefined): Promise<BatchOutcome> {
    let restMs = FIRST_REST_MS;
    let allStaged = false;
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await this.db.inTx((tx) => commitBatch(tx, batch, this.active.at(tx.now), allStaged));
      } catch (error) {
        if (sqlState(error) === UNIQUE_VIOLATION && !allStaged) {
          allStaged = true;
          continue;
        }
        if (isOfTheBatch(error)) return this.divide(batch, error, signal);
        if (restMs === FIRST_REST_MS) this.logger.error(`the database does not take batches: ${String(error)}`);
        this.metrics.retried();
        await wait(restMs, undefined, signal === undefined ? {} : { signal });
        restMs = Math.min(restMs * 2, LONGEST_REST_MS);
      }
    }
  }

  /** Finds the message that spoils the batch; everything else is committed. */
  private async divide(
    batch: readonly DecodedMessage[],
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<BatchOutcome> {
    const [only] = batch;
    if (only === undefined) throw error;
    if (batch.length === 1) {
      const { message, parts } = only;
      const isAlreadyRefused = parts.every((part) => part.rejections[0]?.reason === 'storage_refused');
      if (isAlreadyRefused) throw error; // not even the refusal can be stored: a fault of the service, not of the message
      this.logger.error(`a message on ${message.topic} cannot be stored: ${String(error)}`, (error as Error).stack);
      const refusal = rejected(parts[0]?.terminal ?? '', null, 'storage_refused', String(error));
      return this.commit([{ message, parts: [refusal] }], signal);
    }
    const middle = batch.length >> 1;
    const first = await this.commit(batch.slice(0, middle), signal);
    return added(first, await this.commit(batch.slice(middle), signal));
  }
}

/**
 * True when the same batch would fail again: the database refused data (classes 22 and 23), found it too complex (54), or our own code
 * stumbled over it. Everything else is trouble of the database and passes.
 */
const isOfTheBatch = (error: unknown): boolean =>
  isDataError(error) ||
  (sqlState(error) ?? '').startsWith('54') ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError;

function added(a: BatchOutcome, b: BatchOutcome): BatchOutcome {
  const sum = { ...a, rejected: { ...a.rejected } };
  for (const [reason, count] of Object.entries(b.rejected)) sum.rejected[reason] = (sum.rejected[reason] ?? 0) + count;
  for (const field of Object.keys(b) as (keyof BatchOutcome)[])
    if (field !== 'rejected') sum[field] = a[field] + b[field];
  return sum;
}

/** Event time to now of some live readings, evenly over the batch. */
function lagsOf(batch: readonly DecodedMessage[], now: number): number[] {
  const lags: number[] = [];
  const stride = Math.max(1, Math.floor(batch.length / LAG_SAMPLES));
  for (let index = 0; index < batch.length; index += stride) {
    const part = batch[index]?.parts[0];
    const newest = part?.readings.at(-1);
    if (part?.live === true && newest !== undefined && batch[index]?.message.rejectedId === undefined)
      lags.push(Math.max(0, now - newest.ts));
  }
  return lags;
}
