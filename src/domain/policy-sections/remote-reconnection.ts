import { z } from 'zod';
import { minutes, sourced } from './leaves.js';

/** Closing a customer's switch from afar, where the register says that there is a remote switch. */
export const remoteReconnectionSection = z.strictObject({
  enabled: sourced(z.boolean()),
  /** Not confirmed within this: a crew goes, and the command has expired. */
  limitMinutes: minutes,
  /** The same command is sent again after these pauses without an answer. */
  retrySeconds: sourced(z.array(z.number().min(1).max(3_600))),
  /** Customers of these categories must say that it is safe before the command is sent, unless they agreed otherwise. */
  askCategories: sourced(z.array(z.enum(['residential', 'commercial', 'industrial', 'important']))),
  /** Nobody acknowledged within this: a crew goes. */
  acknowledgementMinutes: minutes,
});
