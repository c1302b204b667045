import { describe, expect, it } from '@jest/globals';
import type { JournalEntry, NewJournalEntry } from '../../src/domain/journal-entry.js';
import type { Tx } from '../../src/modules/database/database.js';
import { append } from '../../src/modules/journal/append.js';
import { step } from '../../src/modules/journal/follow.js';
import type { Follower } from '../../src/modules/journal/follow.js';
import { newestPosition, readAfter, START } from '../../src/modules/journal/read.js';
import { useDatabase } from '../support/database.js';
import { eventually } from '../support/service.js';
import { catchUp } from '../support/small-city.js';

const moved = (subjectId: number): NewJournalEntry => ({
  type: 'asset_moved',
  subjectType: 'asset',
  subjectId,
  happenedAt: 1_000,
  data: { fromParentId: null, toParentId: 1 },
});

/** A follower that writes what it sees into a table, so that its effects are part of its transaction. */
const recorder = (name: string, refuse: (entry: JournalEntry) => boolean = () => false): Follower => ({
  name,
  types: ['asset_moved'],
  async handle(tx: Tx, entries: readonly JournalEntry[]) {
    for (const entry of entries) {
      await tx.query('insert into seen (follower, id) values ($1, $2)', [name, entry.subjectId]);
      if (refuse(entry)) throw new Error(`cannot digest ${entry.subjectId}`);
    }
  },
});

describe('journal', () => {
  const held = useDatabase();
  const seen = async (name: string): Promise<number[]> =>
    (await held.db.query<{ id: number }>('select id from seen where follower = $1 order by position', [name])).map(
      (row) => row.id,
    );

  it('shows a late commit with an early number to followers, in transaction order, exactly once', async () => {
    await held.db.query('create table seen (position bigint generated always as identity, follower text, id int)');
    const follower = recorder('late');
    const early = await held.db.pool.connect();
    await early.query('begin');
    await early.query('select pg_current_xact_id()');
    // The early transaction takes its journal number after the late one: numbers and transactions cross.
    await held.db.inTx((tx) => append(tx, [moved(2)]));
    expect(await step(held.db, follower)).toBe('held back'); // entry 2 is committed, but an older transaction still runs
    const earlyTx: Tx = {
      now: 0,
      client: early,
      query: async (text, values = []) => (await early.query(text, [...values])).rows as never,
    };
    await append(earlyTx, [moved(1)]);
    await early.query('commit');
    early.release();
    await catchUp(held.db, follower);
    expect(await seen('late')).toEqual([1, 2]);
    expect((await readAfter(held.db, START, 10, ['asset_moved'])).map((entry) => entry.subjectId)).toEqual([1, 2]);
  });

  it('sets an entry aside that its follower cannot digest, and goes on', async () => {
    const follower = recorder('picky', (entry) => entry.subjectId === 12);
    await held.db.inTx((tx) => append(tx, [moved(11), moved(12), moved(13)]));
    // Steps until one sets the entry aside, then reads to the end: a second refusal would throw.
    const result = await eventually(async () => {
      const result = await step(held.db, follower);
      return typeof result === 'object' && result;
    });
    expect(result.error).toMatchObject({ message: 'cannot digest 12' });
    await catchUp(held.db, follower);
    expect((await seen('picky')).filter((id) => id > 10)).toEqual([11, 13]);
    expect(await held.db.query('select error from follower_failure where follower = $1', ['picky'])).toEqual([
      { error: expect.stringContaining('cannot digest 12') as unknown },
    ]);
  });

  it('lets one of several replicas do the work', async () => {
    const follower = recorder('shared');
    await held.db.inTx((tx) =>
      append(
        tx,
        Array.from({ length: 50 }, (_, index) => moved(100 + index)),
      ),
    );
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 40; round += 1) await step(held.db, { ...follower, batchSize: 7 });
      }),
    );
    await catchUp(held.db, follower);
    const ids = (await seen('shared')).filter((id) => id >= 100);
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => 100 + index));
  });

  it('names the newest readable place', async () => {
    const newest = await newestPosition(held.db);
    expect(await readAfter(held.db, newest, 10)).toEqual([]);
  });
});
