import { z } from 'zod';
import { count, share, sourced } from './leaves.js';

/** How likely an outage is to pass the long-outage limit, by the record of outages. */
export const outlookSection = z.strictObject({
  /** Outages that began within so many days count. */
  historyDays: sourced(z.number().min(1).max(5_000)),
  /** From fewer cases nothing is said. */
  minimumCases: count,
  /** From this probability on it is warned of. */
  warnShare: share,
});
