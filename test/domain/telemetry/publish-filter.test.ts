import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { PublishFilter } from '../../../src/modules/telemetry/publish-filter.js';
import type { Published } from '../../../src/modules/telemetry/publish-filter.js';

const publish = (given: Partial<IPublishPacket>): IPublishPacket => ({
  cmd: 'publish',
  qos: 1,
  dup: false,
  retain: false,
  messageId: 7,
  topic: 'dt/v1/s1/T1/up/meas',
  payload: '{"ua":221.3}',
  ...given,
});
const bytesOf = (packet: Packet, protocolVersion: 4 | 5): Buffer => generate(packet, { protocolVersion });
const inWords = ({ topic, payload, retain, messageId }: Published) => ({
  topic,
  payload: payload.toString('latin1'),
  retain,
  messageId,
});

/** Sends the bytes in the given chunks; the filter rests after each message and is told to go on, as far as `restsAfter` says. */
async function filtered(chunks: readonly Buffer[], protocolVersion: 4 | 5, restsAfter = (_count: number) => false) {
  const taken: Published[] = [];
  const filter = new PublishFilter(protocolVersion, (message) => {
    taken.push(message);
    if (!restsAfter(taken.length)) return true;
    setImmediate(() => filter.resumeTaking());
    return false;
  });
  const forwarded: Buffer[] = [];
  filter.on('data', (chunk: Buffer) => forwarded.push(chunk));
  for (const chunk of chunks) filter.write(chunk);
  const ended = new Promise((done) => filter.once('end', done));
  filter.end();
  await ended;
  return { taken: taken.map(inWords), forwarded: Buffer.concat(forwarded) };
}

const messages = fc.record({
  topic: fc.constantFrom('dt/v1/s1/T1/up/meas', 'dt/v1/s1/变压器/up/event', 'x'),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 128, maxLength: 400 }),
    fc.constant(new Uint8Array(20_000)),
  ),
  qos: fc.constantFrom(0 as const, 1 as const),
  retain: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 65_535 }),
});
const others: Packet[] = [
  { cmd: 'pingresp' },
  { cmd: 'puback', messageId: 3 },
  { cmd: 'suback', messageId: 5, granted: [1, 1] },
];

describe('the filter between a broker and MQTT.js', () => {
  it('takes every PUBLISH of QoS 0 and 1 and leaves the rest byte for byte, wherever the stream is cut and the filter rests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(4 as const, 5 as const),
        fc.array(fc.oneof({ weight: 4, arbitrary: messages }, { weight: 1, arbitrary: fc.constantFrom(...others) }), {
          maxLength: 12,
        }),
        fc.array(fc.integer({ min: 0, max: 30_000 })),
        fc.integer({ min: 1, max: 5 }),
        async (version, packets, cuts, restEvery) => {
          const properties = { messageExpiryInterval: 60, userProperties: { maker: 'x'.repeat(200) } };
          const sent = packets.map((packet, index) =>
            'cmd' in packet
              ? packet
              : publish({
                  ...packet,
                  payload: Buffer.from(packet.payload),
                  ...(index % 2 === 0 ? { properties } : {}),
                }),
          );
          const bytes = Buffer.concat(sent.map((packet) => bytesOf(packet, version)));
          const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
          const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
          const { taken, forwarded } = await filtered(chunks, version, (count) => count % restEvery === 0);
          expect(taken).toEqual(
            sent
              .filter((packet) => packet.cmd === 'publish')
              .map(({ topic, payload, retain, qos, messageId }) => ({
                topic,
                payload: (payload as Buffer).toString('latin1'),
                retain,
                messageId: qos === 0 ? 0 : messageId,
              })),
          );
          const rest = sent.filter((packet) => packet.cmd !== 'publish').map((packet) => bytesOf(packet, version));
          expect(forwarded).toEqual(Buffer.concat(rest));
        },
      ),
    );
  });

  it.each([
    ['of QoS 2', bytesOf(publish({ qos: 2 }), 5)],
    ['with an alias in place of its topic', bytesOf(publish({ topic: '', properties: { topicAlias: 1 } }), 5)],
    ['of a QoS that does not exist', Buffer.from([0x36, 5, 0, 1, 0x78, 0, 1])],
    ['whose topic is longer than the packet', Buffer.from([0x32, 5, 0, 200, 0x78, 0, 1])],
    ['whose packet id is cut off', Buffer.from([0x32, 4, 0, 1, 0x78, 0])],
    ['whose properties are longer than the packet', Buffer.from([0x32, 7, 0, 1, 0x78, 0, 1, 100, 0])],
    ['whose properties have no length', Buffer.from([0x32, 5, 0, 1, 0x78, 0, 1])],
    ['of nothing', Buffer.from([0x30, 0])],
  ])('leaves a PUBLISH %s to MQTT.js', async (_what, bytes) => {
    const ping = Buffer.from([0xd0, 0]);
    expect(await filtered([bytes, ping], 5)).toEqual({ taken: [], forwarded: Buffer.concat([bytes, ping]) });
  });

  it('leaves bytes that cannot be a packet, and all after them, to MQTT.js', async () => {
    const bytes = Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff]), bytesOf(publish({}), 5)]);
    expect(await filtered([bytes.subarray(0, 3), bytes.subarray(3)], 5)).toEqual({ taken: [], forwarded: bytes });
  });

  it('reads nothing on while it rests', async () => {
    const taken: number[] = [];
    const filter = new PublishFilter(5, ({ messageId }) => taken.push(messageId) < 2);
    const bytes = [1, 2, 3, 4].map((messageId) => bytesOf(publish({ messageId }), 5));
    filter.write(Buffer.concat(bytes));
    await new Promise((done) => setImmediate(done));
    expect(taken).toEqual([1, 2]);
    filter.resumeTaking();
    await new Promise((done) => setImmediate(done));
    expect(taken).toEqual([1, 2, 3]);
    filter.destroy();
  });
});
