import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changeOutage, discardOutage, mergeOutages, splitOutage } from '../../src/modules/outages/outage-decisions.js';
import type { Decider, OutageChange } from '../../src/modules/outages/outage-decisions.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid, OutageView } from '../support/grid.js';
import { POLICY } from '../support/small-city.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe("dispatchers' decisions", () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const by: Decider = { actor: 'lin', active: POLICY };
  let grid: Grid;
  const tell = (to: 'dead' | 'live', moment: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at: moment })),
    );
  const settle = (): Promise<void> => settleOutages(held.db);
  const outages = () => readOutages(held.db);
  const open = async (...codes: string[]): Promise<OutageView> => {
    await tell('dead', START, ...codes);
    clock.set(START + 10 * MINUTE);
    await settle();
    const all = await outages();
    return all.at(-1) as OutageView;
  };
  const change = (id: number, fields: OutageChange): Promise<void> =>
    held.db.inTx((tx) => changeOutage(tx, id, fields, by));
  const lastEntry = async (): Promise<object | undefined> =>
    (
      await held.db.query(`select type, actor, data from journal where type like 'outage%' order by id desc limit 1`)
    )[0];

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 2, sections: 2, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query('truncate journal, outage, outage_transformer, supply_interval, deadline cascade');
  });

  it('keep nature, cause and expected restoration against the rules, and are told in the journal', async () => {
    const { id } = await open('F1.A.1');
    const estimatedRestorationAt = START + 9 * HOUR;
    await change(id, { nature: 'temporary', cause: '树障', estimatedRestorationAt });
    expect(await lastEntry()).toMatchObject({
      type: 'outage_changed',
      actor: 'lin',
      data: { changed: ['nature', 'cause', 'estimatedRestorationAt'], nature: 'temporary', estimatedRestorationAt },
    });
    await tell('dead', START + MINUTE, 'F1.A.2');
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', nature: 'temporary', eta: estimatedRestorationAt }]);
  });

  it('confirm before the momentary limit has passed', async () => {
    await tell('dead', START, 'F1.A.1');
    await settle();
    const [outage] = await outages();
    clock.set(START + MINUTE);
    await change(outage?.id ?? 0, { state: 'confirmed' });
    expect(await lastEntry()).toMatchObject({ type: 'outage_confirmed', actor: 'lin' });
    clock.set(START + 10 * MINUTE);
    await settle();
    expect(await outages()).toMatchObject([{ state: 'confirmed' }]);
    expect(await held.db.query(`select count(*) as n from journal where type = 'outage_confirmed'`)).toEqual([
      { n: 1 },
    ]);
  });

  it('restore on a word, which measurement then closes with its own time', async () => {
    const { id } = await open('F1.A.1', 'F1.A.2');
    clock.set(START + 2 * HOUR);
    await change(id, { state: 'restored' });
    expect(await outages()).toMatchObject([{ state: 'restored', endedAt: START + 2 * HOUR, restored: 20 }]);
    await expect(change(id, { estimatedRestorationAt: START + 9 * HOUR })).rejects.toMatchObject({
      problem: 'outage_state_not_allowed',
    });
    await tell('live', START + 110 * MINUTE, 'F1.A.1');
    await settle();
    expect(await outages()).toMatchObject([{ state: 'restored', endedAt: START + 2 * HOUR }]);
    await tell('live', START + 115 * MINUTE, 'F1.A.2');
    await settle();
    expect(await outages()).toMatchObject([{ state: 'closed', endedAt: START + 115 * MINUTE }]);
    await expect(change(id, { state: 'confirmed' })).rejects.toMatchObject({ problem: 'outage_state_not_allowed' });
  });

  it('discard: the same loss does not open it again, the next one does', async () => {
    const { id } = await open('F1.A.1');
    await held.db.inTx((tx) => discardOutage(tx, id, '试验', by));
    expect(await lastEntry()).toMatchObject({
      type: 'outage_discarded',
      actor: 'lin',
      data: { why: 'discarded by lin: 试验' },
    });
    await held.db.query("update follower_cursor set xid = '0', id = 0");
    await settle();
    expect(await outages()).toMatchObject([{ state: 'discarded' }]);
    await tell('live', START + HOUR, 'F1.A.1');
    await tell('dead', START + 2 * HOUR, 'F1.A.1');
    await settle();
    expect(await outages()).toMatchObject([{ state: 'discarded' }, { startedAt: START + 2 * HOUR, endedAt: null }]);
    await expect(change(id, { cause: 'x' })).rejects.toMatchObject({ problem: 'outage_state_not_allowed' });
  });

  it('merge: what a person joined stays joined, and later losses stand alone', async () => {
    await open('F1.A.1');
    await open('F2.A.1');
    const [first, second] = await outages();
    await held.db.inTx((tx) => mergeOutages(tx, second?.id ?? 0, first?.id ?? 0, '', by));
    await tell('dead', START + MINUTE, 'F1.A.2');
    await settle();
    expect(await outages()).toMatchObject([
      { root: 'S', members: ['F1.A.1', 'F2.A.1'], affected: 20 },
      { state: 'discarded', mergedInto: first?.id, members: [] },
      { root: 'F1.A.2', members: ['F1.A.2'] },
    ]);
    await expect(held.db.inTx((tx) => mergeOutages(tx, first?.id ?? 0, second?.id ?? 0, '', by))).rejects.toThrow(
      /part of outage/,
    );
  });

  it('split: takes transformers into an outage of their own with its own clock', async () => {
    const { id } = await open('F1.A.1', 'F1.A.2', 'F1.B.1', 'F1.B.2');
    const newId = await held.db.inTx((tx) => splitOutage(tx, id, ['F1.B.1', 'F1.B.2'], '', by));
    expect(await outages()).toMatchObject([
      { id, root: 'F1.A', members: ['F1.A.1', 'F1.A.2'], affected: 20, state: 'confirmed' },
      { id: newId, root: 'F1.B', members: ['F1.B.1', 'F1.B.2'], affected: 20, state: 'confirmed' },
    ]);
    expect(
      await held.db.query(`select count(*) as n from deadline where subject_id = $1 and state = 'pending'`, [newId]),
    ).toEqual([{ n: 5 }]);
    await expect(
      held.db.inTx((tx) => splitOutage(tx, id, ['F1.A.1', 'F1.A.2', 'F2.A.1'], '', by)),
    ).rejects.toMatchObject({ errors: [{ path: 'body.transformers[2]' }, { path: 'body.transformers' }] });
  });
});
