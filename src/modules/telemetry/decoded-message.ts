import type { Decoded } from '../../domain/telemetry/decoded.js';
import type { ReceivedMessage } from './received-message.js';

/** One message and what it says. */
export interface DecodedMessage {
  readonly message: ReceivedMessage;
  readonly parts: readonly Decoded[];
}
