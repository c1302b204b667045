import { z } from 'zod';
import { LANGUAGES } from '../../domain/register/customer-rows.js';
import { CAUSES, SUPERVISED_KINDS } from '../../domain/supervision/causes.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { flag, id, idParameter, instant, instantInput, note, pageOf, paging } from '../http/fields.js';

const STATES = ['open', 'replied', 'closed'] as const;
const said = z.strictObject({ zh: z.string(), en: z.string() });

const fields = {
  id,
  number: z
    .string()
    .meta({ description: 'year and running number of the year, without gaps', examples: ['2026-000017'] }),
  cause: z.enum(CAUSES),
  kind: z.enum(SUPERVISED_KINDS).meta({ description: 'of the warning that speaks for it now' }),
  warningId: id,
  subject: z.strictObject({ type: z.string(), id, code: z.string(), name: z.string(), area: z.string() }),
  title: z.string(),
  happenedAt: instant,
  dueAt: instant.nullable().meta({ description: 'the limit that was broken, or that will be' }),
  openedAt: instant,
  unit: z.string().nullable(),
  person: z.string().nullable(),
  routeNote: said.nullable().meta({ description: 'why no unit is named' }),
  level: z.number().int().meta({ description: 'steps of the escalation that were taken; 0 = none' }),
  state: z.enum(STATES),
  replyDueAt: instant.nullable().meta({ description: 'when the next reply is due; null = none is' }),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  closedOn: z.enum(['measured', 'word', 'kept']).nullable().meta({
    description:
      'word = closed with a reason, nothing was measured; kept = by itself, because corrected times show that the promise was kept',
  }),
  closeNote: z.string().nullable(),
  effect: z.strictObject({ measured: z.boolean(), at: instant.nullable(), zh: z.string(), en: z.string() }).meta({
    description:
      'whether the cause is cured, measurably: an order that is not closed can be closed then; of a closed one as it was then',
  }),
  policyVersion: id,
};

export const SupervisionOrder = z.strictObject(fields).meta({ id: 'SupervisionOrder' });

export const SupervisionOrderDetail = z
  .strictObject({
    ...fields,
    facts: z.record(z.string(), z.unknown()).meta({ description: 'evidence of the warning' }),
    deadlines: z.array(z.strictObject({ id, stage: z.string(), dueAt: instant, state: z.string() })),
    trail: z.array(
      z.strictObject({
        at: instant,
        actor: z.string(),
        by: z.string(),
        action: z.string(),
        zh: z.string(),
        en: z.string(),
      }),
    ),
  })
  .meta({ id: 'SupervisionOrderDetail' });

const tag = 'supervision';
const params = z.strictObject({ id: idParameter });
const problems = { order_closed: 'The order is closed.' };

export const listOrders = endpoint({
  method: 'GET',
  path: '/supervision-orders',
  summary: 'Supervision orders, newest first',
  tag,
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    state: z.enum(STATES).optional(),
    cause: z.enum(CAUSES).optional(),
    area: z.string().optional(),
    unit: z.string().optional(),
    level: z.coerce.number().int().min(0).max(9).optional().meta({ description: 'taken at least that far' }),
    effectMeasured: flag.meta({
      description: 'those only that are not closed and whose effect is measured: to be closed',
    }),
    subjectType: z.string().optional(),
    subjectId: idParameter.optional(),
  }),
  response: pageOf(SupervisionOrder),
});

export const getOrder = endpoint({
  method: 'GET',
  path: '/supervision-orders/:id',
  summary: 'One supervision order with its trail and its effect',
  tag,
  access: EVERYONE,
  params,
  response: SupervisionOrderDetail,
});

export const getNoticeSheet = endpoint({
  method: 'GET',
  path: '/supervision-orders/:id/notice-sheet',
  summary: 'The warning note (预警通知单) for printing, A4',
  tag,
  access: EVERYONE,
  params,
  query: z.strictObject({ language: z.enum(LANGUAGES).default('zh-CN') }),
  response: z.string(),
  contentType: 'text/html',
});

export const postReply = endpoint({
  method: 'POST',
  path: '/supervision-orders/:id/reply',
  summary: 'The responsible unit says what it found and does; the clock of the next progress reply starts',
  tag,
  access: ['dispatcher', 'integration'],
  params,
  body: z.strictObject({
    note: note.min(1),
    by: z.string().trim().min(1).max(200),
    expectedAt: instantInput.nullish().meta({ description: 'when the cause will be cured' }),
  }),
  response: SupervisionOrderDetail,
  problems,
});

export const postAssign = endpoint({
  method: 'POST',
  path: '/supervision-orders/:id/assign',
  summary: 'Names the responsible unit and person by hand',
  tag,
  access: ['dispatcher'],
  params,
  body: z.strictObject({
    unit: z.string().trim().min(1).max(200),
    person: z.string().trim().min(1).max(200).nullish(),
    note: note.default(''),
  }),
  response: SupervisionOrderDetail,
  problems,
});

export const postClose = endpoint({
  method: 'POST',
  path: '/supervision-orders/:id/close',
  summary: 'Closes an order on its measured effect; where nothing is measured only with a reason, and marked so',
  tag,
  access: ['dispatcher'],
  params,
  body: z.strictObject({
    note: note.default(''),
    withoutMeasurement: note.min(1).nullish().meta({ description: 'why it is closed although nothing is measured' }),
  }),
  response: SupervisionOrderDetail,
  problems: { ...problems, effect_not_measured: 'The effect is not measured, and no reason is given.' },
});
