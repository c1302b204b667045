import { z } from 'zod';
import { count, hours, minutes } from './leaves.js';

/** When an outage that was over goes on. */
export const reopeningSection = z.strictObject({
  /** So long after supply was taken to be back, customers who say that it is not are heard. */
  windowHours: hours,
  /** So many different customers of a transformer that is not heard. */
  callers: count,
  /** Supply that goes again within this is the same trouble, not the next one. */
  returnMinutes: minutes,
});
