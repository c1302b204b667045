import type { RawRow } from '../../domain/register/column.js';
import { CUSTOMER_COLUMNS, mergeCustomer } from '../../domain/register/customer-rows.js';
import type { RegisteredCustomer } from '../../domain/register/customer-rows.js';
import { planMove } from '../../domain/register/move.js';
import type { Move } from '../../domain/register/move.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { findTransformers } from './find-transformers.js';
import { moveIntervals, openIntervals } from './intervals.js';
import type { PlannedMove } from './intervals.js';
import { byLine, imported, lockRegister, readRows } from './read-rows.js';
import type { ImportResult } from './read-rows.js';
import { rowSet } from './row-set.js';

interface StoredCustomer extends RegisteredCustomer {
  id: number;
  transformerId: number;
  /** Begin of the transformer in force. */
  validFrom: number;
}

interface CustomerToWrite extends RegisteredCustomer {
  transformerId: number;
  move: Move;
  stored: StoredCustomer | undefined;
}

/** Takes customers into the register: new ones, changed ones, and those that now hang on another transformer. */
export async function importCustomers(tx: Tx, raw: readonly RawRow[], actor: string): Promise<ImportResult> {
  const { rows, rejected } = readRows(CUSTOMER_COLUMNS, 'account_no', raw);
  await lockRegister(tx);
  const given = [...rows.values()];
  const stored = await findStored(
    tx,
    given.map((row) => row.account_no ?? ''),
  );
  const transformers = await findTransformers(tx, [
    ...given.flatMap((row) => row.transformer_code ?? []),
    ...[...stored.values()].map((customer) => customer.transformerCode),
  ]);
  const taken: CustomerToWrite[] = [];
  for (const [line, row] of rows) {
    const existing = stored.get(row.account_no ?? '');
    const customer = mergeCustomer(row, existing);
    const transformer = 'reason' in customer ? customer : transformers(customer.transformerCode);
    const move: Move =
      'reason' in customer || existing === undefined
        ? { move: 'none' }
        : planMove({
            current: existing.transformerCode,
            next: customer.transformerCode,
            validFrom: existing.validFrom,
            effectiveAt: row.effective_at ?? null,
            now: tx.now,
          });
    if ('reason' in customer) rejected.push({ line, reason: customer.reason });
    else if ('reason' in transformer) rejected.push({ line, reason: transformer.reason });
    else if (move.move === 'refused') rejected.push({ line, reason: move.reason });
    else taken.push({ ...customer, transformerId: transformer.id, move, stored: existing });
  }
  const fresh = await upsert(tx, taken);
  await openIntervals(tx, 'customer_transformer', fresh);
  await moveIntervals(tx, 'customer_transformer', taken.flatMap(plannedMove));
  await append(tx, imported(tx, 'customers', taken.length, rejected.length, actor));
  return { accepted: taken.length, rejected: byLine(rejected) };
}

const plannedMove = ({ move, stored, transformerId }: CustomerToWrite): PlannedMove[] =>
  stored !== undefined && (move.move === 'replace' || move.move === 'close')
    ? [{ id: stored.id, fromId: stored.transformerId, toId: transformerId, move: move.move, at: move.at }]
    : [];

async function findStored(tx: Tx, accountNos: readonly string[]): Promise<Map<string, StoredCustomer>> {
  const found = await tx.query<StoredCustomer>(
    `select c.id, c.account_no as "accountNo", c.name, a.code as "transformerCode", c.transformer_id as "transformerId",
            c.phase, c.category, c.importance, c.mobile, c.landline, c.address, c.remote_switch as "remoteSwitch",
            c.language, c.sms, h.valid_from as "validFrom"
     from customer c
     join asset a on a.id = c.transformer_id
     join customer_transformer h on h.customer_id = c.id and h.valid_to is null
     where c.account_no = any($1::text[])`,
    [accountNos],
  );
  return new Map(found.map((customer) => [customer.accountNo, customer]));
}

const TYPES = {
  accountNo: 'text',
  name: 'text',
  transformerId: 'integer',
  phase: 'text',
  category: 'text',
  importance: 'smallint',
  mobile: 'text',
  landline: 'text',
  address: 'text',
  remoteSwitch: 'boolean',
  language: 'text',
  sms: 'boolean',
} as const;

/** @returns the new ones */
async function upsert(tx: Tx, customers: readonly CustomerToWrite[]): Promise<{ id: number; holderId: number }[]> {
  if (customers.length === 0) return [];
  const set = rowSet<CustomerToWrite>(TYPES, customers);
  const fields = set.columns.split(', ').filter((column) => column !== 'account_no');
  const of = (alias: string): string => fields.map((field) => `${alias}.${field}`).join(', ');
  return tx.query<{ id: number; holderId: number }>(
    `with written as (
       insert into customer as c (${set.columns}) select r.* from ${set.from}
       on conflict (account_no) do update set (${fields.join(', ')}) = row(${of('excluded')})
       where (${of('c')}) is distinct from (${of('excluded')})
       returning id, transformer_id
     )
     select w.id, w.transformer_id as "holderId" from written w
     where not exists (select from customer_transformer h where h.customer_id = w.id)`,
    set.values,
  );
}
