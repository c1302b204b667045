import { dateOf } from '../../domain/calendar.js';
import { readEnergyRows, readVacancyRows } from '../../domain/consumption/energy-rows.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { RawRow, RejectedRow } from '../../domain/register/column.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { byLine } from '../network/read-rows.js';
import type { ImportResult } from '../network/read-rows.js';
import { judgeAbnormal, judgeZero } from './judge.js';

/** Takes monthly energy of customers; the same month again replaces what was there. Then judges whom it concerns, in the same commit. */
export async function importEnergy(tx: Tx, raw: readonly RawRow[], rules: PolicyInForce): Promise<ImportResult> {
  const { rows, rejected } = readEnergyRows(raw, tx.now);
  const { known, strangers } = await customersOf(tx, rows);
  await lockConsumption(tx);
  await tx.query(
    `insert into monthly_energy as e (customer_id, month, kwh, reading, recorded_at)
     select r.customer_id, (r.month || '-01')::date, r.kwh, r.reading, $5
     from unnest($1::integer[], $2::text[], $3::numeric[], $4::text[]) as r(customer_id, month, kwh, reading)
     on conflict (customer_id, month) do update set
       kwh = excluded.kwh, reading = excluded.reading, recorded_at = excluded.recorded_at
     where (e.kwh, e.reading) is distinct from (excluded.kwh, excluded.reading)`,
    [
      known.map(({ customerId }) => customerId),
      known.map(({ month }) => month),
      known.map(({ kwh }) => kwh),
      known.map(({ reading }) => reading),
      at(tx.now),
    ],
  );
  await judgeZero(tx, [...new Set(known.map(({ customerId }) => customerId))], rules);
  await judgeAbnormal(tx, known, rules);
  return { accepted: known.length, rejected: byLine([...rejected, ...strangers]) };
}

/** Takes stretches in which a place is known to be empty; the same first day again replaces the stretch. */
export async function importVacancies(tx: Tx, raw: readonly RawRow[], rules: PolicyInForce): Promise<ImportResult> {
  const { rows, rejected } = readVacancyRows(raw);
  const { known, strangers } = await customersOf(tx, rows);
  await lockConsumption(tx);
  await tx.query(
    `insert into vacancy (customer_id, from_date, to_date, note, recorded_at)
     select r.customer_id, r.from_date, r.to_date, r.note, $5
     from unnest($1::integer[], $2::date[], $3::date[], $4::text[]) as r(customer_id, from_date, to_date, note)
     on conflict (customer_id, from_date) do update set
       to_date = excluded.to_date, note = excluded.note, recorded_at = excluded.recorded_at`,
    [
      known.map(({ customerId }) => customerId),
      known.map(({ fromDate }) => dateOf(fromDate)),
      known.map(({ toDate }) => (toDate === null ? null : dateOf(toDate))),
      known.map(({ note }) => note),
      at(tx.now),
    ],
  );
  await judgeZero(tx, [...new Set(known.map(({ customerId }) => customerId))], rules);
  return { accepted: known.length, rejected: byLine([...rejected, ...strangers]) };
}

/** One import judges at a time: two that see each other's customers half would leave findings that neither judged. */
async function lockConsumption(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.consumption'))`);
}

async function customersOf<Row extends { line: number; accountNo: string }>(
  tx: Tx,
  rows: readonly Row[],
): Promise<{ known: (Row & { customerId: number })[]; strangers: RejectedRow[] }> {
  const found = await tx.query<{ id: number; accountNo: string }>(
    'select id, account_no as "accountNo" from customer where account_no = any($1::text[])',
    [[...new Set(rows.map(({ accountNo }) => accountNo))]],
  );
  const ids = new Map(found.map(({ id, accountNo }) => [accountNo, id]));
  const known = rows.flatMap((row) => {
    const customerId = ids.get(row.accountNo);
    return customerId === undefined ? [] : [{ ...row, customerId }];
  });
  const strangers = rows
    .filter(({ accountNo }) => !ids.has(accountNo))
    .map(({ line, accountNo }) => ({
      line,
      reason: `there is no customer ${accountNo}; import the customers of the register first`,
    }));
  return { known, strangers };
}
