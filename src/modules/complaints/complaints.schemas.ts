import { z } from 'zod';
import { CATEGORIES, CATEGORY_NAMES, CHANNELS } from '../../domain/complaints/complaint.js';
import { MISSED_REASONS } from '../../domain/complaints/missed-warning.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, note, pageOf, paging } from '../http/fields.js';
import { COMPLAINT_COLUMNS, TEXT_LIMIT } from './complaint-rows.js';

const STATES = ['open', 'answered', 'closed'] as const;
const EVENT_TYPES = ['outage', 'episode', 'disconnection', 'planned_outage'] as const;

const category = z.enum(CATEGORIES).meta({
  description: CATEGORIES.map((name) => `${name} ${CATEGORY_NAMES[name]}`).join(', '),
});

const ComplaintLink = z
  .strictObject({
    eventType: z.enum(EVENT_TYPES),
    eventId: id,
    score: z.number(),
    status: z.enum(['proposed', 'linked', 'confirmed', 'rejected']),
    evidence: z.array(z.strictObject({ term: z.string(), points: z.number(), text: z.string(), textEn: z.string() })),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'ComplaintLink' });

export const Complaint = z
  .strictObject({
    id,
    externalId: z.string(),
    channel: z.enum(CHANNELS),
    category,
    categoryConfidence: z.number().meta({ description: '0..1; 1 = given with the complaint' }),
    state: z.enum(STATES),
    accountNo: z.string().nullable(),
    callerPhone: z.string().nullable().meta({ description: 'masked unless the role may see it' }),
    address: z.string().nullable(),
    text: z.string(),
    receivedAt: instant,
    recordedAt: instant,
    steps: z
      .array(z.strictObject({ step: z.enum(['contacted', 'answered']), at: instant, by: z.string(), note: z.string() }))
      .meta({ description: 'what was done about its promises' }),
    deadlines: z.array(z.strictObject({ kind: z.string(), stage: z.string(), dueAt: instant, state: z.string() })),
    links: z.array(ComplaintLink),
    missedWarning: z
      .strictObject({ reason: z.enum(MISSED_REASONS), text: z.string(), textEn: z.string() })
      .nullable()
      .meta({ description: 'why nobody warned before the call; null when somebody did' }),
  })
  .meta({ id: 'Complaint' });

const text = (maxLength: number) => z.string().trim().min(1).max(maxLength);
const optional = (maxLength: number) => text(maxLength).nullish();

export const postComplaint = endpoint({
  method: 'POST',
  path: '/complaints',
  summary: 'Takes a complaint in; the same externalId again answers with what is known',
  tag: 'complaints',
  access: ['integration', 'analyst', 'dispatcher'],
  body: z.strictObject({
    externalId: text(64),
    channel: z.enum(CHANNELS),
    category: category.nullish(),
    accountNo: optional(64),
    callerPhone: z
      .string()
      .transform((phone) => phone.replace(/[\s-]/g, ''))
      .pipe(z.string().regex(/^\+?\d{5,15}$/, 'must be a telephone number of 5 to 15 digits'))
      .nullish(),
    address: optional(500),
    text: text(TEXT_LIMIT),
    receivedAt: instantInput,
  }),
  response: Complaint,
  problems: { conflict: 'The externalId is known with another text, channel or instant.' },
});

export const importComplaints = endpoint({
  method: 'POST',
  path: '/complaints/import',
  summary: `Takes many complaints in. Columns: ${Object.keys(COMPLAINT_COLUMNS).join(', ')} (also with underscores)`,
  tag: 'complaints',
  access: ['integration', 'analyst', 'dispatcher'],
  rawBody: ['text/csv', 'application/x-ndjson'],
  response: z
    .strictObject({
      accepted: z.number().int(),
      rejected: z.array(z.strictObject({ line: z.number().int(), reason: z.string() })),
    })
    .meta({ id: 'ComplaintImportResult' }),
  problems: { unsupported_media_type: 'The body is neither text/csv nor application/x-ndjson.' },
});

export const listComplaints = endpoint({
  method: 'GET',
  path: '/complaints',
  summary: 'Complaints, newest first',
  tag: 'complaints',
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    category: category.optional(),
    channel: z.enum(CHANNELS).optional(),
    state: z.enum(STATES).optional(),
    from: instantInput.optional(),
    to: instantInput.optional(),
    accountNo: z.string().optional(),
    eventType: z.enum(EVENT_TYPES).optional().meta({ description: 'with eventId: those traced to that event' }),
    eventId: idParameter.optional(),
  }),
  response: pageOf(Complaint),
});

export const getComplaint = endpoint({
  method: 'GET',
  path: '/complaints/:id',
  summary: 'One complaint with what it is traced to',
  tag: 'complaints',
  access: EVERYONE,
  params: z.strictObject({ id: idParameter }),
  response: Complaint,
});

const decide = <const Name extends string>(name: Name, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/complaints/:id/links/:eventType/:eventId/${name}`,
    summary,
    tag: 'complaints',
    access: ['analyst', 'dispatcher'],
    params: z.strictObject({ id: idParameter, eventType: z.enum(EVENT_TYPES), eventId: idParameter }),
    body: z.strictObject({ note: note.default('') }),
    response: Complaint,
  });

export const confirmLink = decide(
  'confirm',
  'The event did cause the complaint; also for an event that the rules did not find',
);
export const rejectLink = decide('reject', 'The event did not cause the complaint');

const step = <const Name extends string>(name: Name, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/complaints/:id/${name}`,
    summary,
    tag: 'complaints',
    access: ['analyst', 'dispatcher', 'integration'],
    params: z.strictObject({ id: idParameter }),
    body: z.strictObject({
      at: instantInput.optional().meta({ description: 'now when left out' }),
      by: text(100).optional().meta({ description: 'who did it; the caller when left out' }),
      note: note.default(''),
    }),
    response: Complaint,
    problems: {
      not_found: 'There is no complaint with this id.',
      step_on_record: 'The step is on record with another instant or by somebody else.',
    },
  });

export const postContacted = step('contacted', 'The customer was spoken to for the first time: ends that promise');
export const postAnswered = step(
  'answered',
  'The customer has the answer: ends that promise, and the complaint is answered',
);
