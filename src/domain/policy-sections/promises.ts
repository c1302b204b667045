import { z } from 'zod';
import { ROLES } from '../escalation.js';
import { dayParts, limit, sourced } from './leaves.js';

/** What all promises have in common. */
export const promisesSection = z.strictObject({
  /** Of a working day. Which days work stands in the calendars, one for each year (`/calendars/{year}`). */
  workingHours: dayParts,
  /** Kinds of deadlines whose clock may be stopped, with a reason and evidence. Every other kind refuses. */
  pausableKinds: sourced(z.array(z.string().min(1))),
  /** To whom a stage is taken when it fires. `kind: '*'` = every kind that has no line of its own for this stage. */
  escalation: sourced(
    z.array(z.strictObject({ kind: z.string().min(1), stage: z.string().min(1), role: z.enum(ROLES) })),
  ),
});

/** What is promised to who complains. */
export const complaintPromisesSection = z.strictObject({
  /** From the complaint to the first word with the customer. */
  contact: limit,
  /** From the complaint to the answer, by the channel it came by. */
  answer: z.strictObject({ hotline: limit, online: limit, regulator: limit, government: limit, media: limit }),
  /** Warn when these shares of a limit have passed. */
  warnAtShares: sourced(z.array(z.number().gt(0).lt(1))),
  /** A complaint that is recorded later than this after it was received is history: nothing is promised any more. */
  historyDays: sourced(z.number().min(1).max(3_650)),
});
