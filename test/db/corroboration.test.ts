import { beforeEach, describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import type { Follower } from '../../src/modules/journal/follow.js';
import { followSilence } from '../../src/modules/outages/corroborate.follower.js';
import { judgeFeeders } from '../../src/modules/outages/corroborate.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { appendAll, catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const minute = (n: number): number => START + n * MINUTE_MS;
const follower: Follower = {
  name: 'corroboration',
  types: ['complaint_received', 'repair_reported', 'deadline_fired'],
  handle: (tx, entries) => followSilence(tx, entries, POLICY),
};

describe('a suspected loss of supply', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const stateOf = (transformerId: number, supply: string, since: number): Promise<object[]> =>
    held.db.query(
      `insert into transformer_state (transformer_id, supply, supply_since, last_ts) values ($1, $2, $3, $3)
       on conflict (transformer_id) do update set supply = $2, supply_since = $3, last_ts = $3`,
      [transformerId, supply, at(since)],
    );
  const grid = (): Promise<Grid> => buildGrid(held.db, { feeders: 1, sections: 1, transformers: 4, customers: 1 });
  const idsIn = (made: Grid): number[] => ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.A.4'].map((code) => made.get(code) ?? 0);
  const silence = async (transformerId: number, since: number): Promise<void> => {
    await held.db.query(
      `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
      [transformerId, at(since)],
    );
    await stateOf(transformerId, 'unknown', since);
  };

  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      `truncate journal, follower_cursor, deadline, outage, outage_transformer, supply_interval, transformer_state, complaint,
         fault_report, customer, terminal, asset, asset_parent restart identity cascade`,
    );
  });

  it('does not join an outage from before with the one that its neighbours speak of, however long it was silent', async () => {
    const made = await grid();
    const [t1 = 0, t2 = 0, t3 = 0, silent = 0] = idsIn(made);
    await silence(silent, minute(5));
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
    await held.db.inTx((tx) => judgeFeeders(tx, [made.get('F1') ?? 0], POLICY));
    const outages = await readOutages(held.db);
    expect(outages.map(({ members, startedAt, state }) => ({ members, startedAt, state }))).toEqual([
      { members: ['F1.A.1'], startedAt: minute(9), state: 'closed' },
      { members: ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.A.4'], startedAt: minute(40), state: 'suspected' },
    ]);
  });

  it('comes of one caller soon after the only one fell silent, at once where the silence has settled', async () => {
    const made = await buildGrid(held.db, { feeders: 2, sections: 1, transformers: 3, customers: 1 });
    for (const [code, transformerId] of made) if (/^F..A.[23]$/.test(code)) await stateOf(transformerId, 'live', START);
    for (const feeder of ['F1', 'F2']) await silence(made.get(`${feeder}.A.1`) ?? 0, START);
    const call = async (code: string, receivedAt: number): Promise<unknown[]> => {
      clock.set(receivedAt);
      const [customer] = await held.db.query<{ id: number }>('select id from customer where transformer_id = $1', [
        made.get(code),
      ]);
      const customerId = customer?.id ?? 0;
      await held.db.query(
        `insert into complaint (external_id, channel, category, category_confidence, customer_id, text, received_at, recorded_at)
         values ($1, 'hotline', 'outage', 1, $2, '没电', $3, $3)`,
        [code, customerId, at(receivedAt)],
      );
      const data = { channel: 'hotline', category: 'outage', customerId, receivedAt };
      await appendAll(held.db, {
        type: 'complaint_received',
        subjectType: 'complaint',
        subjectId: 1,
        happenedAt: receivedAt,
        data,
      });
      await catchUp(held.db, follower);
      clock.advance(1_000);
      await sweep(held.db);
      await catchUp(held.db, follower);
      return (await readOutages(held.db)).map(({ members, startedAt, state }) => ({ members, startedAt, state }));
    };
    const suspected = [{ members: ['F1.A.1'], startedAt: START, state: 'suspected' }];
    expect(await call('F1.A.1', minute(14))).toEqual(suspected);
    expect(await call('F2.A.1', minute(16))).toEqual(suspected);
  });

  it('comes of a fault report of which only the transformer is known, but not of one out of a radio cell', async () => {
    const made = await buildGrid(held.db, { feeders: 2, sections: 1, transformers: 3, customers: 1 });
    await held.db.query(`update asset set area = 'north'`);
    for (const [code, id] of made) if (/^F..A..$/.test(code)) await stateOf(id, 'live', START);
    const silent = made.get('F1.A.1') ?? 0;
    const others = [made.get('F2.A.1') ?? 0, made.get('F2.A.2') ?? 0];
    for (const id of [silent, ...others]) await silence(id, START);
    await held.db.query(
      `insert into fault_report (transformer_id, area, symptom, extent, reported_at, recorded_at, recorded_by, outcome, given)
       values ($1, '', '没电', 'unknown', $2, $2, 'desk', 'repair_order', '{}')`,
      [silent, at(minute(1))],
    );
    const data = { jobId: 1, customerId: null, transformerId: silent, reportedAt: minute(1) };
    const about = { subjectType: 'repair_order', subjectId: 1, happenedAt: minute(1) } as const;
    const judge = async (): Promise<unknown[]> => {
      await appendAll(held.db, { type: 'repair_reported', ...about, data });
      await catchUp(held.db, follower);
      clock.advance(10 * MINUTE_MS);
      await sweep(held.db);
      await catchUp(held.db, follower);
      return (await readOutages(held.db)).map(({ members, state }) => ({ members, state }));
    };
    expect(await judge()).toEqual([]);
    await stateOf(others[0] ?? 0, 'live', START);
    expect(await judge()).toEqual([{ members: ['F1.A.1'], state: 'suspected' }]);
  });
});
