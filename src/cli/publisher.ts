import type { MqttClient } from 'mqtt';
import { Fault } from '../fault.js';

/** How many messages may be on the way without the broker's word. */
const IN_FLIGHT = 400;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Publishes at QoS 1 for any number of terminals over a few connections. A terminal always uses the same connection, so its messages
 * keep their order; never more than IN_FLIGHT are unacknowledged, so memory stays flat however large the file is.
 */
export class Publisher {
  private inFlight = 0;
  private waiting: (() => void)[] = [];
  private failure: Error | null = null;
  published = 0;

  private constructor(private readonly clients: readonly MqttClient[]) {}

  /** @throws Fault `unavailable` when the broker does not answer */
  static async connect(
    url: string,
    connections = 1,
    credentials: { username?: string; password?: string } = {},
  ): Promise<Publisher> {
    const { connectAsync } = await import('mqtt'); // most calls of the command line publish nothing
    const clients: MqttClient[] = [];
    try {
      for (let n = 0; n < connections; n += 1) {
        // 3.1.1 is what every broker speaks; nothing here needs more.
        const client = await connectAsync(
          url,
          { ...credentials, protocolVersion: 4, connectTimeout: CONNECT_TIMEOUT_MS, reconnectPeriod: 500 },
          false,
        );
        client.on('error', () => undefined); // reconnects by itself; what was not acknowledged is sent again
        clients.push(client);
      }
    } catch (error) {
      for (const client of clients) client.end(true);
      throw new Fault(
        'unavailable',
        `No MQTT broker answers at ${url} (${(error as { code?: string }).code ?? (error as Error).message}). Start the service, or give the broker's address with --mqtt.`,
        { cause: error },
      );
    }
    return new Publisher(clients);
  }

  /** Hands a message over; waits while too many are on the way. `lane` picks the connection. */
  async publish(topic: string, payload: string, options: { lane?: number; retain?: boolean } = {}): Promise<void> {
    while (this.inFlight >= IN_FLIGHT && this.failure === null) await new Promise<void>((go) => this.waiting.push(go));
    if (this.failure !== null) throw this.failure;
    const client = this.clients[(options.lane ?? 0) % this.clients.length];
    if (client === undefined) throw new Error('the publisher has no connection');
    this.inFlight += 1;
    client.publish(topic, payload, { qos: 1, retain: options.retain ?? false }, (error) => {
      this.inFlight -= 1;
      if (error) this.fail(new Fault('unavailable', `The broker refused a message on ${topic}: ${error.message}`));
      else this.published += 1;
      this.waiting.shift()?.();
      if (this.inFlight === 0) for (const go of this.waiting.splice(0)) go();
    });
  }

  /** Subscribes on the first connection; for commands to terminals. */
  async listen(filter: string, heard: (topic: string, payload: Buffer) => void): Promise<void> {
    const client = this.clients[0];
    client?.on('message', heard);
    await client?.subscribeAsync(filter, { qos: 1 });
  }

  /** Waits until the broker has acknowledged everything. */
  async drain(): Promise<void> {
    while (this.inFlight > 0 && this.failure === null) await new Promise<void>((go) => this.waiting.push(go));
    if (this.failure !== null) throw this.failure;
  }

  /** Everything that waits here, and comes later, ends with this error: the broker will not come back, or nobody wants it any more. */
  fail(error: Error): void {
    this.failure ??= error;
    for (const go of this.waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.endAsync(this.failure !== null)));
  }
}
