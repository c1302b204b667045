import type { Tx } from '../database/database.js';
import { addNews } from './outage-board.js';
import type { OutageBoard } from './outage-board.js';

/**
 * Counts the customers on the transformers of all open outages anew, as they hung when each lost supply: customers who were registered
 * since, or whose move is known only now, have been without supply from its beginning.
 */
export async function recountCustomers(tx: Tx, board: OutageBoard): Promise<void> {
  const rows = await tx.query<{ rowId: number; outageId: number; customers: number }>(
    `select ot.id as "rowId", ot.outage_id as "outageId", count(hung.customer_id) as customers
     from outage o join outage_transformer ot on ot.outage_id = o.id
     left join customer_transformer hung on hung.transformer_id = ot.transformer_id
      and hung.valid_from <= ot.started_at and (hung.valid_to is null or hung.valid_to > ot.started_at)
     where o.state in ('suspected', 'confirmed')
     group by ot.id, ot.outage_id, ot.customers having count(hung.customer_id) <> ot.customers`,
  );
  await board.load(
    tx,
    rows.map(({ outageId }) => outageId),
  );
  for (const { rowId, outageId, customers } of rows) {
    const member = board.members.get(rowId);
    if (member === undefined) continue;
    member.customers = customers;
    addNews(board.outages.get(outageId), { en: 'customers were registered or moved', zh: '用户登记或迁移' }, null);
  }
}
