import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cancelPlanned, changePlanned, registerPlanned } from '../../src/modules/outages/planned-outages.js';
import type { PlannedOutage, PlannedOutageFields } from '../../src/modules/outages/planned-outages.js';
import { TestClock, useDatabase } from '../support/database.js';
import { buildGrid, readOutages, settleOutages, tellSupply } from '../support/grid.js';
import type { Grid } from '../support/grid.js';
import { POLICY } from '../support/small-city.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.parse('2026-07-15T10:00:00+08:00');

describe('planned outages', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  let grid: Grid;
  const tell = (to: 'dead' | 'live', moment: number, ...codes: string[]): Promise<void> =>
    tellSupply(
      held.db,
      codes.map((code) => ({ transformerId: grid.get(code) ?? 0, to, at: moment })),
    );
  const settle = (): Promise<void> => settleOutages(held.db);
  const outages = () => readOutages(held.db);
  const work: PlannedOutageFields = {
    assets: ['F1.A'],
    startsAt: START,
    endsAt: START + 4 * HOUR,
    nature: 'planned',
    reason: '更换开关',
  };
  const register = (fields: Partial<PlannedOutageFields> = {}, externalId = 'P-1'): Promise<PlannedOutage> =>
    held.db.inTx((tx) => registerPlanned(tx, externalId, { ...work, ...fields }, 'pms', POLICY));
  const journal = async (): Promise<string[]> =>
    (await held.db.query<{ type: string }>(`select type from journal where type like '%outage%' order by id`)).map(
      ({ type }) => type,
    );

  beforeAll(async () => {
    grid = await buildGrid(held.db, { feeders: 1, sections: 2, transformers: 3, customers: 10 });
  });
  beforeEach(async () => {
    clock.set(START);
    await held.db.query(
      'truncate journal, outage, outage_transformer, supply_interval, deadline, planned_outage, planned_outage_asset cascade',
    );
  });

  it('is registered once under its external id, and changed by other content under it', async () => {
    const first = await register();
    expect(await register()).toEqual(first);
    const second = await register({ endsAt: START + 5 * HOUR });
    expect(second).toMatchObject({ id: first.id, endsAt: START + 5 * HOUR, assets: ['F1.A'] });
    expect(await journal()).toEqual(['planned_outage_registered', 'planned_outage_changed']);
  });

  it('names every unknown asset and an end before the start', async () => {
    await expect(register({ assets: ['F1', 'X', 'Y'], endsAt: START })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [
        { path: 'body.assets[1]', message: 'there is no asset "X"' },
        { path: 'body.assets[2]', message: 'there is no asset "Y"' },
        { path: 'body.endsAt', message: 'must be after startsAt' },
      ],
    });
  });

  it('says when it was registered, or moved, later than the rule of its kind demands, with the source', async () => {
    const day = 24 * HOUR;
    const late = async (fields: Partial<PlannedOutageFields>, externalId: string) =>
      (await register({ endsAt: START + 30 * day, ...fields }, externalId)).registeredLate;
    expect(await late({ startsAt: START + 7 * day }, 'A')).toBeNull();
    expect(await late({ startsAt: START + 7 * day - 1 }, 'B')).toMatchObject({ requiredHours: 168, givenHours: 167.9 });
    expect(await late({ startsAt: START + day, nature: 'temporary' }, 'C')).toBeNull();
    expect(await late({ startsAt: START + day - 1, nature: 'temporary' }, 'D')).toMatchObject({
      requiredHours: 24,
      source: expect.stringContaining('电力供应与使用条例'),
    });
    expect(await late({ startsAt: START, nature: 'rationing' }, 'E')).toBeNull();
    clock.set(START + 2 * day);
    expect(await late({ startsAt: START + 7 * day, reason: '只改原因' }, 'A')).toBeNull();
    expect(await late({ startsAt: START + 8 * day }, 'A')).toMatchObject({ givenHours: 144 });
  });

  it('takes the losses below its assets in its window, and leaves others to a fault of their own', async () => {
    const { id } = await register();
    await tell('dead', START - 2 * MINUTE, 'F1.A.1'); // switched a little early
    await tell('dead', START + MINUTE, 'F1.A.2', 'F1.A.3', 'F1.B.1', 'F1.B.2');
    await settle();
    expect(await outages()).toMatchObject([
      { root: 'F1.A', nature: 'planned', eta: START + 4 * HOUR, members: ['F1.A.1', 'F1.A.2', 'F1.A.3'] },
      { root: 'F1.B', nature: 'fault', eta: null, members: ['F1.B.1', 'F1.B.2'] },
    ]);
    expect(await held.db.query('select planned_outage_id as id from outage order by id')).toEqual([
      { id },
      { id: null },
    ]);
  });

  it('leaves losses before and after the window to faults', async () => {
    await register();
    await tell('dead', START - 15 * MINUTE - 1, 'F1.A.1');
    await tell('dead', START + 4 * HOUR, 'F1.A.2');
    await settle();
    expect((await outages()).map(({ nature }) => nature)).toEqual(['fault', 'fault']);
  });

  it('keeps one outage for one work, however far apart its transformers are switched', async () => {
    await register({ assets: ['F1'] });
    await tell('dead', START, 'F1.A.1');
    await settle();
    await tell('dead', START + HOUR, 'F1.B.3');
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1', members: ['F1.A.1', 'F1.B.3'], startedAt: START }]);
  });

  it('watches the overrun and the eight hours', async () => {
    await register();
    await tell('dead', START, 'F1.A.1');
    await settle();
    clock.set(START + 8 * HOUR);
    await settle();
    const stages = await held.db.query(`select kind, stage from deadline where state = 'fired' order by due_at`);
    expect(stages).toEqual([
      { kind: 'outage_momentary', stage: 'confirm' },
      { kind: 'outage_ladder', stage: '4h' },
      { kind: 'planned_overrun', stage: 'end' },
      { kind: 'outage_ladder', stage: '6h' },
      { kind: 'outage_ladder', stage: '8h' },
    ]);
    const [row] = await held.db.query<{ evidence: object }>('select evidence from outage');
    expect(row?.evidence).toMatchObject({ overrunSince: START + 4 * HOUR });
  });

  it('moves the expected restoration when the window moves', async () => {
    const { id } = await register();
    await tell('dead', START, 'F1.A.1');
    await settle();
    await held.db.inTx((tx) => changePlanned(tx, id, { endsAt: START + 9 * HOUR }, 'pms', POLICY));
    await settle();
    expect(await outages()).toMatchObject([{ eta: START + 9 * HOUR, nature: 'planned' }]);
    const [row] = await held.db.query<{ due: number }>(
      `select due_at as due from deadline where kind = 'planned_overrun'`,
    );
    expect(row?.due).toBe(START + 9 * HOUR);
    const [entry] = await held.db.query<{ data: object }>(`select data from journal where type = 'outage_changed'`);
    expect(entry?.data).toMatchObject({
      changed: ['estimatedRestorationAt', 'windowEndsAt'],
      estimatedRestorationAt: START + 9 * HOUR,
    });
  });

  it('takes over a fault when it becomes known late, and gives it back when it is cancelled', async () => {
    await tell('dead', START + MINUTE, 'F1.A.1', 'F1.A.2');
    await settle();
    const { id } = await register();
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', nature: 'planned', eta: START + 4 * HOUR }]);
    await held.db.inTx((tx) => cancelPlanned(tx, id, 'pms'));
    await settle();
    expect(await outages()).toMatchObject([{ root: 'F1.A', nature: 'fault', eta: null }]);
    expect(await held.db.query(`select state from deadline where kind = 'planned_overrun'`)).toEqual([
      { state: 'cancelled' },
    ]);
  });

  it('takes only what lies below it out of a wider fault', async () => {
    await tell('dead', START + MINUTE, 'F1.A.1', 'F1.A.2', 'F1.B.1', 'F1.B.2', 'F1.B.3');
    await settle();
    await register();
    await settle();
    expect(await outages()).toMatchObject([
      { nature: 'fault', members: ['F1.B.1', 'F1.B.2', 'F1.B.3'] },
      { root: 'F1.A', nature: 'planned', members: ['F1.A.1', 'F1.A.2'] },
    ]);
  });
});
