import { describe, expect, it } from '@jest/globals';
import { newestPosition, readAfter, readBefore, START } from '../../src/modules/journal/read.js';
import { useDatabase } from '../support/database.js';

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
});
