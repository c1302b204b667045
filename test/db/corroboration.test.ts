import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { judgeFeeders } from '../../src/modules/outages/corroborate.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import { POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const minute = (n: number): number => START + n * MINUTE_MS;

describe('a suspected loss of supply', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);

  it('does not join an outage from before with the one that its neighbours speak of, however long it was silent', async () => {
    const grid = await buildGrid(held.db, { feeders: 1, sections: 1, transformers: 4, customers: 1 });
    const id = (code: string): number => grid.get(code) ?? 0;
    const [t1, t2, t3, silent] = ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.A.4'].map(id) as [number, number, number, number];
    const stateOf = (transformerId: number, supply: string, since: number): Promise<object[]> =>
      held.db.query(
        `insert into transformer_state (transformer_id, supply, supply_since, last_ts) values ($1, $2, $3, $3)
         on conflict (transformer_id) do update set supply = $2, supply_since = $3, last_ts = $3`,
        [transformerId, supply, at(since)],
      );
    await held.db.query(
      `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
      [silent, at(minute(5))],
    );
    await stateOf(silent, 'unknown', minute(5));
    clock.set(minute(10));
    await tellSupply(held.db, [{ transformerId: t1, to: 'dead', at: minute(9) }]);
    clock.set(minute(16));
    await tellSupply(held.db, [{ transformerId: t1, to: 'live', at: minute(15) }]);
    await settleOutages(held.db);
    clock.set(minute(41));
    await tellSupply(
      held.db,
      [t1, t2, t3].map((transformerId) => ({ transformerId, to: 'dead', at: minute(40) })),
    );
    for (const transformerId of [t1, t2, t3]) await stateOf(transformerId, 'dead', minute(40));
    await settleOutages(held.db);
    await held.db.inTx((tx) => judgeFeeders(tx, [id('F1')], POLICY));
    const outages = await readOutages(held.db);
    expect(outages.map(({ members, startedAt, state }) => ({ members, startedAt, state }))).toEqual([
      { members: ['F1.A.1'], startedAt: minute(9), state: 'closed' },
      { members: ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.A.4'], startedAt: minute(40), state: 'suspected' },
    ]);
  });
});
