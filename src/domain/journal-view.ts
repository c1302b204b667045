import { formatInstant } from './instants.js';
import type { JournalEntry } from './journal-entry.js';

/** An entry as it leaves the service: the same names, its data's instants as RFC 3339 text. */
export type EntryView = Omit<JournalEntry, 'data'> & { data: Record<string, unknown> };

/** By convention of journal-entry.ts, fields of these names hold epoch milliseconds and no others do. */
const INSTANT_NAME = /(At|Ts)$/;

/**
 * The data of an entry with its instants as text. Entries name customers by number only, so nothing here is personal.
 * `happenedAt` and `knownAt` stay numbers: they go through the `instant` field of the answer's schema.
 */
export function viewOfEntry(entry: JournalEntry): EntryView {
  const data = Object.fromEntries(
    Object.entries(entry.data).map(([name, value]: [string, unknown]) => [
      name,
      INSTANT_NAME.test(name) && typeof value === 'number' ? formatInstant(value) : value,
    ]),
  );
  const { id, type, subjectType, subjectId, happenedAt, knownAt, actor } = entry;
  return { id, type, subjectType, subjectId, happenedAt, knownAt, actor, data };
}
