import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '../../src/domain/journal-entry.js';
import { step } from '../../src/modules/journal/follow.js';
import { openOrders } from '../../src/modules/supervision/open-orders.js';
import { supervisionFollower } from '../../src/modules/supervision/supervision.follower.js';
import { loadWarnings } from '../../src/modules/supervision/warning-rows.js';
import { TestClock, useDatabase } from '../support/database.js';
import { appendAll, buildSmallCity, catchUp, POLICY } from '../support/small-city.js';

const NEW_YEAR = Date.parse('2027-01-01T00:00:00+08:00');

describe('numbers of supervision orders', () => {
  const clock = new TestClock(NEW_YEAR - 60_000);
  const held = useDatabase(clock);
  let transformers: number[] = [];

  const raise = async (subjectId: number): Promise<NewJournalEntry> => {
    const [row] = await held.db.query<{ id: number }>(
      `insert into warning (kind, severity, subject_type, subject_id, subject_code, subject_name, area, asset_id, title, happened_at,
         known_at, policy_version, evidence)
       values ('complaint_answer_overdue', 'critical', 'complaint', $1, 'K', '', 'north', $2, 't', $3, $3, 1, '{}') returning id`,
      [subjectId, transformers[0], new Date(clock.now())],
    );
    return {
      type: 'warning_raised',
      subjectType: 'warning',
      subjectId: row?.id ?? 0,
      happenedAt: clock.now(),
      data: {
        kind: 'complaint_answer_overdue',
        severity: 'critical',
        status: 'open',
        subjectType: 'complaint',
        subjectId,
        assetId: transformers[0] ?? null,
        outageId: null,
      },
    };
  };
  const numbers = (): Promise<{ year: number; numbers: number[] }[]> =>
    held.db.query(
      'select year, array_agg(number order by number) as numbers from supervision_order group by year order by year',
    );

  beforeAll(async () => {
    ({ transformers } = await buildSmallCity(held.db));
  });

  it('are given once each, without gaps, while three replicas follow the journal at the same time', async () => {
    const entries: NewJournalEntry[] = [];
    for (let subject = 1; subject <= 30; subject += 1) entries.push(await raise(subject));
    // The same warnings are told of twice.
    await appendAll(held.db, ...entries, ...entries);
    const replica = (): ReturnType<typeof step> => step(held.db, { ...supervisionFollower(POLICY), batchSize: 7 });
    for (let round = 0; round < 10; round += 1) await Promise.all([replica(), replica(), replica()]);
    await catchUp(held.db, supervisionFollower(POLICY));
    expect(await numbers()).toEqual([{ year: 2026, numbers: Array.from({ length: 30 }, (_, index) => index + 1) }]);
    expect(await held.db.query('select 1 from follower_failure')).toEqual([]);
  });

  it('come back when the transaction that took them fails', async () => {
    const entry = await raise(31);
    await expect(
      held.db.inTx(async (tx) => {
        await openOrders(tx, POLICY, await loadWarnings(tx, [entry.subjectId]));
        throw new Error('crash before the commit');
      }),
    ).rejects.toThrow('crash');
    await appendAll(held.db, entry);
    await catchUp(held.db, supervisionFollower(POLICY));
    expect((await numbers())[0]?.numbers.at(-1)).toBe(31);
  });

  it("begin again with the year, of the utility's calendar", async () => {
    clock.set(NEW_YEAR);
    await appendAll(held.db, await raise(32));
    await catchUp(held.db, supervisionFollower(POLICY));
    expect((await numbers())[1]).toEqual({ year: 2027, numbers: [1] });
  });
});
