import { z } from 'zod';

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
