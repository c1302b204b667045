import { z } from 'zod';
import { isOfOurTime, NOT_OF_OUR_TIME } from '../../domain/reconnection/days.js';
import { DUNNING_RESULTS, DUNNING_STAGES, readDunningResult } from '../../domain/reconnection/dunning.js';
import { NOTICE_STATES } from '../../domain/notices/notice-kinds.js';
import { id, instant, instantInput } from '../http/fields.js';
import { CONTACT_ROLES } from './contacts.js';

const externalId = z.string().trim().min(1).max(100);
export const phone = z
  .string()
  .regex(/^\+?\d{5,15}$/, 'must be 5 to 15 digits, + in front allowed')
  .nullish()
  .transform((value) => value ?? null);

export const PROMISE_WITHOUT_RESULT = 'belongs to the result promised';

const stage = z.enum(DUNNING_STAGES);
const contactNumber = externalId.nullish().transform((value) => value ?? null);
export const dunningBody = z
  .strictObject({
    externalId: externalId.nullish().transform((value) => value ?? null),
    stage,
    at: instantInput,
    by: z.string().trim().min(1).max(100),
    result: z
      .string()
      .trim()
      .max(500)
      .default('')
      .meta({
        description: `One of ${DUNNING_RESULTS.join(', ')}; the collector's own words are read for one of them and kept as the note`,
      }),
    note: z.string().trim().max(500).default(''),
    promisedOn: z.iso
      .date()
      .refine(isOfOurTime, NOT_OF_OUR_TIME)
      .nullish()
      .transform((value) => value ?? null)
      .meta({ description: 'The day by which the customer promised to pay; until it is over the supply is not cut' }),
    contact: contactNumber.meta({ description: 'externalId of the contact that was called or written to' }),
    phone: phone.meta({ description: 'The number that was called or written to; left out = that of the contact' }),
    proof: z.string().trim().max(200).default('').meta({ description: 'Number of a message, a recording, a receipt' }),
  })
  .transform((body) => ({ ...body, ...readWords(body.result, body.note) }))
  .refine((body) => body.promisedOn === null || body.result === 'promised', {
    path: ['promisedOn'],
    message: PROMISE_WITHOUT_RESULT,
  });

/** A result in the collector's own words becomes one of the vocabulary, and the words stay as the note. */
export function readWords(words: string, note: string): { result: (typeof DUNNING_RESULTS)[number]; note: string } {
  const known = readDunningResult(words);
  const kept = words === '' || words.toLowerCase() === known ? [] : [words];
  return { result: known, note: [...kept, ...(note === '' ? [] : [note])].join('; ').slice(0, 1_000) };
}

export const sendBody = z.strictObject({
  externalId,
  contact: contactNumber.meta({ description: 'externalId of a contact to write to; left out = the customer' }),
});

/** What lists say of a step. */
export const step = {
  stage,
  at: instant,
  result: z
    .enum([...DUNNING_RESULTS, 'sending'])
    .meta({ description: 'sending: a message of the service that is on its way' }),
  promisedOn: z.string().nullable(),
};
export const dunningStep = z
  .strictObject({
    id,
    externalId: z.string().nullable(),
    accountNo: z.string(),
    ...step,
    by: z.string(),
    note: z.string(),
    contact: z.strictObject({ externalId: z.string(), role: z.enum(CONTACT_ROLES), name: z.string() }).nullable(),
    phone: z.string().nullable().meta({ description: 'masked unless the role may see personal data' }),
    proof: z.string(),
    message: z
      .strictObject({
        noticeId: id,
        state: z.enum(NOTICE_STATES),
        provider: z.string().nullable(),
        reference: z.string().nullable().meta({ description: "the provider's number of the message" }),
      })
      .nullable()
      .meta({ description: 'the message that the service sent' }),
  })
  .meta({ id: 'DunningStep' });
