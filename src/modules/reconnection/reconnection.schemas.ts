import { z } from 'zod';
import { id, instant, instantInput } from '../http/fields.js';
import { reconnectionOrder } from './order.schemas.js';

const optionalInstant = instantInput.nullish().transform((value) => value ?? null);
export const accountNo = z.string().trim().min(1).max(64);
const externalId = z.string().trim().min(1).max(100);
const person = z.string().trim().min(1).max(100);
/** Yuan, to the cent. */
const amount = z.number().min(0).max(9_999_999_999).multipleOf(0.01);

export const arrearsBody = z.strictObject({
  accountNo,
  amount,
  dueOn: z.iso.date().meta({ description: 'The last day of payment' }),
});
export const arrears = z
  .strictObject({
    accountNo: z.string(),
    amount: z.number(),
    dueOn: z.string(),
    recordedAt: instant,
    clearedAt: instant.nullable(),
  })
  .meta({ id: 'Arrears' });

const stage = z.enum(['remote', 'phone', 'onsite']);
export const dunningBody = z.strictObject({
  stage,
  at: instantInput,
  by: person,
  result: z.string().trim().max(500).default(''),
});
export const dunningStep = z
  .strictObject({ id, accountNo: z.string(), stage, at: instant, by: z.string(), result: z.string() })
  .meta({ id: 'DunningStep' });

const reason = z.enum(['arrears', 'violation', 'theft']);
export const disconnectionBody = z.strictObject({
  externalId,
  accountNo,
  reason,
  approvedBy: person.nullish().transform((value) => value ?? null),
  noticeServedAt: optionalInstant,
  finalNoticeAt: optionalInstant,
  plannedAt: instantInput,
  disconnectedAt: optionalInstant.meta({
    description: 'When it was done. Left out: it is planned, and the rules must allow it',
  }),
});

export const disconnection = z
  .strictObject({
    id,
    externalId: z.string(),
    accountNo: z.string(),
    reason,
    approvedBy: z.string().nullable(),
    noticeServedAt: instant.nullable(),
    finalNoticeAt: instant.nullable(),
    plannedAt: instant,
    disconnectedAt: instant.nullable(),
    claimedAt: instant.nullable(),
    claimedBy: z.string().nullable(),
    measuredAt: instant.nullable(),
    reconnectedAt: instant.nullable(),
    missingSteps: z
      .array(
        z.strictObject({ step: z.string(), field: z.string(), zh: z.string(), en: z.string(), source: z.string() }),
      )
      .meta({ description: 'Steps of the procedure that were missing when it was done' }),
    reconnectionOrder: reconnectionOrder.nullable(),
  })
  .meta({ id: 'Disconnection' });
