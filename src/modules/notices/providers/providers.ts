import type { Config } from '../../../config.js';
import { HttpProvider } from './http/http.provider.js';
import { LogProvider } from './log/log.provider.js';
import type { SmsProvider } from './provider.js';

const MAKE: Record<Config['smsProviders'][number], (config: Config) => SmsProvider> = {
  log: () => new LogProvider(),
  http: (config) => new HttpProvider(config.smsHttpUrl ?? '', config.smsHttpToken),
};

/** The configured providers in fail-over order. Injected by this class. */
export class SmsProviders {
  constructor(readonly inOrder: readonly SmsProvider[]) {}

  static of(config: Config): SmsProviders {
    return new SmsProviders(config.smsProviders.map((name) => MAKE[name](config)));
  }

  get names(): string[] {
    return this.inOrder.map((provider) => provider.name);
  }

  byName(name: string): SmsProvider | null {
    return this.inOrder.find((provider) => provider.name === name) ?? null;
  }
}
