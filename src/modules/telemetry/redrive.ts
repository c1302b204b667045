import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { RejectReason } from '../../domain/telemetry/decoded.js';
import { at, Database } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { BatchWriter } from './batch-writer.js';

const MESSAGES_PER_STEP = 500;

export interface RedriveSelection {
  ids?: readonly number[] | undefined;
  reason?: RejectReason | undefined;
  terminal?: string | undefined;
}

/**
 * Asks for kept messages to go through the writer again. What was cut to the kept size cannot: it would not be the message any more.
 * @returns how many will go
 */
export async function requestRedrive(tx: Tx, { ids, reason, terminal }: RedriveSelection): Promise<number> {
  const asked = await tx.query(
    `update rejected_message set redrive_requested_at = $4
     where redriven_at is null and payload_bytes = length(payload)
       and ($1::bigint[] is null or id = any($1)) and ($2::text is null or reason = $2) and ($3::text is null or terminal = $3)
     returning id`,
    [ids ?? null, reason ?? null, terminal ?? null, at(tx.now)],
  );
  return asked.length;
}

/** Sends kept messages through the same writer again: when somebody asks, and when terminals were registered. */
@Injectable()
export class Redrive implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly writer: BatchWriter,
    private readonly workers: Workers,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'redrive-registered',
      types: ['network_imported'],
      async handle(tx, entries) {
        if (!entries.some((entry) => entry.type === 'network_imported' && entry.data.kind === 'terminals')) return;
        await tx.query(
          `update rejected_message set redrive_requested_at = $1
           where reason = 'unknown_terminal' and redriven_at is null and payload_bytes = length(payload)
             and terminal in (select code from terminal)`,
          [at(tx.now)],
        );
      },
    });
    this.workers.register({
      name: 'redrive',
      role: 'ingest',
      restMs: 1_000,
      wakeOnJournal: true,
      step: (signal) => this.step(signal),
    });
  }

  /** A bounded piece. The writer marks the rows in its own transaction; two replicas that pick the same only count duplicates. */
  async step(signal?: AbortSignal): Promise<boolean> {
    const kept = await this.db.query<{ id: number; topic: string; payload: Buffer; receivedAt: number }>(
      `select id, topic, payload, first_received_at as "receivedAt" from rejected_message
       where redrive_requested_at is not null order by id limit $1`,
      [MESSAGES_PER_STEP],
    );
    if (kept.length === 0) return false;
    await this.writer.write(
      kept.map(({ id, topic, payload, receivedAt }) => ({ topic, payload, receivedAt, retain: false, rejectedId: id })),
      signal,
    );
    return true;
  }
}
