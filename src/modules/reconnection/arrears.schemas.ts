import { z } from 'zod';
import { isOfOurTime, NOT_OF_OUR_TIME } from '../../domain/reconnection/days.js';
import { PROTECTION_KINDS } from '../../domain/reconnection/cut-facts.js';
import { DUNNING_STAGES } from '../../domain/reconnection/dunning.js';
import { id, instant, instantInput } from '../http/fields.js';
import { CONTACT_ROLES } from './contacts.js';
import { accountNo, cutFinding } from './disconnections.schemas.js';
import { phone, step } from './dunning.schemas.js';

const externalId = z.string().trim().min(1).max(100);
/** Yuan, to the cent. */
const amount = z.number().min(0).max(9_999_999_999).multipleOf(0.01);
const optionalInstant = instantInput.nullish().transform((value) => value ?? null);

export const arrearsBody = z.strictObject({
  accountNo,
  amount,
  dueOn: z.iso.date().refine(isOfOurTime, NOT_OF_OUR_TIME).meta({ description: 'The last day of payment' }),
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

const contactFields = {
  externalId: z.string(),
  role: z.enum(CONTACT_ROLES),
  name: z.string(),
  phone: z.string().nullable(),
  validFrom: instant,
  validTo: instant.nullable(),
  source: z.string().meta({ description: 'where it is known from' }),
};
export const contact = z.strictObject({ accountNo: z.string(), ...contactFields }).meta({ id: 'CustomerContact' });
export const contactBody = z.strictObject({
  externalId,
  role: z.enum(CONTACT_ROLES),
  name: z.string().trim().min(1).max(200),
  phone,
  validFrom: instantInput,
  validTo: optionalInstant,
  source: z.string().trim().max(200).default(''),
});

const words = z.strictObject({ zh: z.string(), en: z.string() });
export const accountInArrears = z
  .strictObject({
    accountNo: z.string(),
    name: z.string(),
    transformerCode: z.string(),
    area: z.string(),
    category: z.string(),
    amount: z.number().meta({ description: 'yuan, of all unpaid overdue bills' }),
    bills: z.number().int(),
    oldestDueOn: z.string(),
    overdueDays: z.number().int(),
    sms: z.boolean().meta({ description: 'a message reaches the customer; otherwise somebody phones (call list)' }),
    dunning: z.array(z.strictObject(step)).meta({ description: 'the newest step of each level since the due day' }),
    next: z.strictObject({
      step: z.enum([...DUNNING_STAGES, 'notice', 'cut']),
      from: z.string().meta({ description: 'the first day on which it may be taken' }),
      blockedBy: z.array(words).meta({ description: 'empty = it may be taken now' }),
    }),
    cutBlockedBy: z
      .array(cutFinding)
      .meta({ description: 'what stands against a cut today whatever notices are served' }),
    plannedCut: z.strictObject({ disconnectionId: id, plannedAt: instant }).nullable(),
    mobile: z.string().nullable(),
    landline: z.string().nullable(),
    contacts: z.array(z.strictObject(contactFields)),
  })
  .meta({ id: 'AccountInArrears' });

export const protectionBody = z
  .strictObject({
    externalId,
    kind: z.enum(PROTECTION_KINDS),
    accountNo: accountNo.nullish().transform((value) => value ?? null),
    area: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .nullish()
      .transform((value) => value ?? null),
    validFrom: instantInput,
    validTo: optionalInstant.meta({ description: 'Left out: until it is lifted, by sending it again with its end' }),
    reason: z.string().trim().max(500).default(''),
  })
  .refine((body) => body.accountNo === null || body.area === null, {
    path: ['area'],
    message: 'names an area beside an account; name one of them, or none for everywhere',
  });
export const protection = z
  .strictObject({
    id,
    externalId: z.string(),
    kind: z.enum(PROTECTION_KINDS),
    accountNo: z.string().nullable(),
    area: z.string().nullable().meta({ description: 'null without an account: everywhere' }),
    validFrom: instant,
    validTo: instant.nullable(),
    reason: z.string(),
    recordedBy: z.string(),
    recordedAt: instant,
  })
  .meta({ id: 'CutProtection' });
