import type { DisconnectionFacts } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';
import { PLACE } from './place.js';

/** Cuts with the steps of the procedure that were missing when they were recorded. */
export async function loadDisconnectionFacts(tx: Tx, ids: readonly number[]): Promise<DisconnectionFacts[]> {
  if (ids.length === 0) return [];
  return tx.query<DisconnectionFacts>(
    `select d.id, c.account_no as "accountNo", ${PLACE} as place, d.reason,
            coalesce(d.disconnected_at, d.planned_at) as "cutAt",
            array(select step ->> 'zh' from jsonb_array_elements(d.missing_steps) as step) as missing
     from disconnection d join customer c on c.id = d.customer_id join asset a on a.id = c.transformer_id
     where d.id = any($1)`,
    [ids],
  );
}
