import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { createPool, Database } from '../../src/modules/database/database.js';
import { setDeadlines } from '../../src/modules/deadlines/deadlines.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { TestClock, useDatabase } from '../support/database.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const held = useDatabase(new TestClock(START));
/** Three replicas on one database, each with a wall clock of its own. */
const replicas: { db: Database; clock: TestClock }[] = [];

beforeAll(() => {
  for (let n = 0; n < 3; n += 1) {
    const clock = new TestClock(START);
    replicas.push({ db: new Database(createPool(held.url, 4), clock), clock });
  }
});
afterAll(async () => {
  for (const { db } of replicas) await db.close();
});
beforeEach(async () => {
  for (const { clock } of replicas) clock.set(START);
  await held.db.query('truncate deadline, journal cascade');
});

const of = (n: number): { db: Database; clock: TestClock } => {
  const replica = replicas[n];
  if (replica === undefined) throw new Error(`there is no replica ${n}`);
  return replica;
};

/** Rows that fall due evenly over an hour. */
const fill = (count: number): Promise<object[]> =>
  held.db.query(
    `insert into deadline (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
     select 'reconnection', 'reconnection_order', n, 'due', $1::timestamptz + n * ($3 / $2::integer) * interval '1 ms', '{}', 1
     from generate_series(1, $2::integer) n`,
    [new Date(START), count, HOUR_MS],
  );

const set = (db: Database, id: number, dueAt: number): Promise<void> =>
  db.inTx((tx) =>
    setDeadlines(tx, {
      kind: 'reconnection',
      subjectType: 'reconnection_order',
      subjectId: id,
      policyVersion: 1,
      stages: [{ stage: 'due', dueAt, receipt: {} }],
    }),
  );

/** How often each row fired, and how far from its instant by the clock of who fired it. */
async function account(): Promise<{
  entries: number;
  subjects: number;
  early: number;
  latestMs: number;
  left: number;
}> {
  const [row] = await held.db.query<{
    entries: number;
    subjects: number;
    early: number;
    latestMs: number;
    left: number;
  }>(
    `select count(*)::int as entries, count(distinct subject_id)::int as subjects,
            count(*) filter (where known_at < happened_at)::int as early,
            coalesce(extract(epoch from max(known_at - happened_at)) * 1000, 0)::int as "latestMs",
            (select count(*)::int from deadline where state = 'pending') as left
     from journal where type = 'deadline_fired'`,
  );
  if (row === undefined) throw new Error('no account');
  return row;
}

describe('deadlines and the clocks of three replicas', () => {
  it('fire each of 5,000 within an hour once and within a step of the clock, whoever sweeps', async () => {
    await fill(5_000);
    const STEP_MS = 15_000;
    for (let now = START; now <= START + HOUR_MS; now += STEP_MS) {
      for (const { clock } of replicas) clock.set(now);
      await Promise.all(replicas.map(({ db }) => sweep(db)));
    }
    const { latestMs, ...found } = await account();
    expect(found).toEqual({ entries: 5_000, subjects: 5_000, early: 0, left: 0 });
    expect(latestMs).toBeLessThan(STEP_MS);
  });

  it('do not fire twice when a clock runs ahead and is put back, and do not stop when one runs behind', async () => {
    await fill(600);
    const ahead = of(0);
    const behind = of(1);
    ahead.clock.set(START + 10 * MINUTE_MS);
    behind.clock.set(START - 10 * MINUTE_MS);
    await Promise.all(replicas.map(({ db }) => sweep(db)));
    expect((await account()).entries).toBe(100); // by the clock that runs ahead
    for (let minute = 0; minute <= 60; minute += 1) {
      const now = START + minute * MINUTE_MS;
      ahead.clock.set(now); // put back
      of(2).clock.set(now);
      await Promise.all(replicas.map(({ db }) => sweep(db)));
    }
    expect(await account()).toMatchObject({ entries: 600, subjects: 600, early: 0, left: 0 });
  });

  it('fire what a clock that was put back makes wait, once it gets there again', async () => {
    await fill(60);
    const { db, clock } = of(0);
    clock.set(START + 30 * MINUTE_MS);
    await sweep(db);
    clock.set(START);
    await sweep(db);
    expect((await account()).entries).toBe(30);
    clock.set(START + HOUR_MS);
    await sweep(db);
    expect(await account()).toMatchObject({ entries: 60, subjects: 60, left: 0 });
  });

  it('do not fire again when their owner sets them again to the same instant by a clock that was put back', async () => {
    const { db, clock } = of(0);
    await set(db, 1, START + 10 * MINUTE_MS);
    clock.set(START + 20 * MINUTE_MS);
    await sweep(db);
    clock.set(START);
    await set(db, 1, START + 10 * MINUTE_MS);
    await set(db, 1, START + 5 * MINUTE_MS);
    clock.set(START + 20 * MINUTE_MS);
    await sweep(db);
    expect((await account()).entries).toBe(1);
    await set(db, 1, START + 25 * MINUTE_MS);
    clock.set(START + 25 * MINUTE_MS);
    await sweep(db);
    expect((await account()).entries).toBe(2); // it moved: that is another instant
  });

  it('are all there after a restart of everything in the middle', async () => {
    await fill(600);
    of(0).clock.set(START + 20 * MINUTE_MS);
    await sweep(of(0).db);
    const later = new TestClock(START + 2 * HOUR_MS);
    const restarted = new Database(createPool(held.url, 2), later);
    while ((await sweep(restarted)).fired.length > 0);
    await restarted.close();
    const { entries, subjects, left } = await account();
    expect({ entries, subjects, left }).toEqual({ entries: 600, subjects: 600, left: 0 });
  });
});
