import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** Questions to the register that several modules ask. Instants are epoch milliseconds. */

/** All ancestors of an asset as the network was at an instant, the asset itself included. */
export async function ancestorsAt(db: Queryable, assetId: number, moment: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>('select asset_id as id from ancestors_at($1, $2)', [assetId, at(moment)]);
  return rows.map((row) => row.id);
}

/** All transformers that hung below an asset at an instant; of a transformer itself: itself. */
export async function transformersBelowAt(db: Queryable, assetId: number, moment: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>('select transformer_id as id from transformers_below_at($1, $2)', [
    assetId,
    at(moment),
  ]);
  return rows.map((row) => row.id);
}

/** The transformer a customer hung on at an instant. */
export async function transformerOfCustomerAt(
  db: Queryable,
  customerId: number,
  moment: number,
): Promise<number | null> {
  const [row] = await db.query<{ id: number }>(
    `select transformer_id as id from customer_transformer
     where customer_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)`,
    [customerId, at(moment)],
  );
  return row?.id ?? null;
}

export interface Account {
  id: number;
  accountNo: string;
  transformerId: number;
  language: 'zh-CN' | 'en';
  category: string;
  remoteSwitch: boolean;
}

/** A customer by account number (户号); null when the register does not have it. */
export async function findAccount(db: Queryable, accountNo: string): Promise<Account | null> {
  const [row] = await db.query<Account>(
    `select id, account_no as "accountNo", transformer_id as "transformerId", language, category, remote_switch as "remoteSwitch"
     from customer where account_no = $1`,
    [accountNo],
  );
  return row ?? null;
}
