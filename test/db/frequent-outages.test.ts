import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { frequentFollowerOf } from '../../src/modules/warnings/frequent-outages.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, reviseSupply, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-01T10:00:00+08:00');

describe('frequent outages of a transformer', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const follower = frequentFollowerOf(POLICY);
  let grid: Grid;
  const settle = async (): Promise<void> => {
    await settleOutages(held.db);
    await catchUp(held.db, follower);
  };
  /** Dark for an hour, so many days after START. */
  const goDark = async (day: number): Promise<void> => {
    const transformerId = grid.get('F1.A.1') ?? 0;
    const moment = START + day * DAY_MS;
    clock.set(moment + HOUR_MS);
    await tellSupply(held.db, [{ transformerId, to: 'dead', at: moment }]);
    await tellSupply(held.db, [{ transformerId, to: 'live', at: moment + HOUR_MS }]);
    await settle();
  };
  const warnings = () =>
    held.db.query<{ severity: string; status: string; evidence: { counted: { outageId: number }[] } }>(
      `select w.severity, w.status, w.evidence, w.subject_code as code from warning w where kind = 'frequent_outage' order by id`,
    );

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 1, transformers: 3, customers: 2 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query('truncate journal, outage, outage_transformer, supply_interval, deadline, warning cascade');
  });

  it('warns early, then of the hit, and ends by its own deadline when the windows are empty', async () => {
    await goDark(0);
    expect(await warnings()).toEqual([]);
    await goDark(10);
    expect(await warnings()).toMatchObject([{ code: 'F1.A.1', severity: 'minor', status: 'open' }]);
    await goDark(15);
    await goDark(25);
    const [hit, ...others] = await warnings();
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ severity: 'major', status: 'open', evidence: { level: 'frequent' } });
    expect(hit?.evidence.counted).toHaveLength(4);
    clock.set(START + 60 * DAY_MS);
    await settle();
    expect(await warnings()).toMatchObject([{ severity: 'minor', status: 'open' }]);
    clock.set(Date.parse('2027-01-01T00:00:00+08:00'));
    await settle();
    expect(await warnings()).toMatchObject([{ status: 'resolved' }]);
    expect(await held.db.query(`select state from deadline where kind = 'frequent_outage'`)).not.toContainEqual({
      state: 'pending',
    });
  });

  it('takes the warning back when late data show that an outage never was', async () => {
    await goDark(0);
    await goDark(10);
    const from = START + 10 * DAY_MS;
    await reviseSupply(held.db, grid.get('F1.A.1') ?? 0, from, (tx) =>
      tx.query('update supply_interval set withdrawn_at = $2 where started_at >= $1', [at(from), at(tx.now)]),
    );
    await settle();
    expect(await warnings()).toMatchObject([{ status: 'resolved', evidence: { level: null } }]);
  });
});
