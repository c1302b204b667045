import { z } from 'zod';
import { count, hours, sourced } from './leaves.js';

/** The promise to restore after payment in full. */
export const reconnectionSection = z.strictObject({
  limitHours: hours,
  /** What the clock starts with: the customer paid, the utility had the money, or billing had settled arrears and penalty. */
  clockFrom: sourced(z.enum(['paid', 'received', 'cleared'])),
  /** Warn when these shares of the limit have passed. */
  warnAtShares: sourced(z.array(z.number().gt(0).lt(1)).min(1)),
  /** The forecast takes the pace of the area from restorations of so many hours... */
  paceHours: sourced(z.number().min(1).max(720)),
  /** ...and from so many restorations on. */
  paceRestorations: count,
});
