import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal-entry.js';
import { at } from '../../src/modules/database/database.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, reviseSupply, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('outages', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const id = (code: string): number => grid.get(code) ?? 0;
  const lose = (moment: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: id(code), to: 'dead', at: moment })),
    );
  const restore = (moment: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: id(code), to: 'live', at: moment })),
    );
  const settle = (batchSize?: number): Promise<void> => settleOutages(held.db, batchSize);
  const outages = () => readOutages(held.db);
  const journal = async (): Promise<string[]> =>
    (
      await held.db.query<JournalEntry>(
        `select type, subject_id as "subjectId", happened_at as "happenedAt" from journal where type like 'outage%' order by id`,
      )
    ).map(({ type, happenedAt }) => `${type} +${(happenedAt - START) / MINUTE}`);
  const ladder = async (kind = 'outage_ladder'): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await held.db.query<{ stage: string; state: string }>(
          'select stage, state from deadline where kind = $1 order by due_at',
          [kind],
        )
      ).map(({ stage, state }) => [stage, state]),
    );

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 2, sections: 2, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, supply_interval, deadline, planned_outage, planned_outage_asset cascade',
    );
  });

  it('opens suspected, is confirmed when it outlasts three minutes, and closes when power is measured everywhere', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    expect(await outages()).toMatchObject([
      {
        root: 'F1.A.1',
        state: 'suspected',
        nature: 'fault',
        startedAt: START,
        affected: 10,
        restored: 0,
        members: ['F1.A.1'],
      },
    ]);
    clock.set(START + 3 * MINUTE - 1);
    await settle();
    expect(await outages()).toMatchObject([{ state: 'suspected' }]);
    clock.set(START + 3 * MINUTE);
    await settle();
    expect(await outages()).toMatchObject([{ state: 'confirmed' }]);
    clock.set(START + 61 * MINUTE);
    await restore(START + HOUR, 'F1.A.1');
    await settle();
    expect(await outages()).toMatchObject([{ state: 'closed', endedAt: START + HOUR, restored: 10, momentary: false }]);
    expect(await journal()).toEqual([
      'outage_opened +0',
      'outage_confirmed +3',
      'outage_restored +60',
      'outage_closed +60',
    ]);
    expect(await ladder()).toEqual({ '4h': 'met', '6h': 'met', '8h': 'met', '12h': 'met', '24h': 'met' });
  });

  it('keeps an interruption of exactly three minutes as momentary, whether the end is known in time or late', async () => {
    await lose(START, 'F1.A.1', 'F2.A.1');
    await settle();
    clock.set(START + 3 * MINUTE - 1);
    await restore(START + 3 * MINUTE - 1, 'F1.A.1');
    await settle();
    clock.set(START + 3 * MINUTE + 500);
    await settle(); // F2.A.1 is confirmed: its end is not known yet
    await restore(START + 3 * MINUTE, 'F2.A.1');
    await settle();
    expect(await outages()).toMatchObject([
      { root: 'F1.A.1', state: 'closed', momentary: true },
      { root: 'F2.A.1', state: 'closed', momentary: true },
    ]);
    expect((await journal()).filter((entry) => entry.startsWith('outage_confirmed'))).toHaveLength(1);
  });

  it('rolls up to the section, then to the feeder, in one outage, whatever the size of the batches', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    await lose(START + MINUTE, 'F1.A.2');
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', members: ['F1.A.1', 'F1.A.2'] }]);
    await lose(START + 2 * MINUTE, 'F1.B.1', 'F1.B.2', 'F2.A.1');
    await settle(1);
    expect(await outages()).toMatchObject([
      { root: 'F1', startedAt: START, affected: 40, members: ['F1.A.1', 'F1.A.2', 'F1.B.1', 'F1.B.2'] },
      { root: 'F2.A.1', members: ['F2.A.1'] },
    ]);
  });

  it('merges outages below the new root and says so; their deadlines are cancelled', async () => {
    await lose(START, 'F1.A.1');
    await lose(START + MINUTE, 'F1.B.1');
    await settle();
    expect((await outages()).map(({ root }) => root)).toEqual(['F1.A.1', 'F1.B.1']);
    await lose(START + 2 * MINUTE, 'F1.B.2');
    await settle();
    const [first, second] = await outages();
    expect(first).toMatchObject({ root: 'F1', members: ['F1.A.1', 'F1.B.1', 'F1.B.2'], startedAt: START });
    expect(second).toMatchObject({ mergedInto: first?.id, state: 'discarded', members: [] });
    expect(await journal()).toContain('outage_merged +2');
    expect(await held.db.query('select distinct state from deadline where subject_id = $1', [second?.id])).toEqual([
      { state: 'cancelled' },
    ]);
  });

  it('asks only transformers that have a terminal how much of an asset is dead', async () => {
    await held.db.query(`delete from terminal where code in ('D-F1.A.2', 'D-F1.B.2', 'D-F1.B.3')`);
    await lose(START, 'F1.A.1', 'F1.B.1');
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1', members: ['F1.A.1', 'F1.B.1'] }]);
    await held.db.query(
      `insert into terminal (code, transformer_id) select 'D-' || code, id from asset where code in ('F1.A.2', 'F1.B.2', 'F1.B.3')`,
    );
  });

  it('keeps losses of different times apart: each has its own eight hours', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    clock.set(START + HOUR);
    await lose(START + HOUR, 'F1.A.2', 'F1.A.3', 'F1.B.1', 'F1.B.2');
    await settle();
    expect(await outages()).toMatchObject([
      { root: 'F1.A.1', startedAt: START },
      { root: 'F1', startedAt: START + HOUR, affected: 40 },
    ]);
  });

  it('restores step by step and keeps what stays dead', async () => {
    await lose(START, 'F1.A.1', 'F1.A.2', 'F1.B.1', 'F1.B.2');
    clock.set(START + 4 * MINUTE);
    await settle();
    await restore(START + 2 * HOUR, 'F1.A.1', 'F1.A.2', 'F1.B.1');
    await settle();
    expect(await outages()).toMatchObject([
      { root: 'F1', state: 'confirmed', affected: 40, restored: 30, endedAt: null },
    ]);
    await restore(START + 3 * HOUR, 'F1.B.2');
    await settle();
    expect(await outages()).toMatchObject([{ state: 'closed', restored: 40, endedAt: START + 3 * HOUR }]);
  });

  it('makes two outages of two losses, also when the news of all four changes is digested at once', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    await restore(START + 10 * MINUTE, 'F1.A.1');
    await lose(START + HOUR, 'F1.A.1');
    await settle();
    expect(await outages()).toMatchObject([
      { startedAt: START, endedAt: START + 10 * MINUTE, state: 'closed' },
      { startedAt: START + HOUR, endedAt: null },
    ]);
  });

  it('does not let silence open or end anything', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    await reviseSupply(held.db, id('F1.B.1'), START, (tx) =>
      tx.query(
        `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
        [id('F1.B.1'), at(START)],
      ),
    );
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A.1', endedAt: null }]);
  });

  it('groups a transformer that was silent before it was found dead with those lost at the same time', async () => {
    await lose(START, 'F1.A.1');
    await settle();
    await reviseSupply(held.db, id('F1.A.2'), START, (tx) =>
      tx.query(
        `insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source) values
         ($1, 'unknown', $2, $3, 'silence', 'reading'), ($1, 'dead', $3, null, 'reading', null)`,
        [id('F1.A.2'), at(START), at(START + 2 * HOUR)],
      ),
    );
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', members: ['F1.A.1', 'F1.A.2'] }]);
  });

  describe('eight hours', () => {
    it('7 h 59 min 59.999 s raises no 8 h stage', async () => {
      await lose(START, 'F1.A.1');
      clock.set(START + 8 * HOUR - 1);
      await settle();
      await restore(START + 8 * HOUR - 1, 'F1.A.1');
      clock.set(START + 9 * HOUR);
      await settle();
      expect(await ladder()).toMatchObject({ '4h': 'fired', '6h': 'fired', '8h': 'met' });
    });

    it('8 h raises it, also when the end is known before the sweep', async () => {
      await lose(START, 'F1.A.1');
      await settle();
      clock.set(START + 8 * HOUR + 100);
      await restore(START + 8 * HOUR, 'F1.A.1');
      await settle();
      expect(await ladder()).toMatchObject({ '8h': 'fired', '12h': 'met' });
    });

    it('takes the stage back when it turns out that power was back before it', async () => {
      await lose(START, 'F1.A.1');
      clock.set(START + 9 * HOUR);
      await settle();
      expect(await ladder()).toMatchObject({ '8h': 'fired' });
      await restore(START + 7 * HOUR, 'F1.A.1');
      await settle();
      expect(await ladder()).toMatchObject({ '6h': 'fired', '8h': 'met' });
      expect(await outages()).toMatchObject([{ state: 'closed', endedAt: START + 7 * HOUR }]);
    });

    it('prints where the limit comes from', async () => {
      await lose(START, 'F1.A.1');
      await settle();
      const [row] = await held.db.query<{ receipt: object }>("select receipt from deadline where stage = '8h'");
      expect(row?.receipt).toMatchObject({ start: START, limitMs: 8 * HOUR, due: START + 8 * HOUR, profile: 'csg' });
      expect(JSON.stringify(row?.receipt)).toContain('预警通知单');
    });
  });

  describe('late data', () => {
    it('moves the begin, the deadlines with it, and counts a revision', async () => {
      await lose(START, 'F1.A.1');
      await settle();
      await reviseSupply(held.db, id('F1.A.1'), START - HOUR, (tx) =>
        tx.query('update supply_interval set started_at = $1, revision = revision + 1', [at(START - HOUR)]),
      );
      await settle();
      expect(await outages()).toMatchObject([{ startedAt: START - HOUR, state: 'confirmed' }]);
      const [row] = await held.db.query<{ due: number }>("select due_at as due from deadline where stage = '8h'");
      expect(row?.due).toBe(START + 7 * HOUR);
      const [entry] = await held.db.query<{ data: object }>("select data from journal where type = 'outage_changed'");
      expect(entry?.data).toMatchObject({ changed: ['startedAt'], why: 'late data: backfill' });
    });

    it('discards an outage that never was', async () => {
      await lose(START, 'F1.A.1');
      await settle();
      await reviseSupply(held.db, id('F1.A.1'), START, (tx) =>
        tx.query('update supply_interval set withdrawn_at = $1', [at(clock.now())]),
      );
      await settle();
      expect(await outages()).toMatchObject([{ state: 'discarded', members: [] }]);
      expect(await ladder()).toMatchObject({ '8h': 'cancelled' });
      expect(await journal()).toEqual(['outage_opened +0', 'outage_discarded +0']);
    });

    it('opens again what had not ended, with its deadlines', async () => {
      await lose(START, 'F1.A.1');
      await settle();
      clock.set(START + HOUR);
      await restore(START + HOUR, 'F1.A.1');
      await settle();
      await reviseSupply(held.db, id('F1.A.1'), START + HOUR, (tx) =>
        tx.query('update supply_interval set ended_at = null, end_source = null'),
      );
      await settle();
      expect(await outages()).toMatchObject([{ state: 'confirmed', endedAt: null, restored: 0 }]);
      expect(await ladder()).toMatchObject({ '4h': 'pending', '8h': 'pending' });
    });

    it('joins an outage that is over already when the whole interval becomes known late', async () => {
      await lose(START, 'F1.A.1', 'F1.A.2');
      await settle();
      clock.set(START + 2 * HOUR);
      await restore(START + HOUR, 'F1.A.1', 'F1.A.2');
      await settle();
      await reviseSupply(held.db, id('F1.A.3'), START, (tx) =>
        tx.query(
          `insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source)
           values ($1, 'dead', $2, $3, 'power_off', 'power_on')`,
          [id('F1.A.3'), at(START + MINUTE), at(START + 90 * MINUTE)],
        ),
      );
      await settle();
      expect(await outages()).toMatchObject([
        { root: 'F1.A', state: 'closed', affected: 30, restored: 30, endedAt: START + 90 * MINUTE },
      ]);
    });

    it.each([
      { what: 'the same transformer was out at another time', to: 'F1.A.1', from: 3 },
      { what: 'another transformer was out instead', to: 'F1.A.3', from: 0 },
    ])('tells that $what, though every sum stays, once', async ({ to, from }) => {
      await lose(START, 'F1.A.1', 'F1.A.2');
      clock.set(START + HOUR);
      await restore(START + 2 * MINUTE, 'F1.A.1');
      await restore(START + HOUR, 'F1.A.2');
      await settle();
      const [before] = await held.db.query<{ revision: number }>('select revision from outage');
      for (const code of new Set(['F1.A.1', to]))
        await reviseSupply(held.db, id(code), START, (tx) =>
          code === to
            ? tx.query(
                `with gone as (update supply_interval set withdrawn_at = $4 where transformer_id = $1)
                 insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source)
                 values ($1, 'dead', $2, $3, 'power_off', 'power_on')`,
                [id(to), at(START + from * MINUTE), at(START + (from + 2) * MINUTE), at(clock.now())],
              )
            : tx.query('update supply_interval set withdrawn_at = $2 where transformer_id = $1', [
                id(code),
                at(clock.now()),
              ]),
        );
      await settle();
      await settle();
      expect(await outages()).toMatchObject([{ root: 'F1.A', state: 'closed', affected: 20, restored: 20 }]);
      const entries = await held.db.query<{ data: object }>(
        `select data from journal where type = 'outage_changed' order by id`,
      );
      expect(entries).toMatchObject([{ data: { changed: ['intervals'], why: 'late data: backfill' } }]);
      expect(await held.db.query('select revision from outage')).toEqual([{ revision: (before?.revision ?? 0) + 1 }]);
    });

    it('tells a long outage that was only learned of afterwards as a confirmed one', async () => {
      clock.set(START + 12 * HOUR);
      await lose(START, 'F1.A.1');
      await restore(START + 9 * HOUR, 'F1.A.1');
      await settle();
      expect(await journal()).toEqual([
        'outage_opened +0',
        'outage_confirmed +3',
        'outage_restored +540',
        'outage_closed +540',
      ]);
      expect(await ladder()).toEqual({ '4h': 'fired', '6h': 'fired', '8h': 'fired', '12h': 'met', '24h': 'met' });
    });
  });

  it('changes nothing when entries are handled twice', async () => {
    await lose(START, 'F1.A.1', 'F1.A.2');
    await settle();
    const before = await outages();
    await held.db.query("update follower_cursor set xid = '0', id = 0");
    await settle();
    expect(await outages()).toEqual(before);
    expect(await journal()).toHaveLength(1);
  });

  it('groups by the network as it was when supply was lost', async () => {
    const move = (code: string, parent: string, moment: number): Promise<unknown> =>
      held.db.inTx(async (tx) => {
        await tx.query('update asset_parent set valid_to = $2 where asset_id = $1 and valid_to is null', [
          id(code),
          at(moment),
        ]);
        await tx.query('insert into asset_parent values ($1, $2, $3, null)', [id(code), id(parent), at(moment)]);
        await tx.query(
          'update asset set parent_id = $2, path = (select path from asset where id = $2) || id where id = $1',
          [id(code), id(parent)],
        );
      });
    await lose(START, 'F1.A.1', 'F1.A.2');
    await move('F1.A.1', 'F2.A', START + 1);
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', members: ['F1.A.1', 'F1.A.2'] }]);
    await move('F1.A.1', 'F1.A', START + 2);
  });
});
