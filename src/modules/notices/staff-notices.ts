import type { NoticeKind, StaffEventType } from '../../domain/notices/notice-kinds.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import type { NoticeText } from './notice-texts.js';

/** One of the staff: unit and person as they are called, and the number on record. */
export interface Staff {
  name: string;
  phone: string | null;
}

export interface StaffNotice {
  kind: NoticeKind;
  eventType: StaffEventType;
  eventId: number;
  /** What makes it news: the same is told to the same person once. */
  once: string;
  text: NoticeText;
  sendAt: number;
}

/** An SMS reaches no landline. */
const MOBILE = /^(?:\+?86)?1\d{10}$/;

/** Puts a message to the staff into the outbox. Who has no mobile number on record goes on the call list. */
export async function queueStaffNotice(tx: Tx, notice: StaffNotice, staff: readonly Staff[]): Promise<void> {
  const { kind, eventType, eventId, once, text, sendAt } = notice;
  const channels = staff.map(({ phone }) => (MOBILE.test(phone ?? '') ? 'sms' : 'call_list'));
  const queued = await tx.query<{ channel: string }>(
    `insert into notice (once_key, kind, staff, event_type, event_id, channel, recipient, language, text, segments, queued_at,
                         next_attempt_at)
     select $1 || ':' || s.name, $2, s.name, $3, $4, s.channel, s.phone, $5, $6, $7, $8, $9
     from unnest($10::text[], $11::text[], $12::text[]) as s(name, phone, channel)
     on conflict (once_key) do nothing returning channel`,
    [
      `${kind}:${eventType}:${eventId}:${once}`,
      kind,
      eventType,
      eventId,
      text.language,
      text.text,
      text.segments,
      at(tx.now),
      at(sendAt),
      staff.map(({ name }) => name),
      staff.map(({ phone }) => phone),
      channels,
    ],
  );
  if (queued.length === 0) return;
  const callList = queued.filter(({ channel }) => channel === 'call_list').length;
  const data = { kind, customerId: null, eventType, eventId, count: queued.length, callList };
  await append(tx, [{ type: 'notice_queued', subjectType: eventType, subjectId: eventId, happenedAt: tx.now, data }]);
}
