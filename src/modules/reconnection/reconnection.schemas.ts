import { z } from 'zod';
import { id, instant, instantInput } from '../http/fields.js';

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

export const reconnectionOrder = z
  .strictObject({
    id,
    accountNo: z.string(),
    disconnectionId: id,
    paidAt: instant,
    dueAt: instant,
    state: z.enum(['open', 'met', 'breached']).meta({ description: 'An order that was restored late stays breached' }),
    restoredAt: instant.nullable(),
    claimedAt: instant.nullable().meta({ description: "The crew's word" }),
    claimedBy: z.string().nullable(),
    measuredAt: instant.nullable().meta({ description: "Seen by a terminal; stronger than the crew's word" }),
    policyVersion: z.number().int(),
    stages: z.array(z.strictObject({ stage: z.string(), dueAt: instant, state: z.string() })),
    receipt: z
      .looseObject({
        start: instant,
        limitMs: z.number(),
        share: z.number(),
        profile: z.string(),
        source: z.string(),
        due: instant,
      })
      .meta({ description: 'How the due instant came about' }),
  })
  .meta({ id: 'ReconnectionOrder' });

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

export const paymentBody = z.strictObject({
  externalId,
  accountNo,
  paidAt: instantInput,
  receivedAt: optionalInstant,
  amount,
  settled: z.boolean().meta({ description: 'Arrears and penalty are paid in full' }),
});
export const payment = z
  .strictObject({
    id,
    externalId: z.string(),
    accountNo: z.string(),
    paidAt: instant,
    receivedAt: instant,
    amount: z.number(),
    settled: z.boolean(),
    reconnectionOrder: reconnectionOrder.nullable().meta({ description: 'The promise that this payment started' }),
  })
  .meta({ id: 'Payment' });

export const reconnectionBody = z.strictObject({ accountNo, reconnectedAt: instantInput, by: person });
export const reconnection = z
  .strictObject({
    accountNo: z.string(),
    disconnectionId: id,
    reconnectedAt: instant,
    by: z.string(),
    reconnectionOrder: reconnectionOrder.nullable(),
  })
  .meta({ id: 'Reconnection' });
