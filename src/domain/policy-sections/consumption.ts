import { z } from 'zod';
import { count, sourced } from './leaves.js';

/** Monthly energy: customers who use nothing, and homes that use far more than they did and than their neighbours do. */
export const consumptionSection = z.strictObject({
  /** So many counted months at zero. */
  zeroMonths: sourced(z.number().int().min(1).max(36)),
  /** A month counts as zero up to this many kWh (what the meter itself and its rounding show). */
  zeroUpToKwh: sourced(z.number().min(0).max(50)),
  /** A month counts only when the customer could have used power on so many of its days. */
  usableDays: sourced(z.number().min(1).max(31)),
  /** Above this multiple of the customer's own usual month... */
  ownFactor: sourced(z.number().min(1).max(100)),
  /** ...and of the usual month of the homes on the same transformer. */
  neighbourFactor: sourced(z.number().min(1).max(100)),
  /** Less than this a month is never abnormal. */
  abnormalFromKwh: sourced(z.number().min(0).max(100_000)),
  /** Below so many months of history, or so many neighbours, nothing is said. */
  historyMonths: count,
  neighbours: count,
});
