import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** A PUBLISH of QoS 0 or 1 as it came. */
export interface Published {
  readonly topic: string;
  /** A view into the bytes received. */
  readonly payload: Buffer;
  readonly retain: boolean;
  /** Packet id; 0 for QoS 0, which is never acknowledged. */
  readonly messageId: number;
}

const PUBLISH = 3;
const MAX_LENGTH_BYTES = 4;

/**
 * Stands between a broker's stream and MQTT.js: takes the PUBLISH packets out and hands them on at once, so that acknowledging them is
 * ours; everything else goes to MQTT.js byte for byte. MQTT.js would wait with each packet until the one before it is acknowledged, and
 * makes several objects of each. What is not plainly a PUBLISH of QoS 0 or 1 is left to MQTT.js to judge.
 * Packets: MQTT 3.1.1 §2.2, §3.3; MQTT 5 §2.2.2.2, §3.3.
 */
export class PublishFilter extends Transform {
  /** What is held of packets that are not handled yet; `missing` bytes more complete the first of them. */
  private pieces: Buffer[] = [];
  private missing = 0;
  private atRest: (() => void) | null = null;

  /** @param accept says whether it takes another one after this; if not, nothing more is read until `resumeTaking` */
  constructor(
    private readonly protocolVersion: 4 | 5,
    private readonly accept: (message: Published) => boolean,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.pieces.push(chunk);
    this.missing -= chunk.length;
    if (this.missing > 0) return done();
    const bytes = this.pieces.length === 1 ? chunk : Buffer.concat(this.pieces);
    this.pieces = [];
    this.advance(bytes, 0, done);
  }

  /** Goes on where `accept` said to stop. */
  resumeTaking(): void {
    const goOn = this.atRest;
    this.atRest = null;
    goOn?.();
  }

  private advance(bytes: Buffer, from: number, done: TransformCallback): void {
    let start = from;
    while (start < bytes.length) {
      const header = readLength(bytes, start + 1);
      if (header === null && bytes.length > start + MAX_LENGTH_BYTES) {
        this.push(bytes.subarray(start)); // no length at all
        break;
      }
      const end = header === null ? bytes.length + 1 : header.next + header.value;
      if (end > bytes.length) {
        this.pieces.push(bytes.subarray(start));
        this.missing = end - bytes.length;
        return done();
      }
      const message = readPublish(bytes, start, header?.next ?? 0, end, this.protocolVersion);
      if (message === null) this.push(bytes.subarray(start, end));
      start = end;
      if (message !== null && !this.accept(message)) {
        this.atRest = () => this.advance(bytes, start, done);
        return;
      }
    }
    this.missing = 0;
    done();
  }
}

/**
 * A variable byte integer: seven bits in each of at most four bytes, the lowest first.
 * @returns null when its end is not among the bytes
 */
function readLength(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 127) * 128 ** index;
    if (byte < 128) return { value, next: at + index + 1 };
  }
  return null;
}

/** The PUBLISH between `start` and `end` whose topic begins at `body`, or null when it is not one of QoS 0 or 1 with a topic. */
function readPublish(
  bytes: Buffer,
  start: number,
  body: number,
  end: number,
  protocolVersion: 4 | 5,
): Published | null {
  const flags = bytes[start] ?? 0;
  const qos = (flags >> 1) & 3;
  if (flags >> 4 !== PUBLISH || qos > 1 || body + 2 > end) return null;
  const topicBytes = bytes.readUInt16BE(body);
  const topicEnd = body + 2 + topicBytes;
  let payload = topicEnd + qos * 2;
  if (topicBytes === 0 || payload > end) return null;
  if (protocolVersion === 5) {
    // What is among the properties means nothing to the service; an alias in place of the topic was never offered.
    const properties = readLength(bytes, payload);
    if (properties === null) return null;
    payload = properties.next + properties.value;
    if (payload > end) return null;
  }
  return {
    topic: bytes.toString('utf8', body + 2, topicEnd),
    payload: bytes.subarray(payload, end),
    retain: (flags & 1) === 1,
    messageId: qos === 0 ? 0 : bytes.readUInt16BE(topicEnd),
  };
}
