/**
 * PostgreSQL's binary formats for the hot path: COPY rows and array parameters. Against text this saves building and parsing some
 * thirty numbers per reading on both sides.
 */

const PG_EPOCH_MS = 946_684_800_000; // 2000-01-01
const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Appends values in network byte order into one buffer that is sized beforehand. */
export class BinaryRows {
  readonly bytes: Buffer;
  private readonly view: DataView;
  private offset = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, capacity);
  }

  /** @param rowBytes the most one row can take */
  static forCopy(rows: number, rowBytes: number): BinaryRows {
    const made = new BinaryRows(COPY_HEADER.length + rows * rowBytes + 2);
    made.offset = COPY_HEADER.copy(made.bytes);
    return made;
  }

  row(columns: number): void {
    this.view.setInt16(this.offset, columns);
    this.offset += 2;
  }

  null(): void {
    this.view.setInt32(this.offset, -1);
    this.offset += 4;
  }

  int2(value: number | null): void {
    if (value === null) return this.null();
    this.view.setInt32(this.offset, 2);
    this.view.setInt16(this.offset + 4, value);
    this.offset += 6;
  }

  int4(value: number | null): void {
    if (value === null) return this.null();
    this.view.setInt32(this.offset, 4);
    this.view.setInt32(this.offset + 4, value);
    this.offset += 8;
  }

  /** Whole numbers up to 2^53. */
  int8(value: number | null): void {
    if (value === null) return this.null();
    this.view.setInt32(this.offset, 8);
    this.view.setInt32(this.offset + 4, Math.floor(value / 4_294_967_296));
    this.view.setUint32(this.offset + 8, value >>> 0);
    this.offset += 12;
  }

  float4(value: number | null): void {
    if (value === null) return this.null();
    this.view.setInt32(this.offset, 4);
    this.view.setFloat32(this.offset + 4, value);
    this.offset += 8;
  }

  /** @param epochMs whole milliseconds */
  timestamptz(epochMs: number | null): void {
    this.int8(epochMs === null ? null : (epochMs - PG_EPOCH_MS) * 1000);
  }

  bool(value: boolean): void {
    this.view.setInt32(this.offset, 1);
    this.view.setUint8(this.offset + 4, value ? 1 : 0);
    this.offset += 5;
  }

  /** Ends COPY rows. */
  finishCopy(): Buffer {
    this.view.setInt16(this.offset, -1);
    return this.bytes.subarray(0, this.offset + 2);
  }

  /** Begins a one-dimensional array parameter. */
  arrayHeader(elementOid: number, length: number): void {
    for (const value of [length === 0 ? 0 : 1, 1, elementOid, length, 1]) {
      this.view.setInt32(this.offset, value);
      this.offset += 4;
    }
    if (length === 0) this.offset -= 8; // an empty array has no dimensions
  }

  finishArray(): Buffer {
    return this.bytes.subarray(0, this.offset);
  }
}

const OID = { bool: 16, int8: 20, int4: 23, float4: 700, timestamptz: 1184 } as const;

/** An array parameter, for example for `$1::int4[]`; pg sends buffers as binary values. */
export function binaryArray<Item>(
  type: Exclude<keyof typeof OID, 'bool'>,
  items: readonly Item[],
  valueOf: (item: Item) => number | null,
): Buffer {
  const array = new BinaryRows(20 + items.length * 12);
  array.arrayHeader(OID[type], items.length);
  for (const item of items) array[type](valueOf(item));
  return array.finishArray();
}

export function binaryBools<Item>(items: readonly Item[], valueOf: (item: Item) => boolean): Buffer {
  const array = new BinaryRows(20 + items.length * 5);
  array.arrayHeader(OID.bool, items.length);
  for (const item of items) array.bool(valueOf(item));
  return array.finishArray();
}
