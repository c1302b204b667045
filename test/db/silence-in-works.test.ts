import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS as HOUR, MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import type { Supply } from '../../src/domain/journal-entry.js';
import { at } from '../../src/modules/database/database.js';
import { sweep } from '../../src/modules/deadlines/deadline-sweep.js';
import { append } from '../../src/modules/journal/append.js';
import type { Follower } from '../../src/modules/journal/follow.js';
import { followSilence } from '../../src/modules/outages/corroborate.follower.js';
import { cancelPlanned, registerPlanned } from '../../src/modules/outages/planned-outages.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const SECTION = ['F1.A.1', 'F1.A.2', 'F1.A.3'];

const SILENCE: Follower = {
  name: 'corroboration',
  types: ['supply_changed', 'planned_outage_registered', 'planned_outage_cancelled', 'deadline_fired'],
  handle: (tx, entries) => followSilence(tx, entries, POLICY),
};

describe('silence in the window of a planned work', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round += 1) {
      await settleOutages(held.db);
      await catchUp(held.db, SILENCE);
      await catchUp(held.db, followerOf(POLICY));
      await sweep(held.db);
    }
  };
  /** Until the settling time that begins now is over. */
  const wait = async (until: number): Promise<void> => {
    clock.set(until);
    await settle();
    clock.advance(POLICY.policy.corroboration.settleMinutes * MINUTE);
    await settle();
  };
  const change = async (code: string, to: Supply, moment: number): Promise<void> => {
    const transformerId = grid.get(code) ?? 0;
    await held.db.inTx(async (tx) => {
      await tx.query(
        `insert into transformer_state (transformer_id, last_ts, supply, supply_since) values ($1, $2, $3, $2)
         on conflict (transformer_id) do update set supply = $3, supply_since = $2`,
        [transformerId, at(moment), to],
      );
      await tx.query(
        to === 'unknown'
          ? `insert into supply_interval (transformer_id, state, started_at, source) values ($1, 'unknown', $2, 'silence')`
          : `update supply_interval set ended_at = $2, end_source = 'reading' where transformer_id = $1 and ended_at is null`,
        [transformerId, at(moment)],
      );
      const data = { from: 'live' as const, to, source: 'silence' };
      const about = { subjectType: 'transformer' as const, subjectId: transformerId, happenedAt: moment };
      await append(tx, [{ ...about, type: 'supply_changed', data }]);
    });
  };
  const register = (): Promise<{ id: number }> =>
    held.db.inTx((tx) =>
      registerPlanned(
        tx,
        'P',
        { assets: ['F1.A'], startsAt: START, endsAt: START + 4 * HOUR, nature: 'planned', reason: '' },
        'pms',
        POLICY,
      ),
    );
  const outages = async () =>
    held.db.query<object>(
      `select o.state, o.nature, o.planned_outage_id is not null as planned,
         array(select a.code from outage_transformer ot join asset a on a.id = ot.transformer_id
               where ot.outage_id = o.id order by 1) as members
       from outage o order by o.id`,
    );
  const suspected = () => held.db.query<object>(`select status, severity from warning where kind = 'outage_suspected'`);

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 2, transformers: 3, customers: 3 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      `truncate journal, outage, outage_transformer, outage_decision, supply_interval, deadline, warning, warning_comment,
         planned_outage, planned_outage_asset, transformer_state cascade`,
    );
    for (const code of [...SECTION, 'F1.B.1']) await change(code, 'live', START - HOUR);
  });

  it('is the work, suspected, for information; power measured again ends it', async () => {
    const { id } = await register();
    for (const code of SECTION) await change(code, 'unknown', START + MINUTE);
    await wait(START + 10 * MINUTE);
    expect(await outages()).toEqual([{ state: 'suspected', nature: 'planned', planned: true, members: SECTION }]);
    expect(await suspected()).toEqual([{ status: 'open', severity: 'info' }]);
    const [row] = await held.db.query<{ evidence: object }>(
      `select evidence -> 'corroboration' -> 0 as evidence from outage`,
    );
    expect(row?.evidence).toMatchObject({ by: 'planned_work', plannedOutageId: id, silent: 3 });
    for (const code of SECTION) await change(code, 'live', START + 3 * HOUR);
    await wait(START + 3 * HOUR);
    expect((await readOutages(held.db))[0]).toMatchObject({ state: 'closed', endedAt: START + 3 * HOUR });
    expect(await suspected()).toMatchObject([{ status: 'resolved' }]);
  });

  it('is no outage while something below the asset is live, nor before the window, nor without a work', async () => {
    await register();
    await change('F1.A.1', 'unknown', START - 30 * MINUTE);
    await wait(START + 10 * MINUTE);
    expect(await outages()).toEqual([]);
    await change('F1.A.2', 'unknown', START + 5 * MINUTE);
    await change('F1.B.1', 'unknown', START + 5 * MINUTE);
    await wait(START + 20 * MINUTE);
    expect(await outages()).toEqual([]);
  });

  it('is the work that is registered after it, and none any more when the work is cancelled', async () => {
    for (const code of SECTION) await change(code, 'unknown', START + MINUTE);
    await wait(START + 10 * MINUTE);
    expect(await outages()).toEqual([]);
    const { id } = await register();
    await wait(START + 20 * MINUTE);
    expect(await outages()).toMatchObject([{ state: 'suspected', nature: 'planned', members: SECTION }]);
    await held.db.inTx((tx) => cancelPlanned(tx, id, 'pms'));
    await wait(START + 30 * MINUTE);
    expect(await outages()).toMatchObject([{ state: 'discarded', members: [] }]);
  });
});
