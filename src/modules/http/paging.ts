import { Fault } from '../../fault.js';
import { LATEST_MS } from './fields.js';

/** The sort key of the last row of a page, ids and instants, as the caller carries it: opaque outside, a JSON array inside. */
export type CursorKey = readonly number[];

/** Ids and instants of ours are whole and lie well within what a column holds; what a caller invented need not. */
const isOurs = (part: unknown): part is number => Number.isSafeInteger(part) && Math.abs(part as number) <= LATEST_MS;

export const encodeCursor = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws Fault `invalid_input` when the text is no cursor of ours with that many parts */
export function decodeCursor(cursor: string | undefined, parts: number): CursorKey | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === parts && key.every(isOurs)) return key;
  } catch {
    // not JSON: answered below
  }
  throw new Fault(
    'invalid_input',
    'query.cursor: is not a cursor of this list; take nextCursor of an earlier page, or leave it out',
    {
      errors: [{ path: 'query.cursor', message: 'is not a cursor of this list' }],
    },
  );
}

/** Cuts a list that was queried with `limit + 1` rows into a page. */
export function page<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
