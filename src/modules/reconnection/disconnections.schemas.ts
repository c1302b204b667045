import { z } from 'zod';
import { CUT_RULES } from '../../domain/reconnection/cut-facts.js';
import { id, instant, instantInput } from '../http/fields.js';
import { CUT_STATES } from './disconnection-queries.js';
import { reconnectionOrder } from './order.schemas.js';

export const accountNo = z.string().trim().min(1).max(64);
const optionalInstant = instantInput.nullish().transform((value) => value ?? null);
const optionalText = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .nullish()
    .transform((value) => value ?? null);

const reason = z.enum(['arrears', 'violation', 'theft']);

const plan = {
  accountNo,
  reason,
  approvedBy: optionalText(100),
  noticeServedAt: optionalInstant,
  finalNoticeAt: optionalInstant,
  authorityInformedAt: optionalInstant.meta({
    description: 'When the authority got its copy of the notice to an important customer',
  }),
  plannedAt: instantInput,
  responsibleUnit: optionalText(200).meta({
    description: 'Who answers for the cut; left out: who owns the transformer, or the nearest asset above it',
  }),
  responsiblePerson: optionalText(100),
};

export const disconnectionBody = z.strictObject({
  externalId: z.string().trim().min(1).max(100),
  ...plan,
  disconnectedAt: optionalInstant.meta({
    description: 'When it was done. Left out: it is planned, and the rules must allow it',
  }),
});

/** A plan that is only asked about. */
export const checkBody = z
  .strictObject({ externalId: optionalText(100), ...plan })
  .transform((asked) => ({ ...asked, disconnectedAt: null }));

export const checked = z
  .strictObject({
    accountNo: z.string(),
    plannedAt: instant,
    allowed: z.literal(true),
    policyVersion: z.number().int(),
  })
  .meta({ id: 'DisconnectionCheck' });

const words = z.strictObject({ zh: z.string(), en: z.string() });
export const cutFinding = z
  .strictObject({
    rule: z.enum(CUT_RULES),
    step: z.string(),
    kind: z.enum(['missing', 'blocking']),
    field: z.string(),
    zh: z.string(),
    en: z.string(),
    remedy: words,
    source: z.string(),
  })
  .meta({ id: 'CutFinding' });

const row = {
  id,
  externalId: z.string(),
  accountNo: z.string(),
  reason,
  state: z.enum(CUT_STATES),
  approvedBy: z.string().nullable(),
  noticeServedAt: instant.nullable(),
  finalNoticeAt: instant.nullable(),
  authorityInformedAt: instant.nullable(),
  plannedAt: instant,
  disconnectedAt: instant.nullable(),
  responsibleUnit: z.string().nullable(),
  responsiblePerson: z.string().nullable(),
  missingSteps: z
    .array(cutFinding)
    .meta({ description: 'What stood against it when it was done, as far as it is known now' }),
  checkedAt: instant.nullable(),
  cancelledAt: instant.nullable(),
  cancelledBy: z.string().nullable(),
  cancellation: z.strictObject({ note: z.string(), findings: z.array(cutFinding) }).nullable(),
  claimedAt: instant.nullable(),
  claimedBy: z.string().nullable(),
  measuredAt: instant.nullable(),
  reconnectedAt: instant.nullable(),
};
export const disconnectionRow = z.strictObject(row).meta({ id: 'DisconnectionRow' });
export const disconnection = z
  .strictObject({ ...row, reconnectionOrder: reconnectionOrder.nullable() })
  .meta({ id: 'Disconnection' });
