import { readFileSync } from 'node:fs';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Config } from '../../config.js';
import { FOREIGN_FILTERS } from '../../domain/telemetry/decode.js';
import { Fault } from '../../fault.js';
import { AcknowledgingClient } from './acknowledging-client.js';
import { BatchWriter } from './batch-writer.js';
import { EmbeddedBroker } from './embedded-broker.js';
import { Intake, INTAKE } from './intake.js';
import type { ConnectionOptions } from './mqtt-connection.js';
import { SessionMetrics } from './session.metrics.js';

/** Messages in flight per connection. Rate <= window / (fill + commit time): 5,000 at 50 ms is 100,000 a second. */
const WINDOW_MESSAGES = 5_000;
const DRAIN_PATIENCE_MS = 20_000;

type Lane = 'live' | 'backfill';

/**
 * The service's place at the broker: two persistent connections, one for live messages and one for backfill, whose messages are
 * committed in batches and acknowledged afterwards. Starts the embedded broker when MQTT_URL is not set.
 */
@Injectable()
export class MqttSession implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('mqtt');
  private broker: EmbeddedBroker | null = null;
  private readonly clients = new Map<Lane, AcknowledgingClient>();
  private readonly intake: Intake;
  private readonly troubles = new Map<Lane, string>();
  private protocolVersion: 4 | 5 = 5;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly metrics: SessionMetrics,
    writer: BatchWriter,
  ) {
    this.intake = new Intake(
      () => [...this.clients.values()],
      (messages, signal) => writer.write(messages, signal),
      (error) => this.logger.error(`a batch failed and is tried again: ${String(error)}`, (error as Error).stack),
    );
  }

  /** True while every connection this role needs stands. Without the ingest role nothing is needed. */
  get connected(): boolean {
    return (
      !this.config.roles.has('ingest') ||
      (this.clients.size > 0 && [...this.clients.values()].every((client) => client.connected))
    );
  }

  /** The last trouble with the broker in words, or null. */
  get trouble(): string | null {
    return [...this.troubles.values()][0] ?? null;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.has('ingest')) return;
    if (this.config.mqttUrls === null) {
      this.broker = await EmbeddedBroker.start(
        this.config.host,
        this.config.embeddedMqttPort,
        this.config.mqttClientId,
      );
      this.logger.log(`embedded broker on ${this.broker.url}`);
      this.protocolVersion = 4; // aedes speaks 3.1.1
    }
    this.metrics.watch(
      () => [...this.clients.values()].reduce((sum, client) => sum + client.unacknowledged, 0),
      () => this.connected,
    );
    this.connect();
    this.intake.start();
  }

  /** What is held is committed and acknowledged; then the connections end and their sessions stay at the broker. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.clients.size === 0) return;
    for (const client of this.clients.values()) client.drain();
    await this.intake.stop(DRAIN_PATIENCE_MS);
    await Promise.all([...this.clients.values()].map((client) => client.end()));
    await this.broker?.stop();
  }

  /** Publishes to terminals at QoS 1. @throws when not connected */
  async publish(topic: string, payload: string, expirySeconds: number): Promise<void> {
    const live = this.clients.get('live');
    if (live === undefined) throw new Error('not connected to the broker');
    await live.publish(topic, payload, expirySeconds);
  }

  private connect(): void {
    const { mqttTopicPrefix: prefix, mqttShards: shards, mqttShareGroup: group } = this.config;
    const share = group === null ? '' : `$share/${group}/`;
    const filters = (kinds: readonly string[]): string[] =>
      shards.flatMap((shard) => kinds.map((kind) => `${share}${prefix}/${shard}/+/up/${kind}`));
    // The vendors' topics have no shard level; only a replica that takes everything subscribes to them.
    const foreign = shards.includes('+') ? FOREIGN_FILTERS.map((filter) => `${share}${filter}`) : [];
    this.open('live', this.config.mqttClientId, [...filters(['meas', 'event', 'state', 'reply']), ...foreign]);
    this.open('backfill', `${this.config.mqttClientId}-backfill`, filters(['backfill']));
  }

  private open(lane: Lane, clientId: string, filters: readonly string[]): void {
    const client = new AcknowledgingClient(
      { ...this.connection(), clientId, filters },
      {
        received: () => this.intake.wake(),
        connected: () => {
          this.troubles.delete(lane);
          this.logger.log(`${lane} messages: connected as ${clientId}`);
        },
        trouble: (message) => {
          if (this.troubles.get(lane) !== message) this.logger.warn(`${lane} messages: ${message}; trying again`);
          this.troubles.set(lane, message);
        },
        versionRefused: () => this.fallBack(),
      },
      () => this.clock.now(),
    );
    this.clients.set(lane, client);
  }

  /** The broker knows no MQTT 5: both connections start again with 3.1.1. Nothing was received yet. */
  private fallBack(): void {
    if (this.protocolVersion === 4) return;
    this.protocolVersion = 4;
    this.logger.warn(
      'the broker does not speak MQTT 5; using 3.1.1, whose window is set at the broker (max_inflight_messages)',
    );
    const old = [...this.clients.values()];
    this.clients.clear();
    for (const client of old) void client.end();
    this.connect();
  }

  private connection(): Omit<ConnectionOptions, 'clientId' | 'filters'> {
    const { config, broker } = this;
    const read = (file: string | null, setting: string): Buffer | null => {
      if (file === null) return null;
      try {
        return readFileSync(file);
      } catch (error) {
        throw new Fault(
          'misconfigured',
          `${setting} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`,
          { cause: error },
        );
      }
    };
    return {
      urls: config.mqttUrls ?? [broker?.url ?? ''],
      username: broker === null ? config.mqttUsername : 'lamplighter',
      password: broker === null ? config.mqttPassword : broker.ownPassword,
      tls: {
        ca: read(config.mqttCaFile, 'MQTT_CA_FILE'),
        cert: read(config.mqttCertFile, 'MQTT_CERT_FILE'),
        key: read(config.mqttKeyFile, 'MQTT_KEY_FILE'),
      },
      windowMessages: WINDOW_MESSAGES,
      partitions: INTAKE.partitions,
      protocolVersion: this.protocolVersion,
    };
  }
}
