import type { JournalEntry } from '../../domain/journal-entry.js';
import type { Queryable } from '../database/database.js';

/**
 * A place in the journal. Ids come from a sequence and become visible out of order; transaction ids do not, once every older
 * transaction has ended. So the journal's order is (xid, id), and a reader only takes entries older than every running transaction
 * that may still write here (`journal_horizon()`, migration 0028).
 */
export interface Position {
  xid: string;
  id: number;
}

export const START: Position = { xid: '0', id: 0 };

export type PlacedEntry = JournalEntry & { xid: string };

const COLUMNS = `id, xid::text as xid, type, subject_type as "subjectType", subject_id as "subjectId",
  happened_at as "happenedAt", known_at as "knownAt", actor, data`;

/** The next entries after a position, in order; at most `limit`. An index range scan: O(limit), whatever the journal's length. */
export async function readAfter(
  db: Queryable,
  position: Position,
  limit: number,
  types: readonly string[] | null = null,
): Promise<PlacedEntry[]> {
  return db.query<PlacedEntry>(
    `select ${COLUMNS} from journal
     where (journal.xid, journal.id) > ($1::xid8, $2::bigint)
       and xid < (select journal_horizon())
       and ($4::text[] is null or type = any($4))
     order by journal.xid, journal.id
     limit $3`,
    [position.xid, position.id, limit, types],
  );
}

/** Whether there are entries after a position at all, also such as cannot be read yet. */
export async function isAnythingAfter(db: Queryable, { xid, id }: Position): Promise<boolean> {
  const [row] = await db.query<{ is: boolean }>(
    'select exists (select from journal where (journal.xid, journal.id) > ($1::xid8, $2::bigint)) as is',
    [xid, id],
  );
  return row?.is === true;
}

/** The place of an entry that a client names by its id (`Last-Event-ID`); null when there is no such entry. */
export async function positionOf(db: Queryable, id: number): Promise<Position | null> {
  if (id === 0) return START;
  const [row] = await db.query<Position>('select xid::text as xid, id from journal where id = $1', [id]);
  return row ?? null;
}

/** The place of the newest entry that can be read now. */
export async function newestPosition(db: Queryable): Promise<Position> {
  const [row] = await db.query<Position>(
    `select xid::text as xid, id from journal where xid < (select journal_horizon()) order by journal.xid desc, journal.id desc limit 1`,
  );
  return row ?? START;
}

/** Behind every entry that can ever be. */
const END: Position = { xid: '18446744073709551615', id: 0 };

/** The entries before a position, newest first; null = from the newest that can be read now. */
export async function readBefore(db: Queryable, position: Position | null, limit: number): Promise<PlacedEntry[]> {
  const { xid, id } = position ?? END;
  return db.query<PlacedEntry>(
    `select ${COLUMNS} from journal
     where (journal.xid, journal.id) < ($1::xid8, $2::bigint)
       and xid < (select journal_horizon())
     order by journal.xid desc, journal.id desc
     limit $3`,
    [xid, id, limit],
  );
}
