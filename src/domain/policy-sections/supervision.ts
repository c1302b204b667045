import { z } from 'zod';
import { SUPERVISED_KINDS } from '../supervision/supervision.js';
import { hours, sourced } from './leaves.js';

/** Supervision orders (督办单). */
export const supervisionSection = z.strictObject({
  /** The warnings that open one. */
  openOn: sourced(z.array(z.enum(SUPERVISED_KINDS)).min(1)),
  /** From the order to the first reply, and from one progress reply to the next. */
  replyHours: hours,
  progressHours: hours,
  /** A reminder comes after this share of the time to reply. */
  remindAtShare: sourced(z.number().gt(0).lt(1)),
  /** Who is told when no reply comes, so many hours after it was due; in the order of time. */
  escalation: sourced(
    z
      .array(
        z.strictObject({ afterHours: z.number().min(0).max(1_000), to: z.string().min(1), toEn: z.string().min(1) }),
      )
      .min(1)
      .max(9),
  ),
  /** A complaint counts as cured when the customer has not complained of the same matter again for so long. */
  noRepeatDays: sourced(z.number().min(1).max(365)),
});
