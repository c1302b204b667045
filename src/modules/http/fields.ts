import { z } from 'zod';
import { formatInstant, parseInstant } from '../../domain/instants.js';

/** The last instant with a year of four digits; RFC 3339 has no others. */
export const LATEST_MS = Date.UTC(9999, 11, 31);
/** Zones have whole minutes since then, and nothing here is older. */
const EARLIEST_MS = Date.UTC(1902, 0, 1);

/** An instant given by a caller: RFC 3339 (without a zone = the utility's zone) or epoch milliseconds. Parsed to epoch milliseconds. */
export const instantInput = z
  .union([z.number().int(), z.string()])
  .transform((value, context) => {
    const epochMs = typeof value === 'number' ? value : /^\d{12,}$/.test(value) ? Number(value) : parseInstant(value);
    if (epochMs !== null && epochMs >= EARLIEST_MS && epochMs <= LATEST_MS) return epochMs;
    context.addIssue({
      code: 'custom',
      message:
        'must be an instant of the years 1902 to 9999: RFC 3339 text such as 2026-11-21T08:00:00+08:00, or epoch milliseconds',
    });
    return z.NEVER;
  })
  .meta({ description: 'RFC 3339 (utility time zone when it names none) or epoch milliseconds' });

/** An instant in an answer. Handlers give epoch milliseconds; the text is made here. */
export const instant = z
  .number()
  .transform(formatInstant)
  .pipe(z.string())
  .meta({
    description: 'RFC 3339 with the offset of the utility time zone',
    format: 'date-time',
    examples: ['2026-11-21T19:18:17.250+08:00'],
  });

export const id = z.number().int();

/** A path or query parameter that names a row. */
export const idParameter = z.coerce.number().int().positive();

/** `?name=true`. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** `?limit=&cursor=` of every list. */
export const paging = { limit: z.coerce.number().int().min(1).max(500).default(50), cursor: z.string().optional() };

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** A note by a person; kept short enough to be read. */
export const note = z.string().trim().max(2_000);
