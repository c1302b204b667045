import { describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { createPool, Database } from '../../src/modules/database/database.js';
import { append } from '../../src/modules/journal/append.js';
import { newestPosition, readAfter, readBefore, START } from '../../src/modules/journal/read.js';
import { createTestDatabase, TestClock, useDatabase } from '../support/database.js';
import { eventually } from '../support/service.js';

describe('order of the journal', () => {
  const held = useDatabase();

  it('is that of transaction numbers, not of their text: 9 comes before 10', async () => {
    const { db } = held;
    await db.query(
      `insert into journal (xid, type, subject_type, subject_id, happened_at, known_at, actor, data)
       select n::text::xid8, 'asset_moved', 'asset', n, now(), now(), 'system', '{}'
       from unnest(array[100, 9, 10, 99]) n`,
    );
    expect((await readAfter(db, START, 10)).map((entry) => entry.xid)).toEqual(['9', '10', '99', '100']);
    expect((await readAfter(db, { xid: '9', id: 1_000 }, 2)).map((entry) => entry.xid)).toEqual(['10', '99']);
    expect((await readBefore(db, null, 2)).map((entry) => entry.xid)).toEqual(['100', '99']);
    expect((await newestPosition(db)).xid).toBe('100');
  });

  it('waits for a running transaction of its own database, not for those of others on the same server', async () => {
    const { db } = held;
    const other = await createTestDatabase();
    const stranger = new Database(createPool(other.url, 1), new TestClock());
    const entry = (subjectId: number): NewJournalEntry => ({
      type: 'asset_moved',
      subjectType: 'asset',
      subjectId,
      happenedAt: 0,
      data: { fromParentId: null, toParentId: 1 },
    });
    const ids = async (): Promise<number[]> =>
      (await readAfter(db, START, 100)).map((read) => read.subjectId).filter((id) => id > 1_000);
    const own = await db.pool.connect();
    try {
      await stranger.inTx(async (tx) => {
        await tx.query('select pg_current_xact_id()');
        await db.inTx((mine) => append(mine, [entry(1_001)]));
        // Another file's transaction that ends during a look holds back that one look.
        await eventually(async () => (await ids()).join() === '1001');
        await eventually(async () => (await newestPosition(db)).xid !== '100');

        await own.query('begin');
        await own.query('select pg_current_xact_id()');
        await db.inTx((mine) => append(mine, [entry(1_003)]));
        expect(await ids()).not.toContain(1_003);
        await own.query(
          `insert into journal (type, subject_type, subject_id, happened_at, known_at, actor, data)
           values ('asset_moved', 'asset', 1002, now(), now(), 'system', '{}')`,
        );
        await own.query('commit');
        await eventually(async () => (await ids()).join() === '1001,1002,1003');
      });
    } finally {
      own.release();
      await stranger.close();
      await other.drop();
    }
  });
});
