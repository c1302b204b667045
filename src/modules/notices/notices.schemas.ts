import { z } from 'zod';
import {
  CALL_REASONS,
  NOTICE_EVENT_TYPES,
  NOTICE_KINDS,
  NOTICE_STATES,
  STAFF_EVENT_TYPES,
} from '../../domain/notices/notice-kinds.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, note, pageOf, paging } from '../http/fields.js';

const eventType = z.enum(NOTICE_EVENT_TYPES);
const anyEventType = z.enum([...NOTICE_EVENT_TYPES, ...STAFF_EVENT_TYPES]);

const NoticeSchema = z
  .object({
    id,
    kind: z.enum(NOTICE_KINDS),
    accountNo: z.string().nullable().meta({ description: 'null = to one of the staff' }),
    staff: z.string().nullable().meta({ description: 'unit and person of the staff; null = to a customer' }),
    eventType: anyEventType,
    eventId: id,
    channel: z.enum(['sms', 'call_list']),
    callReason: z.enum(CALL_REASONS).nullable().meta({
      description: 'why a person has to phone; register_changed = by now a message would reach; null of an SMS',
    }),
    recipient: z.string().nullable().meta({ description: 'Masked unless the caller may see personal data' }),
    language: z.string(),
    text: z.string(),
    segments: z.number().int(),
    state: z.enum(NOTICE_STATES),
    provider: z.string().nullable(),
    attempts: z.number().int(),
    lastError: z.string().nullable(),
    queuedAt: instant,
    nextAttemptAt: instant.meta({ description: 'not before this instant, also when phoned' }),
    expiresAt: instant.nullable().meta({ description: 'from then on the news is old' }),
    sentAt: instant.nullable(),
    settledAt: instant.nullable(),
  })
  .meta({ id: 'Notice' });

export const listNotices = endpoint({
  method: 'GET',
  path: '/notices',
  summary: 'Messages to customers and staff, newest first',
  tag: 'notices',
  access: EVERYONE,
  query: z.strictObject({
    accountNo: z.string().min(1).optional(),
    eventType: anyEventType.optional(),
    eventId: idParameter.optional(),
    state: z.enum(NOTICE_STATES).optional(),
    channel: z.enum(['sms', 'call_list']).optional(),
    ...paging,
  }),
  response: pageOf(NoticeSchema),
});

export const explainNotice = endpoint({
  method: 'GET',
  path: '/notices/explain',
  summary: 'Why a customer did or did not get a notice of an event',
  tag: 'notices',
  access: EVERYONE,
  query: z.strictObject({ accountNo: z.string().min(1), eventType, eventId: idParameter }),
  response: z
    .strictObject({
      accountNo: z.string(),
      eventType,
      eventId: id,
      reasons: z.array(z.strictObject({ code: z.string(), text: z.string() })),
      notices: z.array(NoticeSchema),
    })
    .meta({ id: 'NoticeExplanation' }),
});

export const noticeCalled = endpoint({
  method: 'POST',
  path: '/notices/:id/called',
  summary: 'A person phoned who is on the call list',
  tag: 'notices',
  access: ['dispatcher', 'analyst'],
  params: z.strictObject({ id: idParameter }),
  body: z.strictObject({ note: note.default('') }),
  response: NoticeSchema,
  problems: { not_on_call_list: 'The notice is not on the call list, or was phoned already.' },
});
