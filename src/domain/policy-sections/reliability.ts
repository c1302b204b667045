import { z } from 'zod';
import { sourced } from './leaves.js';

/** What the reliability figures rest on, besides the limits of an outage. */
export const reliabilitySection = z.strictObject({
  /** Calendar years before a year whose days make its threshold of major event days. */
  majorEventYears: sourced(z.number().int().min(1).max(10)),
  /** The threshold lies so many standard deviations of the logarithms above their mean. */
  majorEventBetas: sourced(z.number().min(0.5).max(5)),
});
