import { MqttClient } from 'mqtt';
import type { IClientOptions } from 'mqtt';
import tcp from 'mqtt/lib/connect/tcp';
import tls from 'mqtt/lib/connect/tls';
import ws from 'mqtt/lib/connect/ws';
import { PublishFilter } from './publish-filter.js';
import type { Published } from './publish-filter.js';

type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss';

export interface ConnectionOptions {
  urls: readonly string[];
  clientId: string;
  username: string | null;
  password: string | null;
  tls: { ca: Buffer | null; cert: Buffer | null; key: Buffer | null };
  /** Topic filters; subscribed at QoS 1 when the broker has no session of ours. */
  filters: readonly string[];
  /** Most messages in flight (MQTT 5 receive maximum). */
  windowMessages: number;
  /** Queues the messages are dealt to, all of one terminal to the same one. */
  partitions: number;
  /** 5, or 4 (= 3.1.1) for brokers that know no 5. */
  protocolVersion: 4 | 5;
}

/** MQTT.js's own ways to open a stream; its `connect()` would choose among them, but lets nobody stand between. */
const OPEN = { mqtt: tcp.default, mqtts: tls.default, ws: ws.streamBuilder, wss: ws.streamBuilder };
const STANDARD_PORT = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };

/**
 * Connects to the brokers in turn, again and again. MQTT.js sees no PUBLISH: they go to `accept`, with the stream they came on.
 * @param accept says whether it takes another one after this; if not, the stream rests until the filter is told to resume
 */
export function connectFiltered(
  options: ConnectionOptions,
  accept: (message: Published, filter: PublishFilter, stream: MqttClient['stream']) => boolean,
): MqttClient {
  let attempts = 0;
  return new MqttClient((client) => {
    const url = new URL(options.urls[attempts++ % options.urls.length] ?? 'mqtt://127.0.0.1');
    const protocol = url.protocol.slice(0, -1) as Scheme;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? STANDARD_PORT[protocol] : Number(url.port);
    const path = protocol.startsWith('ws') ? { path: url.pathname } : {};
    const stream = OPEN[protocol](client, { ...clientOptions(options), protocol, host, hostname: host, port, ...path });
    const filter: PublishFilter = new PublishFilter(options.protocolVersion, (message) =>
      accept(message, filter, stream),
    );
    const pipe = stream.pipe.bind(stream) as (filter: PublishFilter) => PublishFilter;
    stream.pipe = (mqtt) => pipe(filter).pipe(mqtt);
    return stream;
  }, clientOptions(options));
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  const { ca, cert, key } = options.tls;
  return {
    clientId: options.clientId,
    ...(options.username === null ? {} : { username: options.username }),
    ...(options.password === null ? {} : { password: options.password }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    protocolVersion: options.protocolVersion,
    clean: false,
    resubscribe: false,
    keepalive: 30,
    reconnectPeriod: 1_000,
    connectTimeout: 10_000,
    ...(options.protocolVersion === 5
      ? {
          properties: {
            sessionExpiryInterval: 86_400 * 7,
            receiveMaximum: Math.min(options.windowMessages, 65_535),
            maximumPacketSize: 128 * 1024,
          },
        }
      : {}),
  };
}
