import { Fault } from '../../fault.js';
import type { Tx } from '../database/database.js';

/**
 * The register learns that a tap was moved.
 * @throws Fault `invalid_input` where the transformer has no such tap
 */
export async function setTapPosition(tx: Tx, transformerId: number, position: number): Promise<void> {
  const rows = await tx.query(
    `update asset set tap_position = $2 where id = $1 and $2 between 1 and coalesce(tap_count, 32767) returning id`,
    [transformerId, position],
  );
  if (rows.length === 0) {
    throw new Fault(
      'invalid_input',
      `body.to: the transformer has no tap ${position}; its register entry says how many there are`,
    );
  }
}
