import { z } from 'zod';
import { ROLES } from '../../domain/escalation.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, pageOf, paging } from '../http/fields.js';

export const STATES = ['pending', 'paused', 'fired', 'met', 'cancelled'] as const;

const deadlineFields = {
  id,
  kind: z.string(),
  stage: z.string(),
  round: z
    .number()
    .int()
    .meta({ description: 'how often the promise has begun, from 1: a repair that was sent back has two' }),
  subjectType: z.string(),
  subjectId: id,
  area: z.string().meta({ description: 'of the subject; empty where it is not known' }),
  dueAt: instant.meta({ description: 'of a paused one: what it would be had the pause that runs not begun' }),
  state: z.enum(STATES),
  settledAt: instant.nullable(),
  endedAt: instant.nullable().meta({ description: 'when the promise ended, where its owner knows the instant' }),
  policyVersion: id,
  escalation: z
    .strictObject({ role: z.enum(ROLES), persons: z.array(z.string()) })
    .nullable()
    .meta({ description: 'to whom the stage was taken when it fired; no persons = nobody has the role' }),
  pausable: z.boolean().meta({ description: 'whether the policy lets the clock of this kind be stopped' }),
};
const Deadline = z.strictObject(deadlineFields).meta({ id: 'Deadline' });
const DeadlineReceipt = z
  .strictObject({
    ...deadlineFields,
    pauses: z.array(
      z.strictObject({
        pausedAt: instant,
        resumedAt: instant.nullable(),
        reason: z.string(),
        evidence: z.string(),
        pausedBy: z.string(),
        recordedAt: instant,
        resumedBy: z.string().nullable(),
      }),
    ),
    steps: z.array(z.strictObject({ zh: z.string(), en: z.string() })),
    receipt: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'DeadlineReceipt' });

export const listDeadlines = endpoint({
  method: 'GET',
  path: '/deadlines',
  summary: 'Promises with an instant, the earliest first',
  tag: 'deadlines',
  access: EVERYONE,
  query: z.strictObject({
    state: z.enum(STATES).optional(),
    kind: z.string().optional(),
    subjectType: z.string().optional(),
    subjectId: idParameter.optional(),
    role: z.enum(ROLES).optional().meta({ description: 'those that were taken to this role' }),
    area: z.string().optional(),
    ...paging,
  }),
  response: pageOf(Deadline),
});

const params = z.strictObject({ id: idParameter });
const notFound = { not_found: 'There is no deadline with this id.' };

export const getReceipt = endpoint({
  method: 'GET',
  path: '/deadlines/:id/receipt',
  summary: 'The arithmetic of one deadline, step by step',
  tag: 'deadlines',
  access: EVERYONE,
  params,
  response: DeadlineReceipt,
  problems: notFound,
});

const sentence = z.string().trim().min(2).max(500);

export const pauseDeadline = endpoint({
  method: 'POST',
  path: '/deadlines/:id/pause',
  summary: 'Stops the clock of the whole promise that this is a stage of; with resumedAt, for a stretch of the past',
  tag: 'deadlines',
  access: ['dispatcher', 'analyst'],
  params,
  body: z.strictObject({
    reason: sentence,
    evidence: sentence.meta({ description: 'what proves it: the number of a document, a photograph, a recording' }),
    pausedAt: instantInput.optional().meta({ description: 'now when left out' }),
    resumedAt: instantInput.optional().meta({ description: 'the end of a pause that is over' }),
  }),
  response: DeadlineReceipt,
  problems: {
    ...notFound,
    pause_not_allowed: 'The policy does not let the clock of this kind of promise be stopped.',
    already_paused: 'The clock stands already.',
    promise_over: 'The promise was kept or given up.',
    limit_passed: 'The limit had passed before the pause began.',
    pause_impossible: 'The receipt holds no arithmetic that a pause could move.',
  },
});

export const resumeDeadline = endpoint({
  method: 'POST',
  path: '/deadlines/:id/resume',
  summary: 'Lets the clock of the whole promise run again',
  tag: 'deadlines',
  access: ['dispatcher', 'analyst'],
  params,
  body: z.strictObject({ resumedAt: instantInput.optional().meta({ description: 'now when left out' }) }),
  response: DeadlineReceipt,
  problems: { ...notFound, not_paused: 'The clock runs.' },
});
