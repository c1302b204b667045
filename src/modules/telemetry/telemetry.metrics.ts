import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { REJECT_REASONS } from '../../domain/telemetry/decoded.js';
import type { BatchOutcome } from './received-message.js';

const RESULTS = ['accepted', 'rejected'] as const;

/** What ingestion counts; everything is counted after the commit. */
@Injectable()
export class TelemetryMetrics {
  private readonly messages: Counter<'result'>;
  private readonly readings: Counter;
  private readonly parts: Counter<'kind'>;
  private readonly rejected: Counter<'reason'>;
  private readonly batchSeconds: Histogram;
  private readonly batchSize: Histogram;
  private readonly lagSeconds: Histogram;
  private readonly retries: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.messages = new Counter({
      name: 'lamplighter_messages_total',
      help: 'Messages from terminals that are committed; rejected = at least one part of it was refused and kept',
      labelNames: ['result'],
      registers,
    });
    for (const result of RESULTS) this.messages.inc({ result }, 0);
    this.readings = new Counter({ name: 'lamplighter_readings_total', help: 'Readings stored', registers });
    this.parts = new Counter({
      name: 'lamplighter_message_parts_total',
      help: 'Parts of messages by what became of them, beside readings and rejections',
      labelNames: ['kind'],
      registers,
    });
    for (const kind of PARTS) this.parts.inc({ kind }, 0);
    this.rejected = new Counter({
      name: 'lamplighter_rejected_messages_total',
      help: 'Refused messages, or elements of them, by reason',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REJECT_REASONS) this.rejected.inc({ reason }, 0);
    this.batchSeconds = new Histogram({
      name: 'lamplighter_ingest_batch_seconds',
      help: 'Time from taking a batch to its commit',
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30],
      registers,
    });
    this.batchSize = new Histogram({
      name: 'lamplighter_ingest_batch_size',
      help: 'Messages in a batch',
      buckets: [1, 10, 50, 100, 500, 1000, 2000, 5000],
      registers,
    });
    this.lagSeconds = new Histogram({
      name: 'lamplighter_ingest_lag_seconds',
      help: 'From the event time of a live reading to its commit, of a sample of each batch',
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600],
      registers,
    });
    this.retries = new Counter({
      name: 'lamplighter_ingest_retries_total',
      help: 'Batches that were tried again because the database was away',
      registers,
    });
  }

  committed(outcome: BatchOutcome, seconds: number, lagsMs: readonly number[]): void {
    const refused = Math.min(outcome.refusedMessages, outcome.messages);
    this.messages.inc({ result: 'rejected' }, refused);
    this.messages.inc({ result: 'accepted' }, outcome.messages - refused);
    this.readings.inc(outcome.readings);
    for (const kind of PARTS) this.parts.inc({ kind }, outcome[PART_FIELDS[kind]]);
    for (const [reason, count] of Object.entries(outcome.rejected)) this.rejected.inc({ reason }, count);
    this.batchSeconds.observe(seconds);
    this.batchSize.observe(outcome.messages);
    for (const lagMs of lagsMs) this.lagSeconds.observe(lagMs / 1000);
  }

  retried(): void {
    this.retries.inc();
  }
}

const PART_FIELDS = {
  late: 'late',
  duplicate: 'duplicates',
  event: 'events',
  state: 'states',
  stale_will: 'staleWills',
  reply: 'replies',
  gap: 'gaps',
  ignored_name: 'ignoredNames',
} as const satisfies Record<string, keyof BatchOutcome>;
const PARTS = Object.keys(PART_FIELDS) as (keyof typeof PART_FIELDS)[];
