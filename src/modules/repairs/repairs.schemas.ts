import { z } from 'zod';
import { EXTENTS } from '../../domain/repairs/job-grouping.js';
import { OUTCOMES } from '../../domain/repairs/callback.js';
import { KNOWN_CAUSES } from '../../domain/repairs/known-cause.js';
import { EVERYONE } from '../auth/principal.js';
import { endpoint } from '../http/endpoint.js';
import { id, idParameter, instant, instantInput, note, pageOf, paging } from '../http/fields.js';

export const STATES = ['reported', 'dispatched', 'arrived', 'repaired', 'closed'] as const;
const EVENT_TYPES = ['outage', 'planned_outage', 'disconnection'] as const;

export const text = (maxLength: number) => z.string().trim().min(1).max(maxLength);
export const optionalText = (maxLength: number) => text(maxLength).nullish();
export const phone = z
  .string()
  .transform((given) => given.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\+?\d{5,15}$/, 'must be a telephone number of 5 to 15 digits'));

const said = z.strictObject({ zh: z.string(), en: z.string() });
const masked = z.string().nullable().meta({ description: 'masked unless the role may see it' });

const claimed = z.strictObject({ claimedAt: instant, by: z.string(), note: z.string(), recordedAt: instant });
const forced = z.strictObject({ why: z.enum(['dispatcher', 'hazard']), text: z.string(), by: z.string() });

const callFields = {
  reportId: id,
  externalId: z.string().nullable(),
  accountNo: z.string().nullable(),
  transformerCode: z.string().nullable(),
  area: z.string(),
  address: z.string().nullable(),
  callerPhone: masked,
  contact: masked,
  symptom: z.string(),
  foundAt: instant.nullable(),
  place: z.string().nullable(),
  extent: z.enum(EXTENTS),
  firstGuess: z.string().nullable(),
  reportedAt: instant,
  recordedAt: instant,
  recordedBy: z.string(),
};

export const RepairOrder = z
  .strictObject({
    id,
    ...callFields,
    state: z.enum(STATES),
    round: z
      .number()
      .int()
      .meta({ description: '2 = the customer was not satisfied and it went back to the unit once' }),
    startedAt: instant.meta({ description: 'when the clocks of this round began' }),
    setting: z.enum(['urban', 'rural', 'remote']),
    settingKnown: z.boolean(),
    unit: z.string().nullable(),
    person: z.string().nullable(),
    routeNote: said.nullable().meta({ description: 'why no unit is named' }),
    forced: forced.nullable().meta({ description: 'why there is an order in spite of a known cause' }),
    knownCause: z.enum(KNOWN_CAUSES).nullable(),
    jobId: id,
    jobOrderIds: z
      .array(id)
      .meta({ description: 'all orders that the same crew works on; each caller is called back' }),
    crew: z.string().nullable(),
    outageId: id.nullable(),
    legs: z.strictObject({
      dispatched: claimed.nullable(),
      arrived: claimed.nullable(),
      repaired: claimed.nullable(),
    }),
    observedAt: instant.nullable().meta({ description: 'when telemetry saw supply return at the transformer' }),
    restoredAt: instant.nullable(),
    restoredSource: z.enum(['observed', 'claimed']).nullable(),
    contradicted: z
      .boolean()
      .meta({ description: 'the crew says repaired, the transformer is measured dead: the clock goes on' }),
    calledBackAt: instant.nullable(),
    outcome: z.enum(OUTCOMES).nullable(),
    callbacks: z.array(
      z.strictObject({
        round: z.number().int(),
        at: instant,
        by: z.string(),
        reached: z.boolean(),
        satisfied: z.boolean().nullable(),
        note: z.string(),
      }),
    ),
    deadlines: z.array(z.strictObject({ id, kind: z.string(), stage: z.string(), dueAt: instant, state: z.string() })),
    trail: z.array(
      z.strictObject({
        jobId: id,
        leg: z.string(),
        source: z.enum(['claimed', 'observed']),
        at: instant.nullable(),
        by: z.string(),
        note: z.string(),
        actor: z.string(),
        recordedAt: instant,
      }),
    ),
    policyVersion: id,
  })
  .meta({ id: 'RepairOrder' });

export const FaultReport = z
  .strictObject({
    ...callFields,
    outcome: z.enum(['known_cause', 'repair_order']),
    cause: z.enum(KNOWN_CAUSES).nullable(),
    eventType: z.enum(EVENT_TYPES).nullable(),
    eventId: id.nullable(),
    estimatedRestorationAt: instant.nullable(),
    words: z
      .strictObject({ zh: z.array(z.string()), en: z.array(z.string()) })
      .nullable()
      .meta({ description: 'what to say to the caller' }),
    repairOrderId: id.nullable(),
  })
  .meta({ id: 'FaultReport' });

const FaultAnswer = z.strictObject({ report: FaultReport, order: RepairOrder.nullable() }).meta({ id: 'FaultAnswer' });

const FACTS = ['integration', 'dispatcher'] as const;

export const postReport = endpoint({
  method: 'POST',
  path: '/repair-orders',
  summary:
    'Takes a call about missing supply in. A known cause (planned, temporary, fault, rationing; arrears, violation, theft) makes no ' +
    'order: 200 with what to say. Otherwise 201 with the order. The same externalId again answers 200 with what is on record.',
  tag: 'repairs',
  access: FACTS,
  body: z
    .strictObject({
      externalId: optionalText(64),
      accountNo: optionalText(64),
      callerPhone: phone.nullish(),
      transformerCode: optionalText(64),
      address: optionalText(500),
      contact: optionalText(200),
      symptom: text(2_000),
      foundAt: instantInput.nullish(),
      place: optionalText(500),
      extent: z.enum(EXTENTS).default('unknown'),
      firstGuess: optionalText(500),
      at: instantInput.nullish().meta({ description: 'when the customer called; left out = now' }),
      force: z
        .strictObject({ reason: text(500) })
        .nullish()
        .meta({
          description: 'a dispatcher wants an order in spite of a known cause',
        }),
    })
    .refine((call) => [call.accountNo, call.callerPhone, call.transformerCode, call.address].some(Boolean), {
      error: 'needs accountNo, callerPhone, transformerCode or address: somebody must find the place',
    }),
  response: FaultAnswer,
  status: 201,
  contentType: 'application/json',
  problems: {
    conflict: 'The externalId is known with another call.',
    transformer_not_found: 'The register has no such transformer.',
  },
});

export const listOrders = endpoint({
  method: 'GET',
  path: '/repair-orders',
  summary: 'Repair orders, newest first',
  tag: 'repairs',
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    state: z.enum(STATES).optional(),
    area: z.string().optional(),
    unit: z.string().optional(),
    accountNo: z.string().optional(),
    outageId: idParameter.optional(),
    jobId: idParameter.optional(),
  }),
  response: pageOf(RepairOrder),
});

export const getOrder = endpoint({
  method: 'GET',
  path: '/repair-orders/:id',
  summary: 'One repair order with its trail',
  tag: 'repairs',
  access: EVERYONE,
  params: z.strictObject({ id: idParameter }),
  response: RepairOrder,
});

export const listReports = endpoint({
  method: 'GET',
  path: '/fault-reports',
  summary:
    'Calls about missing supply, newest first: those answered from a known cause, with their event, and those with an order',
  tag: 'repairs',
  access: EVERYONE,
  query: z.strictObject({
    ...paging,
    outcome: z.enum(['known_cause', 'repair_order']).optional(),
    cause: z.enum(KNOWN_CAUSES).optional(),
    accountNo: z.string().optional(),
    eventType: z
      .enum(EVENT_TYPES)
      .optional()
      .meta({ description: 'with eventId: calls that were traced to that event' }),
    eventId: idParameter.optional(),
  }),
  response: pageOf(FaultReport),
});

const booking = { at: instantInput, by: text(200), note: note.default('') };
const leg = <const Name extends string>(name: Name, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/repair-orders/:id/${name}`,
    summary: `${summary}. Holds for all orders of the job. Booked again with a note it corrects; the trail keeps both.`,
    tag: 'repairs',
    access: FACTS,
    params: z.strictObject({ id: idParameter }),
    body: z.strictObject(booking),
    response: RepairOrder,
    problems: {
      impossible_leg: 'The instant lies in the future, before the report or an earlier leg, or after a later one.',
      leg_on_record: 'Another instant is on record, and the note does not say why it is corrected.',
    },
  });

export const postDispatched = leg('dispatched', 'The order was handed to a crew');
export const postArrived = leg('arrived', 'The crew says that it is on site');
export const postRepaired = leg('repaired', 'The crew says that supply is back; measured power is stronger');

export const postCalledBack = endpoint({
  method: 'POST',
  path: '/repair-orders/:id/called-back',
  summary: 'The customer was called back: not reached counts as an attempt, not satisfied goes back to the unit once',
  tag: 'repairs',
  access: FACTS,
  params: z.strictObject({ id: idParameter }),
  body: z
    .strictObject({ ...booking, reached: z.boolean(), satisfied: z.boolean().nullish() })
    .refine((call) => call.reached === (typeof call.satisfied === 'boolean'), {
      path: ['satisfied'],
      error: 'is needed when the customer was reached, and is left out otherwise',
    }),
  response: RepairOrder,
  problems: {
    not_restored_yet: 'Supply was not back at that instant.',
    order_closed: 'The customer was called back already.',
  },
});
