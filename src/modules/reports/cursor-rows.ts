import type { Tx } from '../database/database.js';

/** Rows fetched at once: some megabytes. */
const AT_ONCE = 20_000;

/**
 * The rows of a query, in pieces, so that no more than one piece is in memory. One at a time in a transaction.
 * @param name of the cursor, for the transaction
 */
export async function* rowsInPieces<Row extends object>(
  tx: Tx,
  name: string,
  text: string,
  values: readonly unknown[],
): AsyncGenerator<Row[]> {
  // All rows are wanted: a plan that is quick with the first ones only would be slower.
  await tx.query('set local cursor_tuple_fraction = 1');
  await tx.query(`declare ${name} no scroll cursor for ${text}`, values);
  for (;;) {
    const rows = await tx.query<Row>(`fetch ${AT_ONCE} from ${name}`);
    if (rows.length > 0) yield rows;
    if (rows.length < AT_ONCE) break;
  }
  await tx.query(`close ${name}`);
}
