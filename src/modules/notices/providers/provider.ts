import type { Outcome } from '../../../domain/notices/delivery.js';

export interface Message {
  /** Our number of the notice: the provider's key against doubles. */
  id: number;
  to: string;
  text: string;
  segments: number;
}

/** A way to send short messages. A new one = a folder beside the others, a name in SMS_PROVIDERS and a line in `providers.ts`. */
export interface SmsProvider {
  readonly name: string;
  /** The provider takes a message with the same id once, however often it is sent. */
  readonly idempotent: boolean;
  /** Never throws for what a network or a provider does; that is an outcome. Ends by itself within a minute. */
  send(message: Message): Promise<Outcome>;
}
