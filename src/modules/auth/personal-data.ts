import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** Records that somebody was shown names or numbers of these customers in clear; null = of somebody who is not in the register. */
export async function recordPersonalDataAccess(
  db: Queryable,
  access: { at: number; actor: string; route: string; customerIds: readonly (number | null)[] },
): Promise<void> {
  if (access.customerIds.length === 0) return;
  await db.query(
    `insert into personal_data_access (at, actor, route, customer_id) select $1, $2, $3, unnest($4::integer[])`,
    [at(access.at), access.actor, access.route, access.customerIds],
  );
}
