import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** Followers listen on this channel; a notification carries nothing, the rows are the truth. */
export const JOURNAL_CHANNEL = 'lamplighter_journal';

/**
 * Appends entries in the caller's transaction, in the order given, known at the transaction's `now`, in one statement.
 * Nothing is announced before the commit.
 */
export async function append(tx: Tx, entries: readonly NewJournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
     select e.type, e.subject_type, e.subject_id, e.happened_at, $7, e.actor, e.data
     from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[], $6::jsonb[])
       with ordinality as e(type, subject_type, subject_id, happened_at, actor, data, position)
     order by e.position`,
    [
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.subjectType),
      entries.map((entry) => entry.subjectId),
      entries.map((entry) => at(entry.happenedAt)),
      entries.map((entry) => entry.actor ?? 'system'),
      entries.map((entry) => JSON.stringify(entry.data)),
      at(tx.now),
    ],
  );
  await tx.query(`select pg_notify('${JOURNAL_CHANNEL}', '')`);
}
