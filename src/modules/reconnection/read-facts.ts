import { readRow } from '../../domain/register/column.js';
import type { Columns, GivenOf, RawRow, RejectedRow } from '../../domain/register/column.js';

/** A row that has the required columns. */
type Whole<Row, Names extends keyof Row> = Row & { [Name in Names]-?: NonNullable<Row[Name]> };

/**
 * Reads rows of facts, which are whole or nothing: a row that lacks a required column, or has the key of an earlier row, is refused.
 * @param required the first column of the file among them
 * @param keyOf what a fact is known by; more than one column where it takes more than one
 */
export function readFacts<Spec extends Columns, Name extends keyof Spec & string>(
  columns: Spec,
  required: readonly [Name, ...Name[]],
  keyOf: (row: Whole<GivenOf<Spec>, Name>) => string,
  raw: readonly RawRow[],
): { rows: Map<number, Whole<GivenOf<Spec>, Name>>; rejected: RejectedRow[] } {
  const rows = new Map<number, Whole<GivenOf<Spec>, Name>>();
  const lineOf = new Map<string, number>();
  const rejected: RejectedRow[] = [];
  const [first] = required;
  for (const row of raw) {
    const { line } = row;
    const given = readRow(columns, row);
    // A file may have a column `reason`, as a refusal has; only a row that was read has its first column.
    if (!(first in given)) {
      const reason = row.wrong === undefined && !(first in row.cells) ? `lacks ${first}` : String(given.reason);
      rejected.push({ line, reason });
      continue;
    }
    const whole = given as Whole<GivenOf<Spec>, Name>;
    const missing = required.filter((name) => whole[name] === undefined || whole[name] === null);
    const key = missing.length === 0 ? keyOf(whole) : '';
    const earlier = lineOf.get(key);
    if (missing.length > 0) rejected.push({ line, reason: `lacks ${missing.join(', ')}` });
    else if (earlier !== undefined) rejected.push({ line, reason: `stands on line ${earlier} already` });
    else {
      lineOf.set(key, line);
      rows.set(line, whole);
    }
  }
  return { rows, rejected };
}
