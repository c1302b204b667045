import type { MqttClient } from 'mqtt';
import { connectFiltered } from './mqtt-connection.js';
import type { ConnectionOptions } from './mqtt-connection.js';
import type { PublishFilter } from './publish-filter.js';
import type { ReceivedMessage } from './received-message.js';

/** A message that is held until its batch is committed, with what its acknowledgement needs. */
export interface HeldMessage extends ReceivedMessage {
  /** Packet id; 0 for QoS 0, which is never acknowledged. */
  messageId: number;
  /** The connection it came on. Packet ids mean nothing on another one. */
  stream: MqttClient['stream'];
}

const PUBACK = 0x40;
/** Each PUBACK is four bytes: type, remaining length 2, packet id. MQTT 3.1.1 §3.4; MQTT 5 §3.4.2.1 allows leaving out reason code 0. */
const PUBACK_BYTES = 4;

export interface ConnectionEvents {
  /** May throw nothing. */
  received(): void;
  connected(): void;
  /** Each trouble, in words. */
  trouble(message: string): void;
  /** The broker speaks no MQTT 5; the caller starts again with 3.1.1. */
  versionRefused(): void;
}

/**
 * One persistent connection to the broker that acknowledges messages only when told to, many at once.
 *
 * The window is the back-pressure: while nothing is acknowledged the broker stops sending after `windowMessages`. Brokers without a
 * working window (3.1.1 defaults, aedes, mosquitto before 2.0.13) are stopped by not reading from the socket beyond `windowMessages`.
 */
export class AcknowledgingClient {
  private readonly queues: HeldMessage[][];
  private readonly client: MqttClient;
  private parked: PublishFilter | null = null;
  private draining = false;
  private outstanding = 0;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly events: ConnectionEvents,
    private readonly now: () => number,
  ) {
    this.queues = Array.from({ length: options.partitions }, () => []);
    this.client = connectFiltered(options, (message, filter, stream) => {
      const { topic, payload, retain, messageId } = message;
      const held = { topic, payload, retain, messageId, receivedAt: this.now(), stream };
      this.queues[partitionOf(topic, options.partitions)]?.push(held);
      this.outstanding += 1;
      this.events.received();
      // Reading stops here when too much is held; PINGRESP waits behind it, so a broker with a real window is never read into this.
      const goesOn = !this.draining && this.outstanding < options.windowMessages * 2;
      if (!goesOn) this.parked = filter;
      return goesOn;
    });
    this.client.on('error', (error) => {
      const { code } = error as { code?: unknown };
      // 1 = unacceptable protocol version (3.1.1), 132 = unsupported protocol version (5)
      if (options.protocolVersion === 5 && (code === 1 || code === 132)) this.events.versionRefused();
      else this.events.trouble(describe(error));
    });
    this.client.on('connect', (connack) => {
      if (connack.sessionPresent) this.events.connected();
      else this.subscribe();
    });
  }

  get connected(): boolean {
    return this.client.connected;
  }

  /** Messages received and not yet acknowledged. */
  get unacknowledged(): number {
    return this.outstanding;
  }

  /** Messages of a partition that wait to be taken. */
  waiting(partition: number): number {
    return this.queues[partition]?.length ?? 0;
  }

  /** Takes up to `limit` waiting messages of a partition, oldest first. */
  take(partition: number, limit: number): HeldMessage[] {
    return this.queues[partition]?.splice(0, limit) ?? [];
  }

  /** Puts messages back that could not be committed, before the others. */
  putBack(partition: number, messages: readonly HeldMessage[]): void {
    this.queues[partition]?.unshift(...messages);
  }

  /** Acknowledges committed messages in one write, those that came on the connection that is still there. Others come again and are duplicates. */
  acknowledge(messages: readonly HeldMessage[]): void {
    this.outstanding -= messages.length;
    if (this.client.connected) {
      const { stream } = this.client;
      const bytes = Buffer.allocUnsafe(messages.length * PUBACK_BYTES);
      let length = 0;
      for (const message of messages) {
        if (message.messageId === 0 || message.stream !== stream) continue;
        bytes[length] = PUBACK;
        bytes[length + 1] = 2;
        bytes.writeUInt16BE(message.messageId, length + 2);
        length += PUBACK_BYTES;
      }
      if (length > 0) stream.write(bytes.subarray(0, length));
    }
    if (this.parked !== null && !this.draining && this.outstanding <= this.options.windowMessages) {
      const filter = this.parked;
      this.parked = null;
      filter.resumeTaking();
    }
  }

  /** Publishes at QoS 1; settles when the broker has it. */
  async publish(topic: string, payload: string, expirySeconds: number): Promise<void> {
    if (!this.client.connected) throw new Error('not connected to the broker');
    const properties =
      this.options.protocolVersion === 5 ? { properties: { messageExpiryInterval: expirySeconds } } : {};
    await this.client.publishAsync(topic, payload, { qos: 1, ...properties });
  }

  /** Stops reading; what is held stays to be taken and acknowledged. */
  drain(): void {
    this.draining = true;
  }

  /** Says goodbye after what was written has left; the session and its queue stay with the broker. */
  async end(): Promise<void> {
    if (!this.client.connected) {
      await this.client.endAsync(true);
      return;
    }
    await new Promise<void>((done) => this.client.stream.write(Buffer.alloc(0), () => done()));
    await this.client.endAsync(this.parked !== null);
  }

  private subscribe(): void {
    this.client.subscribe([...this.options.filters], { qos: 1 }, (error, granted) => {
      // A refusal is an answer, not an error: reason codes from 128 on.
      const refused = (granted ?? []).filter((grant) => grant.qos >= 128).map((grant) => grant.topic);
      if (error !== null && refused.length === 0) {
        this.events.trouble(`the broker did not take the subscription: ${describe(error)}`);
        this.client.reconnect();
        return;
      }
      if (refused.length > 0)
        this.events.trouble(
          `the broker refuses the subscription to ${refused.join(', ')}; allow it to this client in the broker's access list`,
        );
      this.events.connected();
    });
  }
}

/**
 * The queue of a topic: by the last character of its last level but two, which is the terminal in `…/{terminal}/up/{kind}`. Any function
 * of the topic would be correct; this one keeps all kinds of one terminal together and costs nothing.
 */
function partitionOf(topic: string, partitions: number): number {
  const beforeKind = topic.lastIndexOf('/');
  const beforeUp = topic.lastIndexOf('/', beforeKind - 1);
  return topic.charCodeAt(Math.max(0, beforeUp - 1)) % partitions;
}

function describe(error: Error): string {
  const { code, message } = error as Error & { code?: unknown };
  if (code === 'ECONNREFUSED') return 'nothing listens at the broker address';
  if (code === 4 || code === 134 || code === 5 || code === 135)
    return 'the broker refuses the user name, password or certificate (MQTT_USERNAME, MQTT_PASSWORD, MQTT_CERT_FILE)';
  if (message !== '') return message;
  return typeof code === 'string' ? code : String(error);
}
