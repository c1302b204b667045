import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { formatInstant } from '../../domain/instants.js';
import { Database } from '../database/database.js';
import { readAfter, START } from '../journal/read.js';
import type { Position } from '../journal/read.js';
import { Workers } from '../journal/workers.js';
import { BUFFER_LIMIT_BYTES, frameOf, isAfter, LiveClient } from './live-client.js';
import { LiveMetrics } from './live.metrics.js';

const PAGE = 500;
/** Proxies close what is silent for a minute; the comment also carries the service's clock, for countdowns. */
const HEARTBEAT_MS = 15_000;
/** A stream is closed after this many heartbeats (an hour), so that a revoked key does not listen for ever. The client resumes exactly. */
const MOST_HEARTBEATS = 240;

/**
 * The journal's tail, read once for the process and fanned out to all clients. Holds nothing that correctness needs: a client
 * that asks for older entries reads them from the database until it has caught up, then joins.
 */
@Injectable()
export class LiveHub implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('live');
  private readonly clients = new Set<LiveClient>();
  private readonly open = new Set<LiveClient>();
  private tail: Position = START;
  private stopping = false;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly workers: Workers,
    private readonly metrics: LiveMetrics,
  ) {}

  onModuleInit(): void {
    this.workers.register({
      name: 'live-tail',
      role: 'api',
      restMs: 1_000,
      wakeOnJournal: true,
      step: () => this.readTail(),
    });
    this.heartbeat = setInterval(() => {
      for (const client of this.open) {
        client.comment(formatInstant(this.clock.now()));
        client.heartbeats += 1;
        if (client.heartbeats >= MOST_HEARTBEATS) client.close('show your key again; come back with the last id');
      }
    }, HEARTBEAT_MS).unref();
  }

  /** Before the HTTP server waits for its connections to end. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.heartbeat);
    for (const client of this.open) client.close('the service stops; come back with the last id');
  }

  /** Serves a client until its stream is closed: first what it missed, then what happens. */
  async serve(client: LiveClient): Promise<void> {
    if (this.stopping) return client.close('the service stops; come back with the last id');
    if (client.closed) return; // it went away while its place was looked up; `leave` will not be called any more
    this.open.add(client);
    this.metrics.clients.inc();
    try {
      client.comment(formatInstant(this.clock.now()));
      client.tellPosition();
      await this.catchUp(client);
    } catch (error) {
      this.logger.error(`a client's history could not be read: ${String(error)}`);
      client.close('the journal cannot be read now; come back with the last id');
    }
  }

  /** The client's connection is gone. */
  leave(client: LiveClient): void {
    this.clients.delete(client);
    if (this.open.delete(client)) this.metrics.clients.dec();
  }

  private async catchUp(client: LiveClient): Promise<void> {
    while (!client.closed) {
      const entries = await readAfter(this.db, client.position, PAGE);
      client.deliver(entries, entries.map(frameOf));
      await client.drained();
      // No await between this look at the tail and joining: whatever the tail reads next, the client gets.
      if (entries.length < PAGE && !isAfter(this.tail, client.position)) {
        if (client.closed) return;
        if (this.clients.size === 0) this.tail = client.position; // nobody read the tail meanwhile
        this.clients.add(client);
        return;
      }
    }
  }

  private async readTail(): Promise<boolean> {
    if (this.clients.size === 0) return false;
    const entries = await readAfter(this.db, this.tail, PAGE);
    const last = entries.at(-1);
    if (last === undefined) return false;
    const frames = entries.map(frameOf);
    this.tail = { xid: last.xid, id: last.id };
    for (const client of this.clients) {
      client.deliver(entries, frames);
      if (client.waitingBytes > BUFFER_LIMIT_BYTES) this.dropSlow(client);
    }
    return true;
  }

  private dropSlow(client: LiveClient): void {
    this.clients.delete(client);
    this.metrics.slowClients.inc();
    client.close('too slow; come back with the last id');
  }
}
