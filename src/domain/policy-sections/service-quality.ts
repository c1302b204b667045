import { z } from 'zod';
import { count, sourced } from './leaves.js';

const weight = sourced(z.number().min(0).max(1));

/** How crews, units and agents are rated (评星). The formula is printed with every report. */
export const serviceQualitySection = z.strictObject({
  /** Weights of the parts; parts that cannot be told, or of too few cases, are left out and the others carry their weight. */
  weights: z.strictObject({
    dispatch: weight,
    passOn: weight,
    arrival: weight,
    time: weight,
    firstFix: weight,
    callback: weight,
    satisfaction: weight,
  }),
  /** Shares of the full score from which there are 2, 3, 4 and 5 stars. */
  starsFrom: sourced(z.array(z.number().gt(0).max(1)).length(4)),
  /** A part of fewer cases is not rated. */
  minimumCases: count,
  /** Expected times are taken from as many days before the report's end... */
  referenceDays: sourced(z.number().int().min(30).max(1_100)),
  /** ...and from so many like cases at least; else from a wider group. */
  likeCases: count,
  /** So many other open orders of the area make a busy time, so many a storm. */
  busyFrom: count,
  stormFrom: count,
  /** A fault that is reported again within this time was not fixed. */
  fixedDays: sourced(z.number().min(0).max(90)),
});
