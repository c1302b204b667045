import { beforeEach, describe, expect, it } from '@jest/globals';
import { setDeadlines, settleDeadlines } from '../../src/modules/deadlines/deadlines.js';
import { sweep, takeUncounted } from '../../src/modules/deadlines/deadline-sweep.js';
import { TestClock, useDatabase } from '../support/database.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('deadlines', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const set = (subjectId: number, stages: Record<string, number>): Promise<void> =>
    held.db.inTx((tx) =>
      setDeadlines(tx, {
        kind: 'outage_ladder',
        subjectType: 'outage',
        subjectId,
        policyVersion: 1,
        stages: Object.entries(stages).map(([stage, dueAt]) => ({ stage, dueAt, receipt: { due: dueAt } })),
      }),
    );
  const settle = (ids: number[], endedAt: number[] | null = null): Promise<void> =>
    held.db.inTx((tx) => settleDeadlines(tx, 'outage_ladder', 'outage', ids, 'met', endedAt));
  const fire = async (): Promise<string[]> =>
    (await sweep(held.db)).fired.map((row) => `${row.subjectId} ${row.stage}`);
  const states = async (subjectId: number): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await held.db.query<{ stage: string; state: string }>(
          'select stage, state from deadline where subject_id = $1 order by stage',
          [subjectId],
        )
      ).map((row) => [row.stage, row.state]),
    );

  beforeEach(async () => {
    clock.set(START);
    await held.db.query('truncate deadline, journal cascade');
  });

  it('fires at its instant and not a millisecond before, with the instant as the time it happened', async () => {
    await set(1, { '8h': START + 8 * HOUR });
    clock.set(START + 8 * HOUR - 1);
    expect(await fire()).toEqual([]);
    clock.advance(1);
    expect(await fire()).toEqual(['1 8h']);
    clock.advance(700);
    expect(await fire()).toEqual([]);
    expect(
      await held.db.query(
        'select type, subject_type as subject, subject_id as id, happened_at as happened, known_at as known, data from journal',
      ),
    ).toEqual([
      {
        type: 'deadline_fired',
        subject: 'outage',
        id: 1,
        happened: START + 8 * HOUR,
        known: START + 8 * HOUR,
        data: expect.objectContaining({ stage: '8h', kind: 'outage_ladder', dueAt: START + 8 * HOUR }) as unknown,
      },
    ]);
  });

  it('fires late, in order, what came due while nobody swept', async () => {
    await set(1, { '8h': START + 8 * HOUR, '4h': START + 4 * HOUR });
    clock.set(START + 9 * HOUR);
    expect(await fire()).toEqual(['1 4h', '1 8h']);
    const rows = await held.db.query<{ delay: number }>(
      'select extract(epoch from known_at - happened_at)::int as delay from journal order by id',
    );
    expect(rows.map((row) => row.delay / 3600)).toEqual([5, 1]);
  });

  it('follows a row that is moved, and fires a fired row again only when it moves into the future', async () => {
    await set(1, { '4h': START + 4 * HOUR });
    await set(1, { '4h': START + 5 * HOUR });
    clock.set(START + 4 * HOUR);
    expect(await fire()).toEqual([]);
    clock.set(START + 5 * HOUR);
    expect(await fire()).toEqual(['1 4h']);
    await set(1, { '4h': START + 3 * HOUR });
    expect(await fire()).toEqual([]);
    await set(1, { '4h': START + 6 * HOUR });
    clock.set(START + 6 * HOUR);
    expect(await fire()).toEqual(['1 4h']);
  });

  it('does not fire what was settled; what is set again runs again', async () => {
    await set(1, { '4h': START + 4 * HOUR });
    await settle([1]);
    clock.set(START + 4 * HOUR);
    expect(await fire()).toEqual([]);
    await set(1, { '4h': START + 4 * HOUR });
    expect(await fire()).toEqual(['1 4h']);
  });

  it('settles by the instant of the end: what was due by then still fires, what fired after it is taken back', async () => {
    await set(1, { '4h': START + 4 * HOUR, '6h': START + 6 * HOUR, '8h': START + 8 * HOUR });
    await set(2, { '4h': START + 4 * HOUR, '8h': START + 8 * HOUR });
    clock.set(START + 5 * HOUR);
    await held.db.query("update deadline set state = 'fired' where subject_id = 2");
    await settle([1, 2], [START + 6 * HOUR, START + 8 * HOUR - 1]);
    expect(await states(1)).toEqual({ '4h': 'pending', '6h': 'pending', '8h': 'met' });
    expect(await states(2)).toEqual({ '4h': 'fired', '8h': 'met' });
  });

  it('does not take out what a sweep fires at the same moment', async () => {
    await set(1, { '8h': START });
    const client = await held.db.pool.connect();
    await client.query('begin');
    await client.query("update deadline set state = 'fired'"); // a sweep that has not committed yet
    const settling = settle([1]);
    await new Promise((done) => setTimeout(done, 100)); // waits for the row
    await client.query('commit');
    client.release();
    await settling;
    expect(await states(1)).toEqual({ '8h': 'fired' });
  });

  it('fires each of 10,000 rows that are due at once exactly once, with three sweepers of which one breaks down', async () => {
    await held.db.query(
      `insert into deadline (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
       select 'outage_ladder', 'outage', n, '8h', $1, '{}', 1 from generate_series(1, 10000) n`,
      [new Date(START)],
    );
    const run = async (steps: number): Promise<number> => {
      let fired = 0;
      for (let step = 0; step < steps; step += 1) {
        const { length } = (await sweep(held.db)).fired;
        fired += length;
        if (length === 0) break;
      }
      return fired;
    };
    const counts = await Promise.all([run(1_000), run(1_000), run(2)]);
    const total = counts.reduce((sum, count) => sum + count, 0) + (await run(1_000));
    expect(total).toBe(10_000);
    expect(
      await held.db.query(
        "select count(*) as entries, count(distinct subject_id) as subjects from journal where type = 'deadline_fired'",
      ),
    ).toEqual([{ entries: 10_000, subjects: 10_000 }]);
  });

  it('leaves nothing fired when the commit fails', async () => {
    await set(1, { '8h': START });
    await held.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused' using errcode = '23514'; end $$`,
    );
    await held.db.query(
      'create constraint trigger refuse after insert on journal deferrable initially deferred for each row execute function refuse()',
    );
    await expect(sweep(held.db)).rejects.toThrow('refused');
    await held.db.query('drop trigger refuse on journal');
    expect(await states(1)).toEqual({ '8h': 'pending' });
    expect(await fire()).toEqual(['1 8h']);
  });

  it('counts the end of each deadline once, whichever replica asks', async () => {
    await set(1, { '4h': START, '6h': START + 6 * HOUR, '8h': START + 8 * HOUR });
    await fire();
    await settle([1]);
    const counted = (await Promise.all([takeUncounted(held.db), takeUncounted(held.db)])).flat();
    expect(counted.map((row) => row.state).sort()).toEqual(['fired', 'met', 'met']);
    expect(await takeUncounted(held.db)).toEqual([]);
  });
});
