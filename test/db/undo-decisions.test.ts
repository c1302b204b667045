import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS as HOUR, MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import { decisionsOn } from '../../src/modules/outages/decision-log.js';
import { changeOutage, discardOutage, mergeOutages, splitOutage } from '../../src/modules/outages/outage-decisions.js';
import type { Decider } from '../../src/modules/outages/outage-decisions.js';
import { undoDecision } from '../../src/modules/outages/undo-decision.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import type { Tx } from '../../src/modules/database/database.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid, OutageView } from '../support/grid.js';
import { catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('taking back a decision', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const by: Decider = { actor: 'lin', active: POLICY };
  let grid: Grid;
  const settle = async (): Promise<void> => {
    await settleOutages(held.db);
    await catchUp(held.db, followerOf(POLICY));
  };
  const tell = async (to: 'dead' | 'live', moment: number, ...codes: string[]): Promise<void> => {
    clock.set(Math.max(clock.now(), moment + 10 * MINUTE));
    await tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at: moment })),
    );
    await settle();
  };
  const decide = async (work: (tx: Tx) => Promise<unknown>): Promise<void> => {
    clock.advance(MINUTE);
    await held.db.inTx(work);
    await settle();
  };
  const lastDecision = async (id: number): Promise<number> => (await decisionsOn(held.db, [id])).at(-1)?.id ?? 0;
  const undo = async (id: number, decisionId?: number): Promise<void> => {
    const which = decisionId ?? (await lastDecision(id));
    await decide((tx) => undoDecision(tx, id, which, '', by));
  };
  const views = async () =>
    (await readOutages(held.db)).map(({ id, root, state, mergedInto, members, startedAt, endedAt }) => ({
      id,
      root,
      state,
      mergedInto,
      members,
      startedAt,
      endedAt,
    }));
  const warnings = () =>
    held.db.query<{ id: number; status: string }>(
      `select subject_id as id, status from warning where kind = 'outage' order by subject_id`,
    );
  const ladder = async (id: number): Promise<unknown[]> =>
    held.db.query(
      `select due_at as due from deadline where kind = 'outage_ladder' and subject_id = $1 and stage = '8h' and state = 'pending'`,
      [id],
    );
  const two = async (): Promise<[OutageView, OutageView]> => {
    await tell('dead', START, 'F1.A.1');
    await tell('dead', START + MINUTE, 'F2.A.1', 'F2.A.2');
    return (await readOutages(held.db)) as [OutageView, OutageView];
  };

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 2, sections: 2, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, outage_decision, supply_interval, deadline, warning, warning_comment cascade',
    );
  });

  it('of a merge: both as they were, with what became known since, their clocks and their warnings', async () => {
    const [first, second] = await two();
    const before = await views();
    await decide((tx) => mergeOutages(tx, second.id, first.id, '', by));
    expect(await warnings()).toMatchObject([{ status: 'open' }, { status: 'resolved' }]);
    await undo(first.id);
    expect(await views()).toEqual(before);
    expect(await warnings()).toMatchObject([{ status: 'open' }, { status: 'open' }]);
    expect(await ladder(second.id)).toEqual([{ due: START + MINUTE + 8 * HOUR }]);
    await tell('dead', START + 2 * MINUTE, 'F1.A.2');
    expect((await views())[0]).toMatchObject({ root: 'F1.A', members: ['F1.A.1', 'F1.A.2'] });
  });

  it('of a merge whose members ended meanwhile: each ends with its own', async () => {
    const [first, second] = await two();
    await decide((tx) => mergeOutages(tx, first.id, second.id, '', by));
    await tell('live', START + HOUR, 'F2.A.1', 'F2.A.2');
    await decide((tx) => changeOutage(tx, second.id, { cause: '雷击' }, by));
    const [merge] = await decisionsOn(held.db, [first.id]);
    await undo(second.id, merge?.id);
    expect(await views()).toMatchObject([
      { state: 'confirmed', members: ['F1.A.1'], endedAt: null },
      { state: 'closed', members: ['F2.A.1', 'F2.A.2'], endedAt: START + HOUR },
    ]);
    expect(await held.db.query('select cause from outage order by id')).toEqual([{ cause: '' }, { cause: '雷击' }]);
    expect(await warnings()).toMatchObject([{ status: 'open' }, { status: 'resolved' }]);
  });

  it('of a split: what was split off goes back, and the rules work on it again', async () => {
    await tell('dead', START, 'F1.A.1', 'F1.A.2', 'F1.B.1', 'F1.B.2');
    const [whole] = await views();
    await decide((tx) => splitOutage(tx, whole?.id ?? 0, ['F1.B.1', 'F1.B.2'], '', by));
    await undo(whole?.id ?? 0);
    expect(await views()).toMatchObject([whole ?? {}, { state: 'discarded', mergedInto: whole?.id, members: [] }]);
    await tell('dead', START + 2 * MINUTE, 'F1.A.3');
    expect((await views())[0]?.members).toContain('F1.A.3');
  });

  it('of a discard: it lives on from its own begin, or is over if it ended meanwhile', async () => {
    const [first, second] = await two();
    for (const { id } of [first, second]) await decide((tx) => discardOutage(tx, id, '', by));
    await tell('live', START + HOUR, 'F2.A.1', 'F2.A.2');
    for (const { id } of [first, second]) await undo(id);
    expect(await views()).toMatchObject([
      { state: 'confirmed', startedAt: START, endedAt: null },
      { state: 'closed', endedAt: START + HOUR },
    ]);
    expect(await ladder(first.id)).toEqual([{ due: START + 8 * HOUR }]);
    expect(await warnings()).toMatchObject([{ status: 'open' }, { status: 'resolved' }]);
  });

  it('of a word that power is back, but not of what was measured since; of fields to what they were', async () => {
    await tell('dead', START, 'F1.A.1', 'F1.A.2');
    const [{ id } = { id: 0 }] = await views();
    await decide((tx) => changeOutage(tx, id, { cause: '雷击' }, by));
    await decide((tx) => changeOutage(tx, id, { state: 'restored', cause: '鸟害' }, by));
    await tell('live', START + 30 * MINUTE, 'F1.A.1');
    await undo(id);
    expect(await held.db.query('select ended_at as end from outage_transformer order by transformer_id')).toEqual([
      { end: START + 30 * MINUTE },
      { end: null },
    ]);
    expect(await held.db.query('select state, cause from outage')).toEqual([{ state: 'confirmed', cause: '雷击' }]);
    await undo(id, (await decisionsOn(held.db, [id]))[0]?.id);
    expect(await held.db.query('select cause, decided from outage')).toEqual([{ cause: '', decided: {} }]);
  });

  it('stands in the journal, with who decided and who took it back', async () => {
    const [first, second] = await two();
    await decide((tx) => mergeOutages(tx, second.id, first.id, '同一故障', by));
    await undo(first.id);
    const entries = await held.db.query(`select actor, data from journal where type = 'outage_decision_undone'`);
    expect(entries).toMatchObject([{ actor: 'lin', data: { kind: 'merge', outageIds: [second.id, first.id] } }]);
    expect(await decisionsOn(held.db, [second.id])).toMatchObject([
      { kind: 'merge', actor: 'lin', note: '同一故障', undoneBy: 'lin', undoneAt: clock.now() },
    ]);
  });

  it.each<[string, (ids: [number, number]) => Promise<[number, number]>, RegExp]>([
    [
      'what is undone already',
      async ([first]) => {
        await decide((tx) => discardOutage(tx, first, '', by));
        await undo(first);
        return [first, await lastDecision(first)];
      },
      /undone by lin already/,
    ],
    [
      'what another decision was built upon',
      async ([first, second]) => {
        await decide((tx) => splitOutage(tx, second, ['F2.A.2'], '', by));
        const split = await lastDecision(second);
        await decide((tx) => mergeOutages(tx, second, first, '', by));
        return [second, split];
      },
      /Undo decision \d+ \(merge by lin\) first/,
    ],
    [
      'a field that was set again',
      async ([first]) => {
        await decide((tx) => changeOutage(tx, first, { cause: 'a' }, by));
        const change = await lastDecision(first);
        await decide((tx) => changeOutage(tx, first, { cause: 'b' }, by));
        return [first, change];
      },
      /\(change by lin\) first/,
    ],
    ['what was never decided', async ([first]) => [first, 999_999], /has no decision 999999/],
  ])('refuses %s, and says why', async (_, prepare, why) => {
    const [first, second] = await two();
    const [outageId, decisionId] = await prepare([first.id, second.id]);
    const before = await views();
    await expect(undo(outageId, decisionId)).rejects.toThrow(why);
    expect(await views()).toEqual(before);
  });
});
