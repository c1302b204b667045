import type { NoticeEventType, NoticeKind } from '../../domain/notices/notice-kinds.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import type { NoticeText } from './notice-texts.js';

/**
 * Who gets a notice of which event: SQL that yields `event_id, customer_id, transformer_id, once_key, variant`, with its parameters
 * from `FIRST_PARAMETER` on. `$1` is the kind, `$3` the present time.
 */
interface Recipients {
  sql: string;
  values: readonly unknown[];
}

/** The number of the first parameter that `Recipients.sql` may use. */
export const FIRST_PARAMETER = 11;

export interface NoticeOrder {
  kind: NoticeKind;
  eventType: NoticeEventType;
  /** Each variant in every language; an event has one or more. */
  texts: readonly (NoticeText & { variant: number })[];
  sendAt: number;
  /** The number of a contact that is written to in place of the customer; left out = the customer's own. */
  phone?: string | null;
  /** From then on it is old news and is not sent any more. */
  expiresAt: number | null;
  recipients: Recipients;
}

/**
 * Puts a notice for every recipient into the outbox, in one statement whatever their number, and one entry for each event into the journal.
 * Whoever has no mobile or wants no SMS goes on the call list. A row with the same key stays as it is, unless it was cancelled
 * before anybody could have been told: then it is queued anew.
 * @returns how many were queued
 */
export async function queueNotices(tx: Tx, order: NoticeOrder): Promise<number> {
  const { kind, eventType, texts } = order;
  if (order.expiresAt !== null && order.expiresAt <= tx.now) return 0;
  const queued = await tx.query<{ eventId: number; count: number; callList: number; customerId: number | null }>(
    `with recipient as materialized (${order.recipients.sql}),
     written as (
       insert into notice as old (once_key, kind, customer_id, transformer_id, event_type, event_id, channel, recipient, language, text, segments,
                                  queued_at, next_attempt_at, expires_at)
       select recipient.once_key, $1::text, customer.id, recipient.transformer_id, $2::text, recipient.event_id,
              case when $10::text is not null or customer.sms and customer.mobile <> '' then 'sms' else 'call_list' end,
              case when $10 is not null then $10
                   when customer.sms and customer.mobile <> '' then customer.mobile
                   else coalesce(nullif(customer.landline, ''), nullif(customer.mobile, '')) end,
              text.language, text.text, text.segments, $3, $4, $5
       from recipient
       join customer on customer.id = recipient.customer_id
       join unnest($6::int[], $7::text[], $8::text[], $9::int[]) as text(variant, language, text, segments)
         on text.variant = recipient.variant and text.language = customer.language
       -- Counts first: else the table would grow under the very queries that look for who was told, whose plans know nothing of that.
       where (select count(*) from recipient) > 0
       on conflict (once_key) do update
         set state = 'queued', transformer_id = excluded.transformer_id, channel = excluded.channel, recipient = excluded.recipient, language = excluded.language,
             text = excluded.text, segments = excluded.segments, queued_at = excluded.queued_at,
             next_attempt_at = excluded.next_attempt_at, expires_at = excluded.expires_at,
             attempts = 0, provider = null, last_error = null, settled_at = null
         where old.state = 'cancelled' and not old.maybe_told
       returning event_id, channel, customer_id
     )
     select event_id as "eventId", count(*) as count, count(*) filter (where channel = 'call_list') as "callList", min(customer_id) as "customerId"
     from written group by event_id order by event_id`,
    [
      kind,
      eventType,
      at(tx.now),
      at(order.sendAt),
      atOrNull(order.expiresAt),
      texts.map((text) => text.variant),
      texts.map((text) => text.language),
      texts.map((text) => text.text),
      texts.map((text) => text.segments),
      order.phone ?? null,
      ...order.recipients.values,
    ],
  );
  await append(
    tx,
    queued.map(({ eventId, count, callList, customerId }): NewJournalEntry => ({
      type: 'notice_queued',
      subjectType: eventType,
      subjectId: eventId,
      happenedAt: tx.now,
      data: { kind, customerId: count === 1 ? customerId : null, eventType, eventId, count, callList },
    })),
  );
  return queued.reduce((sum, { count }) => sum + count, 0);
}

/** One variant, all languages. */
export const oneVariant = (texts: readonly NoticeText[]): NoticeOrder['texts'] =>
  texts.map((text) => ({ ...text, variant: 0 }));
