import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS as HOUR, MINUTE_MS as MINUTE } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import { changeOutage } from '../../src/modules/outages/outage-decisions.js';
import type { OutageChange } from '../../src/modules/outages/outage-decisions.js';
import { OutageOutlooks } from '../../src/modules/outages/outage-outlooks.js';
import type { ActivePolicy } from '../../src/modules/policy/active-policy.js';
import { followerOf } from '../../src/modules/warnings/warnings.follower.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { catchUp, POLICY } from '../support/small-city.js';

const START = Date.parse('2026-07-15T10:00:00+08:00');
const PAST = START - 100 * 24 * HOUR;

describe('the outlook of an outage that lasts', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const settle = async (): Promise<void> => {
    await settleOutages(held.db);
    await catchUp(held.db, followerOf(POLICY));
  };
  const wait = async (until: number): Promise<void> => {
    clock.set(until);
    await settle();
  };
  const idOf = async (): Promise<number> => (await readOutages(held.db)).at(-1)?.id ?? 0;
  const lose = async (): Promise<number> => {
    await tellSupply(held.db, [{ transformerId: grid.get('F1.A.1') ?? 0, to: 'dead', at: START }]);
    await wait(START + 5 * MINUTE);
    return idOf();
  };
  const change = async (id: number, fields: OutageChange): Promise<void> => {
    await held.db.inTx((tx) => changeOutage(tx, id, fields, { actor: 'lin', active: POLICY }));
    await settle();
  };
  /** So many outages of the past that were over after so many minutes. */
  const record = (cases: number, minutes: number, cause = '', state = 'closed'): Promise<object[]> =>
    held.db.query(
      `insert into outage (state, nature, cause, root_asset_id, area, started_at, confirmed_at, ended_at, known_at, policy_version)
       select $6, 'fault', $5, $1, 'F1', $2, $2, $3, $2, 1 from generate_series(1, $4)`,
      [grid.get('F1.A.2'), at(PAST), at(PAST + minutes * MINUTE), cases, cause, state],
    );
  const outlooks = (): OutageOutlooks => new OutageOutlooks(held.db, { at: () => POLICY } as unknown as ActivePolicy);
  const chance = async (id: number): Promise<number | null> => (await outlooks().of([id])).get(id)?.probability ?? null;
  const expected = () =>
    held.db.query<{ status: string; severity: string; outlook: object | null }>(
      `select status, severity, evidence -> 'outlook' as outlook from warning where kind = 'outage_over_8h_expected' order by id`,
    );
  const due = () =>
    held.db.query<{ state: string; due: number }>(
      `select state, due_at as due from deadline where kind = 'outage_outlook'`,
    );

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 1, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, outage_decision, supply_interval, deadline, warning, warning_comment cascade',
    );
  });

  it('is warned of at the very minute from which most of the like outages passed eight hours', async () => {
    await record(60, 90);
    await record(40, 600);
    const id = await lose();
    expect(await chance(id)).toBeCloseTo(0.4, 6);
    expect(await due()).toEqual([{ state: 'pending', due: START + 90 * MINUTE }]);
    await wait(START + 90 * MINUTE - 1);
    expect(await expected()).toEqual([]);
    await wait(START + 90 * MINUTE);
    expect(await expected()).toEqual([
      {
        status: 'open',
        severity: 'minor',
        outlook: { probability: 1, elapsedMinutes: 90, cases: 40, longer: 40, basis: ['nature', 'setting'] },
      },
    ]);
    expect(await chance(id)).toBe(1);
    await wait(START + 4 * HOUR);
    expect(await expected()).toMatchObject([{ status: 'open', outlook: { cases: 40 } }]);
    await wait(START + 8 * HOUR);
    expect(await expected()).toMatchObject([{ status: 'resolved' }]);
  });

  it('is not guessed from fewer cases than the policy asks for, nor from what was discarded', async () => {
    await record(29, 600);
    await record(50, 600, '', 'discarded');
    const id = await lose();
    expect(await chance(id)).toBeNull();
    expect(await due()).toEqual([]);
  });

  it('goes with what a dispatcher finds out: the warning comes and goes with the cause', async () => {
    await record(60, 90);
    await record(5, 600);
    await record(40, 700, '电缆故障');
    const id = await lose();
    await change(id, { cause: '电缆故障' });
    expect(await expected()).toMatchObject([{ status: 'open', outlook: { basis: ['nature', 'cause', 'setting'] } }]);
    await change(id, { cause: '跌落熔断器' });
    expect(await expected()).toMatchObject([{ status: 'resolved' }]);
    expect(await due()).toEqual([{ state: 'pending', due: START + 90 * MINUTE }]);
  });

  it('ends with the outage', async () => {
    await record(60, 90);
    await record(40, 600);
    const id = await lose();
    await tellSupply(held.db, [{ transformerId: grid.get('F1.A.1') ?? 0, to: 'live', at: START + HOUR }]);
    await wait(START + 3 * HOUR);
    expect(await due()).toMatchObject([{ state: 'met' }]);
    expect(await chance(id)).toBeNull();
    expect(await expected()).toEqual([]);
  });
});
