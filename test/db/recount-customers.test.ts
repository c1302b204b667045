import { beforeAll, describe, expect, it } from '@jest/globals';
import { CUSTOMER_COLUMNS } from '../../src/domain/register/customer-rows.js';
import { importCustomers } from '../../src/modules/network/import-customers.js';
import { readImportFile } from '../../src/modules/network/import-file.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';

const MINUTE = 60_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('customers of a running outage', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 1, transformers: 3, customers: 2 });
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
  });

  const take = async (...lines: string[]): Promise<void> => {
    const rows = readImportFile(['account_no,transformer_code,effective_at', ...lines].join('\n'), 'csv', CUSTOMER_COLUMNS); // prettier-ignore
    const { rejected } = await held.db.inTx((tx) => importCustomers(tx, rows, 'billing'));
    expect(rejected).toEqual([]);
    await settleOutages(held.db);
  };
  const counted = async () => (await readOutages(held.db)).map(({ affected, restored }) => ({ affected, restored }));
  const changes = () =>
    held.db.query<{ changed: string[]; why: string; affected: number }>(
      `select data -> 'changed' as changed, data ->> 'why' as why, (data ->> 'customersAffected')::int as affected
       from journal where type = 'outage_changed' order by id`,
    );

  it('are counted anew when some are registered late, on what is out and on what is back already', async () => {
    for (const n of [1, 2])
      await tellSupply(held.db, [{ transformerId: grid.get(`F1.A.${n}`) ?? 0, to: 'dead', at: START }]);
    clock.set(START + 10 * MINUTE);
    await settleOutages(held.db);
    await tellSupply(held.db, [{ transformerId: grid.get('F1.A.2') ?? 0, to: 'live', at: START + 8 * MINUTE }]);
    await settleOutages(held.db);
    expect(await counted()).toEqual([{ affected: 4, restored: 2 }]);
    const before = (await changes()).length;
    await take('N1,F1.A.1,', 'N2,F1.A.1,', 'N3,F1.A.2,', 'N4,F1.A.3,');
    expect(await counted()).toEqual([{ affected: 7, restored: 3 }]);
    expect((await changes()).slice(before)).toEqual([
      {
        changed: ['customersAffected', 'customersRestored'],
        why: 'customers were registered or moved',
        affected: 7,
      },
    ]);
  });

  it('stay who they were when supply was lost: who moves away meanwhile was out, who moves in was not', async () => {
    const before = (await changes()).length;
    clock.set(START + 20 * MINUTE);
    const moved = '2026-07-15T10:15:00+08:00';
    await take(`N1,F1.A.3,${moved}`, `N4,F1.A.1,${moved}`);
    expect(await counted()).toEqual([{ affected: 7, restored: 3 }]);
    // A file that is sent again changes nothing.
    await take('N2,F1.A.1,');
    expect(await changes()).toHaveLength(before);
  });
});
