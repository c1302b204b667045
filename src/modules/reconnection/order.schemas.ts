import { z } from 'zod';
import { id, instant, instantInput, note } from '../http/fields.js';

/** Amounts are yuan, to the cent. */
const amount = z.number().min(0).max(9_999_999_999).multipleOf(0.01);
const optionalInstant = instantInput.nullish().transform((value) => value ?? null);
const optionalAmount = amount.nullish().transform((value) => value ?? null);
const accountNo = z.string().trim().min(1).max(64);
const externalId = z.string().trim().min(1).max(100);
const person = z.string().trim().min(1).max(100);

const forecast = z
  .strictObject({
    expectedAt: instant.nullable(),
    arithmetic: z.strictObject({ zh: z.string(), en: z.string() }),
  })
  .meta({ description: 'When it will be restored at the pace of its queue; null once it is over' });

export const ORDER_STATES = ['open', 'claimed', 'met', 'breached', 'cancelled'] as const;

const orderFields = {
  id,
  accountNo: z.string(),
  area: z.string(),
  disconnectionId: id,
  paymentExternalId: z.string(),
  paidAt: instant,
  dueAt: instant,
  state: z.enum(ORDER_STATES).meta({
    description:
      'claimed: a crew says so in time, nothing is measured yet. An order that was restored late stays breached. cancelled: its payment was reversed, or supply was back before the payment',
  }),
  restoredAt: instant.nullable().meta({ description: 'Confirmed by the switch state or by measured power' }),
  claimedAt: instant.nullable().meta({ description: "The crew's word" }),
  claimedBy: z.string().nullable(),
  refutedAt: instant.nullable().meta({ description: 'The switch was measured open after the word' }),
  measuredAt: instant.nullable().meta({ description: "Stronger than the crew's word" }),
  fieldSince: instant.nullable().meta({ description: 'A crew is needed from here on' }),
  remoteUntil: instant.nullable().meta({ description: 'The remote switch is tried until then' }),
  paymentReversedAt: instant.nullable().meta({ description: 'Reconnected on a reversed payment, or cancelled by it' }),
  cancellation: z
    .strictObject({
      since: instant,
      knownAt: instant,
      reason: z.string(),
      words: z.strictObject({ zh: z.string(), en: z.string() }),
      paymentExternalId: z.string().nullable().meta({ description: 'The payment that was reversed' }),
      policyVersion: z.number().int(),
    })
    .nullable(),
  policyVersion: z.number().int(),
  stages: z.array(z.strictObject({ stage: z.string(), dueAt: instant, state: z.string() })),
  legs: z
    .array(
      z.strictObject({
        leg: z.string().meta({
          description:
            'paid, received, cleared, ordered, command_sent, field_order, crew_assigned, crew_en_route, acknowledged, claimed, switch_closed, power_measured',
        }),
        at: instant,
        source: z.string(),
        quality: z.enum(['booked', 'recorded', 'claimed', 'measured']),
      }),
    )
    .meta({ description: 'From payment to power, in order of time' }),
  forecast: forecast.nullable(),
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
};
export const reconnectionOrder = z.strictObject(orderFields).meta({ id: 'ReconnectionOrder' });

export const paidButDark = z
  .strictObject({
    ...orderFields,
    darkReason: z.enum(['not_restored', 'claim_refuted', 'claimed_but_dead', 'outage']),
    darkSince: instant.nullable(),
    outageId: id.nullable(),
  })
  .meta({ id: 'PaidButDark' });

export const SETTLED_WITH_REST =
  'cannot be true while something is outstanding: paid in full means arrears and penalty';
export const CLEARED_WITHOUT_SETTLED = 'belongs to a payment in full only';

export const paymentBody = z
  .strictObject({
    externalId,
    accountNo,
    paidAt: instantInput,
    receivedAt: optionalInstant.meta({
      description: 'When the utility had it, not before paidAt (less what clocks differ); left out: now',
    }),
    clearedAt: optionalInstant.meta({
      description: 'When arrears and penalty were settled; left out of a payment in full: when it was received',
    }),
    amount: amount.meta({ description: 'Yuan; 0 with settled: the debt was waived, written off or set off' }),
    settled: z.boolean().meta({ description: 'Arrears and penalty are paid in full' }),
    outstandingArrears: optionalAmount.meta({ description: 'Of a payment in part: what billing says is still open' }),
    outstandingPenalty: optionalAmount,
  })
  .refine(
    ({ settled, outstandingArrears, outstandingPenalty }) => !settled || (!outstandingArrears && !outstandingPenalty),
    {
      path: ['settled'],
      message: SETTLED_WITH_REST,
    },
  )
  .refine(({ settled, clearedAt }) => settled || clearedAt === null, {
    path: ['clearedAt'],
    message: CLEARED_WITHOUT_SETTLED,
  });

export const payment = z
  .strictObject({
    id,
    externalId: z.string(),
    accountNo: z.string(),
    paidAt: instant,
    receivedAt: instant,
    clearedAt: instant.nullable(),
    amount: z.number(),
    settled: z.boolean(),
    outstandingArrears: z.number().nullable(),
    outstandingPenalty: z.number().nullable(),
    reversedAt: instant.nullable(),
    reversalReason: z.string().nullable(),
    missing: z
      .strictObject({
        arrears: z.number().nullable(),
        penalty: z.number().nullable(),
        basis: z.enum(['billing', 'records']),
        zh: z.string(),
        en: z.string(),
        source: z.string(),
      })
      .nullable()
      .meta({ description: 'Why a payment in part starts nothing' }),
    reconnectionOrder: reconnectionOrder.nullable().meta({ description: 'The promise that rests on this payment' }),
  })
  .meta({ id: 'Payment' });

export const reversalBody = z.strictObject({ at: instantInput, reason: z.string().trim().min(1).max(500) });

export const reconnectionBody = z.strictObject({
  accountNo,
  reconnectedAt: instantInput,
  by: person,
  source: z
    .enum(['crew', 'switch', 'power'])
    .default('crew')
    .meta({ description: 'crew = a word; switch, power = read by the metering system: that confirms' }),
});
export const reconnection = z
  .strictObject({
    accountNo: z.string(),
    disconnectionId: id,
    reconnectedAt: instant,
    by: z.string(),
    source: z.enum(['crew', 'switch', 'power']),
    reconnectionOrder: reconnectionOrder.nullable(),
  })
  .meta({ id: 'Reconnection' });

export const stepBody = z.strictObject({ at: instantInput, by: person, note: note.default('') });
export const directBody = z.strictObject({
  accountNo,
  agreed: z.boolean().meta({ description: 'true: may be switched on without being asked first; false: must be asked' }),
  reason: z.string().trim().min(1).max(500),
});
export const direct = z
  .strictObject({
    accountNo: z.string(),
    agreed: z.boolean(),
    reason: z.string(),
    recordedBy: z.string(),
    recordedAt: instant,
  })
  .meta({ id: 'DirectReconnection' });
