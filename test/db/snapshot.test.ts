import { describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';

describe('a snapshot of the database', () => {
  const held = useDatabase();
  const count = async (of: { query: typeof held.db.query }): Promise<number> =>
    (await of.query<{ assets: number }>('select count(*) as assets from asset'))[0]?.assets ?? NaN;
  const write = (code: string): Promise<unknown> =>
    held.db.inTx((tx) =>
      tx.query(`insert into asset (code, kind, path, name) values ($1, 'substation', '{}', $1)`, [code]),
    );

  it('says in its last query what it said in its first, whatever was committed between the two', async () => {
    await held.db.snapshot(async (tx) => {
      expect(await count(tx)).toBe(0);
      await write('S1');
      expect(await count(tx)).toBe(0);
    });
    expect(await count(held.db)).toBe(1);
  });

  it('cannot write, and holds no journal entry back', async () => {
    const horizon = async (): Promise<string> =>
      (await held.db.query<{ horizon: string }>('select journal_horizon()::text as horizon'))[0]?.horizon ?? '';
    await held.db.snapshot(async (tx) => {
      await count(tx);
      const before = await horizon();
      await write('S2');
      // One with a number of its own would stand in the way until it ends.
      expect(BigInt(await horizon())).toBeGreaterThan(BigInt(before));
    });
    await expect(held.db.snapshot((tx) => tx.query('delete from asset'))).rejects.toMatchObject({ code: '25006' });
  });
});
