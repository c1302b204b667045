import { z } from 'zod';
import { SUPERVISED_KINDS } from '../supervision/causes.js';
import { SEVERITIES } from '../warnings/warning.js';
import { hours, sourced } from './leaves.js';

/** Supervision orders (督办单). */
export const supervisionSection = z.strictObject({
  /** The warnings that open one. */
  openOn: sourced(z.array(z.enum(SUPERVISED_KINDS)).min(1)),
  /** Lesser ones do not; an outage that is known to last too long does in any case. */
  fromSeverity: sourced(z.enum(SEVERITIES)),
  /** From the order to the first reply, and from one progress reply to the next. */
  replyHours: hours,
  progressHours: hours,
  /** A reminder comes after this share of the time to reply. */
  remindAtShare: sourced(z.number().gt(0).lt(1)),
  /** Without a reply the order is taken further: when it was due (stage `due`), and again so many hours later (`level2`, `level3`). */
  escalateAfterHours: sourced(z.array(z.number().gt(0).max(1_000)).max(8)),
  /** A complaint counts as cured when the customer has not complained of the same matter again for so long. */
  noRepeatDays: sourced(z.number().min(1).max(365)),
});
