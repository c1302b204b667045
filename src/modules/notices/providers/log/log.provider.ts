import { Logger } from '@nestjs/common';
import type { Outcome } from '../../../../domain/notices/delivery.js';
import { maskNumber } from '../../../../domain/masking.js';
import type { Message, SmsProvider } from '../provider.js';

/** Sends nothing: writes each message into the service's log. For trying out, and for a utility that has no gateway yet. */
export class LogProvider implements SmsProvider {
  readonly name = 'log';
  readonly idempotent = true; // a line twice tells nobody anything twice
  private readonly logger = new Logger('sms');

  async send(message: Message): Promise<Outcome> {
    this.logger.log(`#${message.id} to ${maskNumber(message.to) ?? ''} (${message.segments} SMS): ${message.text}`);
    return { result: 'accepted', reference: `log-${message.id}` };
  }
}
