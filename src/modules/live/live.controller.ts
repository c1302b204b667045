import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { viewOfEntry } from '../../domain/journal-view.js';
import { Fault } from '../../fault.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import { newestPosition, positionOf, readAfter, readBefore, START } from '../journal/read.js';
import type { Position } from '../journal/read.js';
import { LiveClient } from './live-client.js';
import { LiveHub } from './live-hub.js';
import { followEntries, lastEventId, listEntries } from './live.schemas.js';

@Controller()
export class LiveController {
  constructor(
    private readonly db: Database,
    private readonly hub: LiveHub,
  ) {}

  @Endpoint(listEntries)
  async list(@Input() { query }: InputOf<typeof listEntries>): Promise<object> {
    const { limit, order } = query;
    const cursor = decodeCursor(query.cursor, 1);
    const after = cursor === null ? query.after : Number(cursor[0]);
    const place =
      after === undefined ? null : await this.placeOf(after, cursor === null ? 'query.after' : 'query.cursor');
    const rows =
      order === 'asc'
        ? await readAfter(this.db, place ?? START, limit + 1)
        : await readBefore(this.db, place, limit + 1);
    const { items, nextCursor } = page(rows, limit, (entry) => [entry.id]);
    return { items: items.map(viewOfEntry), nextCursor };
  }

  /** The answer is a stream, so it is written to the socket itself once nothing can be refused any more. */
  @Endpoint(followEntries)
  async follow(
    @Input() { query }: InputOf<typeof followEntries>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const position = await this.startOf(request.headers['last-event-id'], query.after);
    reply.hijack();
    const client = new LiveClient(reply.raw, position);
    reply.raw.on('close', () => this.hub.leave(client));
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // proxies must not collect events
    });
    await this.hub.serve(client);
  }

  /** The header wins: a browser sends it on each reconnect beside the address it first used. */
  private async startOf(header: string | string[] | undefined, after: number | undefined): Promise<Position> {
    if (header !== undefined && header !== '') {
      const given = lastEventId.safeParse(header);
      if (!given.success) throw unknownId('header.last-event-id', String(header));
      return this.placeOf(given.data, 'header.last-event-id');
    }
    return after === undefined ? newestPosition(this.db) : this.placeOf(after, 'query.after');
  }

  private async placeOf(id: number, path: string): Promise<Position> {
    const place = await positionOf(this.db, id);
    if (place === null) throw unknownId(path, String(id));
    return place;
  }
}

function unknownId(path: string, id: string): Fault {
  return new Fault(
    'invalid_input',
    `${path}: there is no journal entry ${id}; start again without it and read the present state from the lists`,
    { problem: 'unknown_journal_id', errors: [{ path, message: 'names no journal entry' }] },
  );
}
