import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { REJECT_REASONS } from '../../domain/telemetry/decoded.js';
import { Fault } from '../../fault.js';
import { EVERYONE } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { id, idParameter, instant, pageOf, paging } from '../http/fields.js';
import { decodeCursor, page } from '../http/paging.js';
import { requestRedrive } from './redrive.js';

const reason = z.enum(REJECT_REASONS as [string, ...string[]]);

const rejectedMessage = z
  .strictObject({
    id,
    topic: z.string(),
    terminal: z.string(),
    reason: z.string(),
    detail: z.string(),
    payload: z.string().meta({ description: 'As text when the bytes are UTF-8; otherwise base64, see encoding' }),
    encoding: z.enum(['utf8', 'base64']),
    payloadBytes: z.number().meta({ description: 'Size of the whole message; more than what is kept when it was cut' }),
    count: z.number(),
    firstReceivedAt: instant,
    lastReceivedAt: instant,
    redrivenAt: instant.nullable(),
  })
  .meta({ id: 'RejectedMessage' });

const list = endpoint({
  method: 'GET',
  path: '/rejected-messages',
  summary: 'Messages that could not become readings or events, newest first, with the reason and the bytes',
  tag: 'telemetry',
  access: EVERYONE,
  query: z.strictObject({
    reason: reason.optional(),
    terminal: z.string().optional(),
    redriven: z.enum(['yes', 'no', 'any']).default('no'),
    ...paging,
  }),
  response: pageOf(rejectedMessage),
});

const redrive = endpoint({
  method: 'POST',
  path: '/rejected-messages/redrive',
  summary: 'Sends kept messages through ingestion again, for example after the register or a limit was put right',
  tag: 'telemetry',
  access: ['dispatcher'],
  body: z.strictObject({
    ids: z.array(idParameter).min(1).max(10_000).optional(),
    reason: reason.optional(),
    terminal: z.string().min(1).optional(),
  }),
  response: z.strictObject({
    requested: z.number().meta({ description: 'Messages that go through again, within seconds' }),
  }),
});

interface Row {
  id: number;
  payload: Buffer;
}

@Controller()
export class RejectedMessagesController {
  constructor(private readonly db: Database) {}

  @Endpoint(list)
  async list(@Input() { query }: InputOf<typeof list>) {
    const before = decodeCursor(query.cursor, 1)?.[0] ?? null;
    const rows = await this.db.query<Row>(
      `select id, topic, terminal, reason, detail, payload, payload_bytes as "payloadBytes", count,
              first_received_at as "firstReceivedAt", last_received_at as "lastReceivedAt", redriven_at as "redrivenAt"
       from rejected_message
       where ($1::text is null or reason = $1) and ($2::text is null or terminal = $2) and ($3::bigint is null or id < $3)
         and ($4 = 'any' or (redriven_at is not null) = ($4 = 'yes'))
       order by id desc limit $5`,
      [query.reason ?? null, query.terminal ?? null, before, query.redriven, query.limit + 1],
    );
    const { items, nextCursor } = page(rows, query.limit, (row) => [row.id]);
    return { items: items.map((row) => ({ ...row, ...readable(row.payload) })), nextCursor };
  }

  @Endpoint(redrive)
  async redrive(@Input() { body }: InputOf<typeof redrive>) {
    if (body.ids === undefined && body.reason === undefined && body.terminal === undefined)
      throw new Fault('invalid_input', 'body: name ids, a reason or a terminal, so that not everything is sent again');
    const selection = { ...body, reason: REJECT_REASONS.find((known) => known === body.reason) };
    return { requested: await this.db.inTx((tx) => requestRedrive(tx, selection)) };
  }
}

/** Kept bytes may be anything; what was cut may end within a character, which still is best shown as text. */
function readable(payload: Buffer): { payload: string; encoding: 'utf8' | 'base64' } {
  const text = payload.toString('utf8');
  const isText = !text.slice(0, -1).includes('\uFFFD');
  return isText ? { payload: text, encoding: 'utf8' } : { payload: payload.toString('base64'), encoding: 'base64' };
}
