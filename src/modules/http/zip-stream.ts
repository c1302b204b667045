import { pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** One file of an archive. Its text is asked for when its turn comes, piece by piece. */
export interface ZipEntry {
  name: string;
  content: Iterable<string> | AsyncIterable<string>;
}

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
/** Deflate needs version 2.0. */
const VERSION = 20;
/** Sizes follow the data (bit 3); names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATED = 8;

/**
 * A ZIP archive (PKWARE APPNOTE 6.3) of deflated files, written as it is read: memory does not grow with the content, and the
 * compression runs in Node's thread pool, not in the event loop.
 * @param madeAt epoch milliseconds; archives hold local time
 * @throws RangeError when a file or the archive passes 4 GiB, which this form (without ZIP64) cannot hold
 */
export async function* zip(
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  madeAt: number,
): AsyncGenerator<Buffer> {
  const { time, date } = dosTime(madeAt);
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const nameBytes = Buffer.from(name);
    const header = fields([2, VERSION], [2, FLAGS], [2, DEFLATED], [2, time], [2, date]);
    const lengths = fields([2, nameBytes.length], [2, 0]);
    const local = Buffer.concat([fields([4, LOCAL_HEADER]), header, Buffer.alloc(12), lengths, nameBytes]);
    yield local;

    const sum = { crc: 0, size: 0, compressed: 0 };
    const deflate = createDeflateRaw();
    // An error of the content destroys the stream that is read here, and so is thrown by this loop.
    pipeline(summed(content, sum), deflate, () => undefined);
    for await (const chunk of deflate) {
      sum.compressed += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    const sums = fields([4, sum.crc], [4, sum.compressed], [4, sum.size]);
    const descriptor = Buffer.concat([fields([4, DESCRIPTOR]), sums]);
    yield descriptor;

    const places = fields([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    directory.push(fields([4, CENTRAL_HEADER], [2, VERSION]), header, sums, lengths, places, nameBytes);
    offset += local.length + sum.compressed + descriptor.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length / 6;
  yield central;
  yield fields([4, END_OF_CENTRAL], [2, 0], [2, 0], [2, count], [2, count], [4, central.length], [4, offset], [2, 0]);
}

async function* summed(
  content: Iterable<string> | AsyncIterable<string>,
  sum: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  for await (const text of content) {
    const bytes = Buffer.from(text);
    sum.crc = crc32(bytes, sum.crc);
    sum.size += bytes.length;
    yield bytes;
  }
}

/** Little-endian whole numbers of 2 or 4 bytes. */
function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

function dosTime(epochMs: number): { time: number; date: number } {
  const made = new Date(epochMs);
  return {
    time: (made.getHours() << 11) | (made.getMinutes() << 5) | (made.getSeconds() >> 1),
    date: ((made.getFullYear() - 1980) << 9) | ((made.getMonth() + 1) << 5) | made.getDate(),
  };
}
