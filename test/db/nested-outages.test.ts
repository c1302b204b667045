import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS as HOUR, MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import type { PolicyInForce } from '../../src/domain/policy-in-force.js';
import { at } from '../../src/modules/database/database.js';
import { changeOutage } from '../../src/modules/outages/outage-decisions.js';
import { findOutage } from '../../src/modules/outages/outage-query.js';
import { registerPlanned } from '../../src/modules/outages/planned-outages.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, reviseSupply, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const ALL = ['F1.A.1', 'F1.A.2', 'F1.A.3', 'F1.B.1', 'F1.B.2', 'F1.B.3'];

describe('nested outages', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const tell = async (to: 'dead' | 'live', moment: number, ...codes: string[]): Promise<void> => {
    clock.set(Math.max(clock.now(), moment));
    await tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at: moment })),
    );
    await settleOutages(held.db);
  };
  const wait = async (until: number): Promise<void> => {
    clock.set(until);
    await settleOutages(held.db);
  };
  const outages = () => readOutages(held.db);
  const parents = () => held.db.query<object>('select id, parent_id as parent from outage order by id');

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 2, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, supply_interval, deadline, planned_outage, planned_outage_asset cascade',
    );
  });

  it('keep the original begin, a root and a ladder of their own, and let the parent close', async () => {
    await tell('dead', START, ...ALL);
    await tell('live', START + HOUR, 'F1.A.1', 'F1.A.2', 'F1.A.3');
    await tell('live', START + 70 * MINUTE, 'F1.B.1');
    await wait(START + HOUR + 30 * MINUTE - 1);
    expect(await outages()).toMatchObject([{ root: 'F1', state: 'confirmed', members: ALL }]);
    await wait(START + HOUR + 30 * MINUTE);
    const [parent, nested, ...others] = await outages();
    expect(others).toEqual([]);
    expect(parent).toMatchObject({ root: 'F1', state: 'closed', startedAt: START, endedAt: START + 70 * MINUTE });
    expect(nested).toMatchObject({
      root: 'F1.B',
      state: 'confirmed',
      startedAt: START,
      endedAt: null,
      members: ['F1.B.2', 'F1.B.3'],
      affected: 20,
    });
    expect(await parents()).toMatchObject([{ parent: null }, { parent: parent?.id }]);
    expect(
      await held.db.query(
        `select stage, due_at as due, state from deadline where kind = 'outage_ladder' and subject_id = $1 and stage = '8h'`,
        [nested?.id],
      ),
    ).toEqual([{ stage: '8h', due: START + 8 * HOUR, state: 'pending' }]);
    expect(await findOutage(held.db, nested?.id ?? 0)).toMatchObject({
      evidence: { nestedSince: '2026-07-15T11:30:00+08:00', mostBackAt: '2026-07-15T11:00:00+08:00' },
    });
    await tell('live', START + 3 * HOUR, 'F1.B.2', 'F1.B.3');
    expect(await outages()).toMatchObject([{ state: 'closed' }, { state: 'closed', endedAt: START + 3 * HOUR }]);
  });

  it('are made where no customer is registered, too', async () => {
    await held.db.query('begin; create table homes as select * from customer; truncate customer cascade; commit');
    try {
      await tell('dead', START, ...ALL);
      await wait(START + 10 * MINUTE);
      await tell('live', START + HOUR, ...ALL.slice(0, 5));
      await wait(START + HOUR + 30 * MINUTE);
      expect(await outages()).toMatchObject([
        { root: 'F1', state: 'closed', endedAt: START + HOUR },
        { root: 'F1.B.3', state: 'confirmed', startedAt: START, endedAt: null },
      ]);
    } finally {
      await held.db.query(
        'begin; insert into customer overriding system value select * from homes; drop table homes; commit',
      );
    }
  });

  it('move with late news of when the others came back', async () => {
    await tell('dead', START, ...ALL);
    await tell('live', START + HOUR, ...ALL.slice(0, 3));
    clock.set(START + HOUR + 10 * MINUTE);
    await reviseSupply(held.db, grid.get('F1.A.1') ?? 0, START + HOUR, (tx) =>
      tx.query(`update supply_interval set ended_at = $2 where transformer_id = $1`, [
        grid.get('F1.A.1') ?? 0,
        at(START + HOUR + 10 * MINUTE),
      ]),
    );
    await settleOutages(held.db);
    const [{ why, changed } = {}] = await held.db.query<{ why: string; changed: string[] }>(
      `select data ->> 'why' as why, data -> 'changed' as changed from journal where type = 'outage_changed' order by id desc limit 1`,
    );
    expect({ why, changed }).toEqual({ why: 'late data: backfill', changed: ['intervals'] });
    expect(await held.db.query(`select due_at as due from deadline where kind = 'outage_nested'`)).toEqual([
      { due: START + HOUR + 40 * MINUTE },
    ]);
  });

  it('are not made while less than half is back, nor when the rest comes back in time', async () => {
    await tell('dead', START, ...ALL);
    await tell('live', START + HOUR, 'F1.A.1', 'F1.A.2');
    await wait(START + 3 * HOUR);
    expect(await outages()).toHaveLength(1);
    await tell('live', START + 3 * HOUR, 'F1.A.3', 'F1.B.1');
    await tell('live', START + 3 * HOUR + 20 * MINUTE, 'F1.B.2', 'F1.B.3');
    await wait(START + 5 * HOUR);
    expect(await outages()).toMatchObject([{ state: 'closed' }]);
    expect(await held.db.query(`select state from deadline where kind = 'outage_nested'`)).toEqual([
      { state: 'cancelled' },
    ]);
  });

  it('hold what a dispatcher took for restored and is not measured live while most others are', async () => {
    await tell('dead', START, ...ALL);
    await wait(START + HOUR);
    const [outage] = await outages();
    await held.db.inTx((tx) =>
      changeOutage(tx, outage?.id ?? 0, { state: 'restored' }, { actor: 'wang', active: POLICY as PolicyInForce }),
    );
    await tell('live', START + HOUR, ...ALL.slice(0, 5));
    await wait(START + HOUR + 30 * MINUTE);
    expect(await outages()).toMatchObject([
      { state: 'closed' },
      { root: 'F1.B.3', state: 'confirmed', startedAt: START, endedAt: null },
    ]);
  });

  it('of a planned work wait for the end of its window, and stay its work', async () => {
    await held.db.inTx((tx) =>
      registerPlanned(
        tx,
        'P',
        { assets: ['F1'], startsAt: START + 15 * MINUTE, endsAt: START + 4 * HOUR, nature: 'planned', reason: '' },
        'pms',
        POLICY,
      ),
    );
    await tell('dead', START, ...ALL);
    await tell('live', START + HOUR, ...ALL.slice(0, 4));
    await wait(START + 4 * HOUR - 1);
    expect(await outages()).toMatchObject([{ nature: 'planned' }]);
    expect(await held.db.query(`select evidence -> 'startedEarlyMinutes' as early from outage`)).toEqual([
      { early: 15 },
    ]);
    await wait(START + 4 * HOUR);
    expect(await outages()).toMatchObject([
      { nature: 'planned', state: 'closed' },
      { nature: 'planned', state: 'confirmed', members: ['F1.B.2', 'F1.B.3'] },
    ]);
    expect(await held.db.query(`select evidence -> 'endedEarlyMinutes' as early from outage order by id`)).toEqual([
      { early: 180 },
      { early: null },
    ]);
  });

  it('are not joined with their parent again when a further loss of that time is known late', async () => {
    await tell('dead', START, ...ALL.slice(0, 5));
    await tell('live', START + HOUR, ...ALL.slice(0, 4));
    await wait(START + 2 * HOUR);
    await tell('dead', START, 'F1.B.3');
    expect((await outages()).map(({ members }) => members)).toEqual([[...ALL.slice(0, 4), 'F1.B.3'], ['F1.B.2']]);
  });
});
