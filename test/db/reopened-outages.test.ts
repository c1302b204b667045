import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS as HOUR, MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import type { Supply } from '../../src/domain/journal-entry.js';
import { at } from '../../src/modules/database/database.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { append } from '../../src/modules/journal/append.js';
import type { Follower } from '../../src/modules/journal/follow.js';
import { followSilence } from '../../src/modules/outages/corroborate.follower.js';
import { changeOutage } from '../../src/modules/outages/outage-decisions.js';
import { followStillOut } from '../../src/modules/outages/still-out.follower.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const SECTION = ['F1.A.1', 'F1.A.2', 'F1.A.3'];

const SILENCE: Follower = {
  name: 'corroboration',
  types: ['supply_changed', 'complaint_received', 'repair_reported', 'deadline_fired'],
  handle: (tx, entries) => followSilence(tx, entries, POLICY),
};
const STILL_OUT: Follower = {
  name: 'still-out',
  types: ['complaint_received', 'repair_reported', 'outage_restored'],
  handle: (tx, entries) => followStillOut(tx, entries, POLICY),
};

describe('an outage that was over', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const idOf = (code: string): number => grid.get(code) ?? 0;

  const settle = async (): Promise<void> => {
    for (;;) {
      await settleOutages(held.db);
      await catchUp(held.db, SILENCE);
      await catchUp(held.db, STILL_OUT);
      await catchUp(held.db, followerOf(POLICY));
      const fired = (await sweep(held.db)).fired.length;
      const [left] = await held.db.query<{ waits: boolean }>(
        `select exists (select from journal j, follower_cursor c where c.follower = 'outages' and (j.xid, j.id) > (c.xid, c.id)) as waits`,
      );
      if (fired === 0 && left?.waits !== true) return;
    }
  };
  const wait = async (until: number): Promise<void> => {
    clock.set(until);
    await settle();
  };
  const heard = (code: string, supply: Supply, since: number): Promise<object[]> =>
    held.db.query(
      `insert into transformer_state (transformer_id, last_ts, last_heard_at, supply, supply_since) values ($1, $2, $2, $3, $2)
       on conflict (transformer_id) do update set supply = $3, supply_since = $2`,
      [idOf(code), at(since), supply],
    );
  const tell = async (to: 'dead' | 'live', moment: number, ...codes: string[]): Promise<void> => {
    clock.set(Math.max(clock.now(), moment));
    for (const code of codes) await heard(code, to, moment);
    await tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: idOf(code), to, at: moment })),
    );
    await settle();
  };
  /** Its terminal says nothing any more. */
  const fallSilent = async (code: string, since: number): Promise<void> => {
    await heard(code, 'unknown', since);
    await held.db.inTx(async (tx) => {
      await tx.query(
        `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`,
        [idOf(code), at(since)],
      );
      const data = { from: 'live' as const, to: 'unknown' as const, source: 'silence' };
      const about = { subjectType: 'transformer' as const, subjectId: idOf(code), happenedAt: since };
      await append(tx, [{ ...about, type: 'supply_changed', data }]);
    });
  };
  let calls = 0;
  const complain = async (account: string, moment: number, text = '还是没电'): Promise<void> => {
    clock.set(Math.max(clock.now(), moment));
    calls += 1;
    await held.db.inTx(async (tx) => {
      const [row] = await tx.query<{ id: number; customerId: number }>(
        `insert into complaint (external_id, channel, category, category_confidence, customer_id, text, received_at, recorded_at)
         select $1, 'hotline', 'outage', 1, id, $3, $4, $4 from customer where account_no = $2
         returning id, customer_id as "customerId"`,
        [`K${calls}`, account, text, at(moment)],
      );
      const { id = 0, customerId = 0 } = row ?? {};
      const data = { channel: 'hotline', category: 'outage', customerId, receivedAt: moment };
      const about = { subjectType: 'complaint' as const, subjectId: id, happenedAt: moment };
      await append(tx, [{ ...about, type: 'complaint_received', data }]);
    });
    await settle();
  };
  const report = async (account: string, moment: number, symptom: string): Promise<void> => {
    clock.set(Math.max(clock.now(), moment));
    await held.db.inTx(async (tx) => {
      const [row] = await tx.query<{ id: number; customerId: number; transformerId: number }>(
        `insert into fault_report (account_no, customer_id, transformer_id, area, symptom, extent, reported_at, recorded_at,
           recorded_by, outcome, given)
         select account_no, id, transformer_id, 'F1', $2, 'unknown', $3, $3, 'lin', 'repair_order', '{}'
         from customer where account_no = $1
         returning id, customer_id as "customerId", transformer_id as "transformerId"`,
        [account, symptom, at(moment)],
      );
      const { id = 0, customerId = 0, transformerId = 0 } = row ?? {};
      const data = { jobId: 1, customerId, transformerId, reportedAt: moment };
      const about = { subjectType: 'repair_order' as const, subjectId: id, happenedAt: moment };
      await append(tx, [{ ...about, type: 'repair_reported', data }]);
    });
    await settle();
  };
  const decide = async (state: 'restored' | 'closed', moment: number): Promise<void> => {
    clock.set(moment);
    const id = (await readOutages(held.db))[0]?.id ?? 0;
    await held.db.inTx((tx) => changeOutage(tx, id, { state }, { actor: 'lin', active: POLICY }));
    await settle();
  };
  const outages = async () =>
    (await readOutages(held.db)).map(({ root, state, startedAt, endedAt, members }) => ({
      root,
      state,
      startedAt,
      endedAt,
      members,
    }));
  const verdicts = async () =>
    (
      await held.db.query<{ verdict: string }>(
        `select data ->> 'verdict' as verdict from journal where type = 'still_out_judged' order by id`,
      )
    ).map(({ verdict }) => verdict);
  const reopenings = async (): Promise<number> =>
    (await held.db.query(`select 1 from journal where type = 'outage_reopened'`)).length;
  const warnings = () =>
    held.db.query<{ kind: string; status: string }>(
      `select kind, status from warning where subject_type = 'outage' order by subject_id, kind`,
    );
  const limits = async (): Promise<number[]> =>
    (
      await held.db.query<{ due: number }>(
        `select due_at as due from deadline where kind = 'outage_ladder' and stage = '8h' and state = 'pending' order by subject_id`,
      )
    ).map(({ due }) => due);

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 2, transformers: 3, customers: 3 });
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
    // F1.B.3 has no terminal.
    await held.db.query(`delete from terminal where code = 'D-F1.B.3'`);
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      `truncate journal, outage, outage_transformer, outage_decision, supply_interval, deadline, warning, warning_comment, complaint,
         complaint_link, fault_report, transformer_state, disconnection cascade`,
    );
  });

  it('on a word in its first minutes, which makes it no momentary one: a caller opens it again', async () => {
    await tell('dead', START, 'F1.A.1');
    await decide('restored', START + MINUTE);
    await complain('F1.A.1/1', START + 10 * MINUTE);
    expect(await outages()).toMatchObject([{ state: 'confirmed', startedAt: START, endedAt: null }]);
    expect(await limits()).toEqual([START + 8 * HOUR]);
  });

  it('on a word, while it is measured dead: one caller opens it again, with its begin, its clock and its warnings', async () => {
    await tell('dead', START, 'F1.A.1');
    await wait(START + 5 * HOUR);
    await decide('restored', START + 5 * HOUR);
    expect(await warnings()).toMatchObject([
      { kind: 'outage', status: 'resolved' },
      { kind: 'outage_over_8h_expected', status: 'resolved' },
    ]);
    await complain('F1.A.1/1', START + 6 * HOUR);
    expect(await outages()).toMatchObject([{ state: 'confirmed', startedAt: START, endedAt: null }]);
    expect(await verdicts()).toEqual(['reopened']);
    expect(await reopenings()).toBe(1);
    expect(await limits()).toEqual([START + 8 * HOUR]);
    expect(await warnings()).toMatchObject([
      { kind: 'outage', status: 'open' },
      { kind: 'outage_over_8h_expected', status: 'open' },
    ]);
    await wait(START + 8 * HOUR);
    expect((await warnings()).filter(({ status }) => status === 'open').map(({ kind }) => kind)).toEqual([
      'outage',
      'outage_over_8h',
    ]);
    await complain('F1.A.1/2', START + 9 * HOUR);
    expect(await reopenings()).toBe(1);
  });

  it.each<[string, () => Promise<void>, string[]]>([
    ['one caller on a live transformer', () => complain('F1.A.1/1', START + 65 * MINUTE), ['single_customer']],
    [
      'three callers on a live transformer',
      async () => {
        for (const n of [1, 2, 3]) await complain(`F1.A.1/${n}`, START + 65 * MINUTE);
      },
      ['single_customer', 'single_customer', 'low_voltage_side'],
    ],
    ['who called before it was over', () => complain('F1.B.3/1', START + 50 * MINUTE), []],
    ['who calls a day later', () => complain('F1.B.3/1', START + 25 * HOUR), []],
    ['who says that power is back', () => complain('F1.B.3/1', START + 65 * MINUTE, '来电了，要求赔偿'), []],
    ['who reports another fault', () => report('F1.B.3/1', START + 65 * MINUTE, '表箱门坏了'), []],
    [
      'who is cut off',
      async () => {
        await held.db.query(
          `insert into disconnection (external_id, customer_id, reason, planned_at, disconnected_at, recorded_at)
           select 'D1', id, 'arrears', $1, $1, $1 from customer where account_no = 'F1.B.3/1'`,
          [at(START)],
        );
        await complain('F1.B.3/1', START + 65 * MINUTE);
      },
      [],
    ],
  ])('measured back, stays over: %s', async (_, happens, expected) => {
    await tell('dead', START, ...SECTION, 'F1.B.1', 'F1.B.2');
    await wait(START + 30 * MINUTE);
    await tell('live', START + HOUR, ...SECTION, 'F1.B.1', 'F1.B.2');
    await happens();
    expect(await outages()).toMatchObject([{ state: 'closed', endedAt: START + HOUR }]);
    expect(await verdicts()).toEqual(expected);
    expect(await reopenings()).toBe(0);
  });

  it.each<[string, () => Promise<void>]>([
    ['a complaint', () => complain('F1.B.3/1', START + 100 * MINUTE)],
    ['a fault report', () => report('F1.B.3/1', START + 100 * MINUTE, '家里没电')],
  ])(
    'by %s of a transformer without a terminal, most being back: nested, suspected, with the original begin',
    async (_, happens) => {
      await tell('dead', START, ...SECTION, 'F1.B.1', 'F1.B.2');
      await wait(START + 30 * MINUTE);
      await tell('live', START + HOUR, ...SECTION, 'F1.B.1', 'F1.B.2');
      await happens();
      expect(await outages()).toMatchObject([
        { root: 'F1', state: 'closed', endedAt: START + HOUR },
        { root: 'F1.B.3', state: 'suspected', startedAt: START, endedAt: null, members: ['F1.B.3'] },
      ]);
      expect(await limits()).toEqual([START + 8 * HOUR]);
      expect(await warnings()).toMatchObject([
        { kind: 'outage', status: 'resolved' },
        { kind: 'outage_suspected', status: 'open' },
      ]);
    },
  );

  it('known to be over only after the call: the caller is heard then', async () => {
    await tell('dead', START, ...SECTION, 'F1.B.1', 'F1.B.2');
    await complain('F1.B.3/1', START + 65 * MINUTE);
    expect(await outages()).toMatchObject([{ state: 'confirmed' }]);
    clock.set(START + 100 * MINUTE);
    await tell('live', START + HOUR, ...SECTION, 'F1.B.1', 'F1.B.2');
    await wait(START + 110 * MINUTE);
    expect(await outages()).toMatchObject([
      { state: 'closed', endedAt: START + HOUR },
      { state: 'suspected', startedAt: START, members: ['F1.B.3'] },
    ]);
  });

  it('of a silent transformer that was ended with its neighbours: its caller keeps it out, whatever they do', async () => {
    await tell('dead', START, 'F1.A.1', 'F1.A.2');
    await fallSilent('F1.A.3', START + MINUTE);
    await wait(START + 10 * MINUTE);
    expect((await outages())[0]?.members).toEqual(SECTION);
    await tell('live', START + HOUR, 'F1.A.1', 'F1.A.2');
    await wait(START + 70 * MINUTE);
    expect(await outages()).toMatchObject([{ state: 'restored', endedAt: START + HOUR }]);
    await complain('F1.A.3/1', START + 2 * HOUR);
    expect((await outages()).at(-1)).toMatchObject({ startedAt: START + MINUTE, endedAt: null, members: ['F1.A.3'] });
    await tell('dead', START + 3 * HOUR, 'F1.A.1');
    await tell('live', START + 4 * HOUR, 'F1.A.1');
    await wait(START + 5 * HOUR);
    expect((await outages()).find(({ members }) => members.includes('F1.A.3') && members.length === 1)).toMatchObject({
      endedAt: null,
    });
  });

  it('closed by a person stays so: the caller is told of, and a person decides', async () => {
    await tell('dead', START, 'F1.A.1');
    await wait(START + 10 * MINUTE);
    await decide('restored', START + HOUR);
    await decide('closed', START + 61 * MINUTE);
    await complain('F1.A.1/1', START + 2 * HOUR);
    expect(await outages()).toMatchObject([{ state: 'closed' }]);
    expect(await verdicts()).toEqual(['decided']);
  });

  it('goes on when supply goes again within ten minutes, its interruptions apart; later it is another', async () => {
    await tell('dead', START, ...SECTION);
    await tell('live', START + HOUR, ...SECTION);
    await tell('dead', START + 68 * MINUTE, ...SECTION);
    expect(await outages()).toMatchObject([{ state: 'confirmed', startedAt: START, endedAt: null }]);
    expect(await reopenings()).toBe(1);
    expect(await limits()).toEqual([START + 8 * HOUR]);
    await tell('live', START + 2 * HOUR, ...SECTION);
    expect(await held.db.query('select count(*) as n, sum(customers) as c from outage_transformer')).toEqual([
      { n: 6, c: 18 },
    ]);
    expect(await held.db.query('select customers_affected as c from outage')).toEqual([{ c: 9 }]);
    await tell('dead', START + 131 * MINUTE, ...SECTION);
    expect(await outages()).toMatchObject([{ state: 'closed' }, { startedAt: START + 131 * MINUTE }]);
  });

  it('goes on where only a part goes again: nested with the original begin, and once more', async () => {
    await tell('dead', START, ...SECTION);
    await tell('live', START + HOUR, ...SECTION);
    await tell('dead', START + 65 * MINUTE, 'F1.A.3');
    await wait(START + 2 * HOUR);
    expect(await outages()).toMatchObject([
      { root: 'F1.A', state: 'closed', endedAt: START + HOUR },
      { root: 'F1.A.3', state: 'confirmed', startedAt: START, endedAt: null },
    ]);
    await tell('live', START + 3 * HOUR, 'F1.A.3');
    await tell('dead', START + 185 * MINUTE, 'F1.A.3');
    expect(await outages()).toMatchObject([
      { state: 'closed' },
      { state: 'confirmed', startedAt: START, endedAt: null },
    ]);
  });
});
