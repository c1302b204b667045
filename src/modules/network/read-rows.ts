import { readRow } from '../../domain/register/column.js';
import type { Columns, GivenOf, RawRow, RejectedRow } from '../../domain/register/column.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { Tx } from '../database/database.js';

/** What an import answers: how many rows were taken, and each other row with its line in the file (the header is line 1). */
export interface ImportResult {
  accepted: number;
  rejected: RejectedRow[];
}

/** Reads all rows by their columns and refuses a second row with the same key. */
export function readRows<Spec extends Columns>(
  columns: Spec,
  key: keyof Spec & string,
  raw: readonly RawRow[],
): { rows: Map<number, GivenOf<Spec>>; rejected: RejectedRow[] } {
  const rows = new Map<number, GivenOf<Spec>>();
  const rejected: RejectedRow[] = [];
  const lineOf = new Map<unknown, number>();
  for (const row of raw) {
    const given = readRow(columns, row);
    if ('reason' in given) {
      rejected.push({ line: row.line, reason: given.reason as string });
      continue;
    }
    const value: unknown = given[key];
    const earlier = lineOf.get(value);
    if (value !== undefined && earlier !== undefined) {
      rejected.push({ line: row.line, reason: `${key} ${value as string} stands on line ${earlier} already` });
      continue;
    }
    lineOf.set(value, row.line);
    rows.set(row.line, given);
  }
  return { rows, rejected };
}

/** Imports read the register, decide, and write it: one at a time. Held until the transaction ends. */
export async function lockRegister(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.register'))`);
}

export const byLine = (rejected: readonly RejectedRow[]): RejectedRow[] =>
  [...rejected].sort((a, b) => a.line - b.line);

/** The journal's word about an import that changed or confirmed something. */
export const imported = (
  tx: Tx,
  kind: 'assets' | 'terminals' | 'customers',
  accepted: number,
  rejected: number,
  actor: string,
): NewJournalEntry[] =>
  accepted === 0
    ? []
    : [
        {
          type: 'network_imported',
          subjectType: 'asset',
          subjectId: 0, // the register as a whole
          happenedAt: tx.now,
          actor,
          data: { kind, accepted, rejected },
        },
      ];
