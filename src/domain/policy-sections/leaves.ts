import { z } from 'zod';
import { readLimit } from '../limit.js';
import { readDayParts } from '../working-calendar.js';

/** Leaves of the policy: `{ value, source }` in the file, the plain value inside the service. */
export const sourced = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .strictObject({ value: schema, source: z.string().min(1) })
    .transform((leaf) => (leaf as { value: z.output<Schema> }).value);

export const volts = sourced(z.number().min(0).max(1000));
export const share = sourced(z.number().min(0).max(1));
export const minutes = sourced(z.number().min(0).max(100_000));
export const hours = sourced(z.number().min(0).max(10_000));
export const count = sourced(z.number().int().min(1).max(1_000_000));

/** A limit in elapsed or working time, as text: `24 hours`, `4 working days`. */
export const limit = sourced(
  z
    .string()
    .meta({ description: 'a limit such as 24 hours or 4 working days' })
    .transform((text, context) => {
      const found = readLimit(text);
      if (found !== null) return found;
      context.addIssue({ code: 'custom', message: 'is no limit' });
      return z.NEVER;
    }),
);

/** The working hours of a day: `['08:30-12:00', '14:30-18:00']`. */
export const dayParts = sourced(
  z
    .array(z.string().meta({ description: 'a part of a day such as 08:30-12:00, after the one before it' }))
    .min(1)
    .transform((texts, context) => {
      const parts = readDayParts(texts);
      if (parts !== null) return parts;
      context.addIssue({ code: 'custom', message: 'are no parts of a day' });
      return z.NEVER;
    }),
);
