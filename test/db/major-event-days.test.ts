import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { findMajorEventDays } from '../../src/modules/reports/major-event-days.js';
import { frequentFollowerOf } from '../../src/modules/warnings/frequent-outages.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, reviseSupply, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { catchUp, journalOf, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-01T10:00:00+08:00');
const STORM = START + 10 * DAY_MS;

describe('major event days of the utility', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const follower = frequentFollowerOf(POLICY);
  let grid: Grid;
  const settle = async (): Promise<void> => {
    await settleOutages(held.db);
    await catchUp(held.db, follower);
  };
  const goDark = async (codes: string[], from: number, minutes: number): Promise<void> => {
    const tell = (to: 'dead' | 'live', moment: number) =>
      tellSupply(
        held.db,
        codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at: moment })),
      );
    clock.set(from + minutes * MINUTE_MS);
    await tell('dead', from);
    await tell('live', from + minutes * MINUTE_MS);
    await settle();
  };
  const look = () => held.db.inTx((tx) => findMajorEventDays(tx, POLICY));
  const days = () =>
    held.db.query(
      `select to_char(day, 'YYYY-MM-DD') as day, saidi_minutes as saidi, withdrawn_at is not null as withdrawn from major_event_day`,
    );
  const frequent = async () => {
    const rows = await held.db.query<{ status: string; evidence: { excluded: { reason: string }[] } }>(
      `select status, evidence from warning where kind = 'frequent_outage' and subject_code = 'F1.A.1' order by id`,
    );
    return rows.at(-1);
  };

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 1, transformers: 3, customers: 2 });
    await held.db.query(
      `insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`,
    );
    // Last year all six customers lost supply for 10, 20 and 40 minutes: threshold 20 * 2^2.5 = 113.1 minutes.
    await held.db.query(
      `with o as (
         insert into outage (state, nature, root_asset_id, area, started_at, ended_at, known_at, policy_version)
         select 'closed', 'fault', $1, 'F1', s, s + m * interval '1 minute', s, 1
         from unnest($2::timestamptz[], $3::int[]) as x(s, m) returning id, started_at, ended_at)
       insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
       select o.id, t.id, o.started_at, o.ended_at, 'reading', 2 from o, asset t where t.kind = 'transformer'`,
      [
        grid.get('F1'),
        ['2025-03-01', '2025-05-01', '2025-09-01'].map((day) => at(Date.parse(`${day}T08:00:00+08:00`))),
        [10, 20, 40],
      ],
    );
  });

  it('a storm day is found, leaves the count of frequent outages, and comes back when late data make it an ordinary day', async () => {
    await goDark(['F1.A.1'], START, 60);
    await look();
    expect(await days()).toEqual([]);

    // Two outages in 30 days: an early warning, as long as nobody knows what a day it was.
    await goDark(['F1.A.1', 'F1.A.2', 'F1.A.3'], STORM, 300);
    expect(await frequent()).toMatchObject({ status: 'open' });
    await look();
    expect(await days()).toEqual([{ day: '2026-07-11', saidi: 300, withdrawn: false }]);
    await settle();
    expect(await frequent()).toMatchObject({
      status: 'resolved',
      evidence: { excluded: [{ reason: 'major_event_day' }] },
    });

    clock.advance(HOUR_MS);
    await look();
    expect(await journalOf(held.db, ['major_event_days_changed'])).toMatchObject([
      { subjectType: 'utility', data: { added: [{ date: '2026-07-11' }], withdrawn: [] } },
    ]);

    // Two of the three had been back after ten minutes.
    for (const code of ['F1.A.2', 'F1.A.3']) {
      const id = grid.get(code) ?? 0;
      await reviseSupply(held.db, id, STORM, (tx) =>
        tx.query(
          `update supply_interval set ended_at = $2, revision = revision + 1 where transformer_id = $1 and started_at = $3`,
          [id, at(STORM + 10 * MINUTE_MS), at(STORM)],
        ),
      );
    }
    await settle();
    await look();
    await settle();
    // 300 min for two customers, 10 min for four: 640 / 6.
    expect(await days()).toEqual([{ day: '2026-07-11', saidi: 300, withdrawn: true }]);
    expect(await frequent()).toMatchObject({ status: 'open' });
    const [, second] = await journalOf(held.db, ['major_event_days_changed']);
    expect(second).toMatchObject({ data: { added: [], withdrawn: ['2026-07-11'] } });
  });
});
