import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import { at, isDataError, sqlState } from '../database/database.js';
import type { Database, Tx } from '../database/database.js';
import { isAnythingAfter, readAfter } from './read.js';
import type { PlacedEntry, Position } from './read.js';

/**
 * Something that reads the journal in order and acts on it inside the database. Its effects and its cursor are committed in
 * one transaction: exactly once, whatever crashes. It must not reach outside the database; that is what outboxes are for.
 */
export interface Follower {
  /** Names its cursor; never change it. */
  readonly name: string;
  /** The types it wants; it never sees others. */
  readonly types: readonly JournalType[];
  /** Digests entries in journal order. Called with at most `batchSize`, all of wanted types. */
  handle(tx: Tx, entries: readonly JournalEntry[]): Promise<void>;
  /** Entries per transaction; 500 when left out. */
  readonly batchSize?: number;
}

/** Tries of a single entry before it is set aside in follower_failure. */
const TRIES = 3;

/** `held back`: there are entries that cannot be read until an older transaction has ended, of which nothing will be said. */
export type StepResult = Attempt | { setAside: number; error: unknown };
type Attempt = 'worked' | 'idle' | 'held back';

/**
 * One step of one follower: claim its cursor (another replica may hold it), read, handle, move the cursor, commit.
 * When a batch fails its entries are handled one by one; an entry that keeps failing for a reason of its own is set aside with the
 * reason, and the follower goes on. A database that is away, or a deadlock, fails the step; the caller tries again later.
 */
export async function step(db: Database, follower: Follower): Promise<StepResult> {
  const batchSize = follower.batchSize ?? 500;
  try {
    return await once(db, follower, batchSize);
  } catch (error) {
    if (isOfTheDatabase(error)) throw error;
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(db, follower, 1);
    } catch (error) {
      if (isOfTheDatabase(error)) throw error;
      if (attempt >= TRIES) return setAside(db, follower, error);
    }
  }
}

/** Trouble of the database (connection, resources, shutdown, locks), not of the entry. */
function isOfTheDatabase(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null)
    return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
  return !isDataError(error) && /^(08|53|55|57|58|40|XX)/.test(state);
}

async function once(db: Database, follower: Follower, limit: number): Promise<Attempt> {
  return db.inTx(async (tx) => {
    const claimed = await claim(tx, follower.name);
    if (claimed === null) return 'idle';
    // All types are read, so that the cursor also passes long stretches in which nothing is wanted.
    const entries = await readAfter(tx, claimed, limit);
    const last = entries.at(-1);
    if (last === undefined) return (await isAnythingAfter(tx, claimed)) ? 'held back' : 'idle';
    const wanted = entries.filter((entry) => follower.types.includes(entry.type));
    if (wanted.length > 0) await follower.handle(tx, wanted);
    await moveCursor(tx, follower.name, last);
    return 'worked';
  });
}

async function setAside(db: Database, follower: Follower, error: unknown): Promise<StepResult> {
  return db.inTx(async (tx) => {
    const claimed = await claim(tx, follower.name);
    const [entry] = claimed === null ? [] : await readAfter(tx, claimed, 1);
    if (entry === undefined) return 'idle';
    await tx.query(
      `insert into follower_failure (follower, journal_id, error, failed_at) values ($1, $2, $3, $4) on conflict do nothing`,
      [follower.name, entry.id, error instanceof Error ? (error.stack ?? error.message) : String(error), at(tx.now)],
    );
    await moveCursor(tx, follower.name, entry);
    return { setAside: entry.id, error };
  });
}

async function claim(tx: Tx, name: string): Promise<Position | null> {
  await tx.query('insert into follower_cursor (follower) values ($1) on conflict do nothing', [name]);
  const [row] = await tx.query<Position>(
    'select xid::text as xid, id from follower_cursor where follower = $1 for update skip locked',
    [name],
  );
  return row ?? null;
}

async function moveCursor(tx: Tx, name: string, entry: PlacedEntry): Promise<void> {
  await tx.query('update follower_cursor set xid = $2::xid8, id = $3, moved_at = $4 where follower = $1', [
    name,
    entry.xid,
    entry.id,
    at(tx.now),
  ]);
}
