import { z } from 'zod';
import { count, hours, minutes, sourced } from './leaves.js';

/** One number for each kind of place: 城市, 农村, 特殊边远. */
const bySetting = <Leaf extends z.ZodType>(leaf: Leaf) => z.strictObject({ urban: leaf, rural: leaf, remote: leaf });

/** Fault reports and the crew's way from the call to the call back (五个电话闭环). */
export const repairsSection = z.strictObject({
  /** From the report to the order's dispatch to a crew. */
  dispatchMinutes: minutes,
  /** From the report to the crew on site: what the utility promises, and what the regulation demands. Two clocks, never one. */
  arrivalPromiseMinutes: bySetting(minutes),
  arrivalRegulationMinutes: bySetting(minutes),
  /** From arrival to supply restored. */
  restorationHours: bySetting(hours),
  /** From supply restored to the call back. */
  callbackHours: hours,
  /** A customer who was not reached is called so often in all. */
  callbackAttempts: count,
  /** Each clock has a stage before its limit: after this share of it. */
  warnAtShare: sourced(z.number().gt(0).lt(1)),
  /** Reports from one transformer this close together, none of a single premises, are one job. */
  sameJobMinutes: minutes,
  /** Opinions and suggestions: from the customer's confirmation to the responsible unit. */
  passOnMinutes: minutes,
});
