import { z } from 'zod';
import { ACTION_KINDS } from '../../domain/advice/advise-effect.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, note, pageOf, paging } from '../http/fields.js';

const params = z.strictObject({ code: z.string() });
const words = z.string().trim().min(1).max(200);

const share = z.number().meta({ description: 'share of the readings of the phase while it had supply, 0 to 1' });
const phase = z
  .strictObject({ p05: z.number(), p95: z.number(), readings: z.number(), lowShare: share, highShare: share })
  .nullable();
const side = z.strictObject({
  hours: z.number().meta({ description: 'different clock hours with readings' }),
  phases: z.strictObject({ A: phase, B: phase, C: phase }),
});

const verdict = z.enum(['improved', 'unchanged', 'worse', 'pending']);

const action = z
  .strictObject({
    id,
    kind: z.enum(ACTION_KINDS),
    from: z.string(),
    to: z.string(),
    at: instant,
    by: z.string(),
    note: z.string(),
    recordedAt: instant,
    recordedBy: z.string(),
    judgement: z
      .strictObject({
        verdict,
        reason: z.string(),
        reasonEn: z.string(),
        before: side,
        after: side,
      })
      .meta({
        description:
          'By what is measured now: the same hours of the day before and after, up to 72 h; pending until 24 measured hours have passed',
      }),
    judged: z
      .strictObject({
        at: instant,
        verdict,
        reason: z.string(),
        reasonEn: z.string(),
        isCurrent: z.boolean().meta({ description: 'false: late data have changed it since; see judgement' }),
      })
      .nullable()
      .meta({ description: 'The verdict as it was told once the hours after the action had passed; null until then' }),
    withdrawn: z.strictObject({ at: instant, by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'CorrectiveAction' });

const problems = { not_found: 'there is no transformer of this code' };

export const recordAction = endpoint({
  method: 'POST',
  path: '/transformers/:code/actions',
  summary: 'What was done about bad voltage; a tap move also goes into the register',
  tag: 'advice',
  access: ['dispatcher'],
  params,
  body: z.strictObject({
    kind: z.enum(ACTION_KINDS),
    from: words.meta({
      description: 'tap_moved: number of the tap; customers_moved: the phase; load_shifted: where from',
    }),
    to: words,
    at: instantInput,
    by: words,
    note: note.default(''),
  }),
  response: action,
  status: 201,
  problems: { ...problems, conflict: 'An action of this kind at this instant is recorded already.' },
});

export const withdrawAction = endpoint({
  method: 'POST',
  path: '/transformers/:code/actions/:id/withdraw',
  summary: 'Take back an action that was recorded in error; record what was really done anew',
  tag: 'advice',
  access: ['dispatcher'],
  params: params.extend({ id: idParameter }),
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  response: action,
  problems: { not_found: 'there is no such action at this transformer', conflict: 'It is withdrawn already.' },
});

export const listActions = endpoint({
  method: 'GET',
  path: '/transformers/:code/actions',
  summary: 'What was done about bad voltage, newest first, and whether it helped',
  tag: 'advice',
  access: EVERYONE,
  params,
  query: z.strictObject(paging),
  response: pageOf(action),
  problems,
});
