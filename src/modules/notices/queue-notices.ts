import type { NoticeEventType, NoticeKind } from '../../domain/notices/notice-kinds.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import type { NoticeText } from './notice-texts.js';

/** Who gets a notice: SQL that yields `customer_id, transformer_id, once_key, variant`, with its parameters from `FIRST_PARAMETER` on. */
interface Recipients {
  sql: string;
  values: readonly unknown[];
}

/** The number of the first parameter that `Recipients.sql` may use. */
export const FIRST_PARAMETER = 11;

export interface NoticeOrder {
  kind: NoticeKind;
  eventType: NoticeEventType;
  eventId: number;
  /** Each variant in every language; most events have one variant. */
  texts: readonly (NoticeText & { variant: number })[];
  sendAt: number;
  /** From then on it is old news and is not sent any more. */
  expiresAt: number | null;
  recipients: Recipients;
}

/**
 * Puts a notice for every recipient into the outbox, in one statement whatever their number, and one entry into the journal.
 * Whoever has no mobile or wants no SMS goes on the call list. A row with the same key stays as it is, unless it was cancelled
 * before anybody could have been told: then it is queued anew.
 * @returns how many were queued
 */
export async function queueNotices(tx: Tx, order: NoticeOrder): Promise<number> {
  const { kind, eventType, eventId, texts } = order;
  if (order.expiresAt !== null && order.expiresAt <= tx.now) return 0;
  const [queued] = await tx.query<{ count: number; callList: number; customerId: number | null }>(
    `with recipient as (${order.recipients.sql}),
     written as (
       insert into notice as old (once_key, kind, customer_id, transformer_id, event_type, event_id, channel, recipient, language, text, segments,
                                  queued_at, next_attempt_at, expires_at)
       select recipient.once_key, $1::text, customer.id, recipient.transformer_id, $2::text, $3::bigint,
              case when customer.sms and customer.mobile <> '' then 'sms' else 'call_list' end,
              case when customer.sms and customer.mobile <> '' then customer.mobile
                   else coalesce(nullif(customer.landline, ''), nullif(customer.mobile, '')) end,
              text.language, text.text, text.segments, $4, $5, $6
       from recipient
       join customer on customer.id = recipient.customer_id
       join unnest($7::int[], $8::text[], $9::text[], $10::int[]) as text(variant, language, text, segments)
         on text.variant = recipient.variant and text.language = customer.language
       on conflict (once_key) do update
         set state = 'queued', transformer_id = excluded.transformer_id, channel = excluded.channel, recipient = excluded.recipient, language = excluded.language,
             text = excluded.text, segments = excluded.segments, queued_at = excluded.queued_at,
             next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at,
             attempts = 0, provider = null, last_error = null, settled_at = null
         where old.state = 'cancelled' and not old.maybe_told
       returning channel, customer_id
     )
     select count(*) as count, count(*) filter (where channel = 'call_list') as "callList", min(customer_id) as "customerId"
     from written`,
    [
      kind,
      eventType,
      eventId,
      at(tx.now),
      at(order.sendAt),
      atOrNull(order.expiresAt),
      texts.map((text) => text.variant),
      texts.map((text) => text.language),
      texts.map((text) => text.text),
      texts.map((text) => text.segments),
      ...order.recipients.values,
    ],
  );
  const { count = 0, callList = 0, customerId = null } = queued ?? {};
  if (count > 0) {
    await append(tx, [
      {
        type: 'notice_queued',
        subjectType: eventType,
        subjectId: eventId,
        happenedAt: tx.now,
        data: { kind, customerId: count === 1 ? customerId : null, eventType, eventId, count, callList },
      },
    ]);
  }
  return count;
}

/** One variant, all languages. */
export const oneVariant = (texts: readonly NoticeText[]): NoticeOrder['texts'] =>
  texts.map((text) => ({ ...text, variant: 0 }));
