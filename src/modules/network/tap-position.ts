import type { Tx } from '../database/database.js';

/** The register learns where a tap is; false where the transformer has no such tap. */
export async function setTapPosition(tx: Tx, transformerId: number, position: number): Promise<boolean> {
  const rows = await tx.query(
    `update asset set tap_position = $2 where id = $1 and $2 between 1 and coalesce(tap_count, 32767) returning id`,
    [transformerId, position],
  );
  return rows.length > 0;
}
