import type { DisconnectionFacts } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';
import { nearest, PLACE } from './place.js';

/** Cuts with what stood against them, as it was judged last; of a plan, nothing did. */
export async function loadDisconnectionFacts(tx: Tx, ids: readonly number[]): Promise<DisconnectionFacts[]> {
  if (ids.length === 0) return [];
  return tx.query<DisconnectionFacts>(
    `select d.id, c.account_no as "accountNo", ${PLACE} as place, d.reason,
            coalesce(d.disconnected_at, d.planned_at) as "cutAt", d.missing_steps as broken,
            jsonb_build_object('unit', d.responsible_unit, 'person', d.responsible_person) as reported,
            jsonb_build_object('owner', ${nearest('owner')}, 'manager', ${nearest('manager')}) as responsible
     from disconnection d join customer c on c.id = d.customer_id join asset a on a.id = c.transformer_id
     where d.id = any($1)`,
    [ids],
  );
}
