import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { PolicyInForce } from '../../src/domain/policy-in-force.js';
import type { Policy } from '../../src/domain/policy.js';
import { at } from '../../src/modules/database/database.js';
import type { Tx } from '../../src/modules/database/database.js';
import { reportVoltage } from '../../src/modules/reports/voltage-report.js';
import type { VoltageBy, VoltageRow } from '../../src/modules/reports/voltage-report.js';
import { markLateHours, Rollups } from '../../src/modules/telemetry/rollups.js';
import { TestClock, useDatabase } from '../support/database.js';
import { eventually } from '../support/service.js';
import { POLICY } from '../support/small-city.js';

/** Two days of July, two of August. */
const START = Date.parse('2026-07-30T00:00:00+08:00');
const SPAN_MINUTES = (4 * DAY_MS) / MINUTE_MS;

interface Reading {
  station: 0 | 1;
  minute: number;
  volts: (number | null)[];
}
type Asked = { by: VoltageBy; from: number; to: number };
type Report = { total: VoltageRow; items: VoltageRow[] };

/** The policy with other limits for the area south, and another silence limit everywhere. */
function limits(southLowV: number, silenceIntervals: number): PolicyInForce {
  const change = (lowV: number): Policy => ({
    ...POLICY.policy,
    voltage: { ...POLICY.policy.voltage, lowV },
    supply: { ...POLICY.policy.supply, silenceIntervals },
  });
  const [policy, south] = [change(198), change(southLowV)];
  return { ...POLICY, policy, policyFor: (area) => (area === 'south' ? south : policy) };
}

describe('voltage sums of days', () => {
  const clock = new TestClock(START);
  const held = useDatabase(clock);
  const stations: number[] = [];
  let rules: PolicyInForce;
  const rollups = (): Rollups =>
    new Rollups(
      held.db,
      { policy: { telemetry: { retentionDays: 30 } }, at: () => rules } as never,
      undefined as never,
    );
  const rollUpAll = async (): Promise<void> => {
    while (await rollups().rollUp());
  };

  beforeAll(async () => {
    for (const [code, area] of [
      ['T1', 'north'],
      ['T2', 'south'],
    ] as const) {
      const [row] = await held.db.query<{ id: number }>(
        `with t as (insert into asset (code, kind, path, name, area) values ($1, 'transformer', '{}', $1, $2) returning id),
           s as (insert into transformer_state (transformer_id, last_ts) select id, 'epoch' from t)
         insert into terminal (code, transformer_id) select 'D-' || $1, id from t returning transformer_id as id`,
        [code, area],
      );
      stations.push(row?.id ?? 0);
    }
  });
  const setInterval = (station: 0 | 1, seconds: number) =>
    held.db.query('update terminal set interval_seconds = $2 where transformer_id = $1', [stations[station], seconds]);

  async function startAnew(): Promise<void> {
    await held.db.query(
      'truncate reading, rollup_dirty, voltage_day, voltage_progress, voltage_day_late, voltage_basis',
    );
    // No hours: they are rolled up in storage-profile.test.ts.
    await held.db.query(`update rollup_progress set until = '2100-01-01', readings_from = null`);
    await setInterval(0, 60);
    await setInterval(1, 900);
    clock.set(START);
    rules = limits(198, 3);
  }
  beforeEach(startAnew);

  /** As the ingest transaction does. */
  const store = (readings: readonly Reading[]) => held.db.inTx((tx) => storeIn(tx, readings));
  async function storeIn(tx: Tx, readings: readonly Reading[]): Promise<void> {
    const ids = readings.map(({ station }) => stations[station] ?? 0);
    const ts = readings.map(({ minute }) => START + minute * MINUTE_MS);
    await tx.query(
      `insert into reading (transformer_id, ts, received_at, ua, ub, uc)
         select t, m, m, a, b, c from unnest($1::int[], $2::timestamptz[], $3::real[], $4::real[], $5::real[]) as r(t, m, a, b, c)
         on conflict do nothing`,
      [ids, ts.map(at), ...[0, 1, 2].map((phase) => readings.map(({ volts }) => volts[phase] ?? null))],
    );
    await markLateHours(tx, ids, ts);
  }
  const steady = (volts: number, from: number, to: number): Reading[] =>
    Array.from({ length: to - from }, (_, index) => ({ station: 0, minute: from + index, volts: [volts, 220, 220] }));

  const report = (asked: Asked): Promise<Report> =>
    held.db.snapshot((tx) => reportVoltage(tx, { area: null, ...asked }, rules));

  /** What the same report says where no day has sums. */
  async function reportFromReadings(asked: Asked): Promise<Report> {
    class Undo extends Error {
      constructor(readonly report: Report) {
        super();
      }
    }
    const work = held.db.inTx(async (tx) => {
      await tx.query('delete from voltage_day');
      throw new Undo(await reportVoltage(tx, { area: null, ...asked }, rules));
    });
    const undo = await work.catch((error: unknown) => error);
    if (undo instanceof Undo) return undo.report;
    throw undo;
  }

  it('take the place of the readings, which the report then does not touch', async () => {
    await store(steady(190, 0, 3 * 1440));
    clock.set(START + 3 * DAY_MS);
    await rollUpAll();
    const asked = { by: 'month', from: START, to: START + 3 * DAY_MS } as const;
    const before = await report(asked);
    expect(before).toEqual(await reportFromReadings(asked));
    // Two days are over for more than an hour; of the third the readings count.
    await held.db.query('delete from reading where ts < $1', [at(START + 2 * DAY_MS - 3 * MINUTE_MS)]);
    expect(await report(asked)).toEqual(before);
    expect(before.total.phases.A).toMatchObject({ monitoredMinutes: 3 * 1440, underMinutes: 3 * 1440, ratePercent: 0 });
  });

  it('of days with late readings are set aside at once and worked out again, the neighbour of a midnight too', async () => {
    // A minute before midnight, then nothing until five past: the silence limit of 3 min is passed.
    await store([...steady(190, 0, 1440), ...steady(190, 1445, 2880)]);
    clock.set(START + 3 * DAY_MS);
    await rollUpAll();
    const asked = { by: 'none', from: START, to: START + 2 * DAY_MS } as const;
    expect((await report(asked)).total.phases.A.monitoredMinutes).toBe(2880 - 5);
    await store([{ station: 0, minute: 1442, volts: [190, 220, 220] }]); // 1439 to 1442 and 1442 to 1445 are no silences
    expect((await report(asked)).total.phases.A.monitoredMinutes).toBe(2880);
    await rollups().rollUp(); // takes the mark out, and does no day yet
    expect(await held.db.query('select from rollup_dirty')).toEqual([]);
    expect(await held.db.query('select since from voltage_day_late order by since')).toEqual(
      [0, 1].map((day) => ({ since: START + day * DAY_MS })),
    );
    expect((await report(asked)).total.phases.A.monitoredMinutes).toBe(2880);
    await rollUpAll();
    await held.db.query('delete from reading');
    expect((await report(asked)).total.phases.A.monitoredMinutes).toBe(2880);
  });

  it('are not used for other limits than they were worked out by, and follow the limits', async () => {
    await store(steady(200, 0, 1440).map((reading) => ({ ...reading, station: 1 as const })));
    clock.set(START + 2 * DAY_MS);
    await rollUpAll();
    const under = async () =>
      (await report({ by: 'area', from: START, to: START + DAY_MS })).items.map(({ underMinutes }) => underMinutes);
    expect(await under()).toEqual([0, 0]);
    rules = limits(205, 3);
    expect(await under()).toEqual([0, 1440]);
    await rollUpAll();
    await held.db.query('delete from reading');
    expect(await under()).toEqual([0, 1440]);
    rules = limits(198, 3);
    expect(await under()).toEqual([0, 0]); // nothing is left to judge by these, and what there is was judged by others
  });

  it('stay when their readings are removed, whatever comes late or changes afterwards', async () => {
    await store(steady(190, 0, 2 * 1440));
    clock.set(START + 3 * DAY_MS);
    await rollUpAll();
    const asked = { by: 'none', from: START, to: START + 2 * DAY_MS } as const;
    const before = await report(asked);
    clock.set(START + 31 * DAY_MS + 12 * HOUR_MS); // the first day is beyond the retention, and half of the second
    while (await rollups().retain());
    expect(await held.db.query('select from reading where ts < $1', [at(START + DAY_MS)])).toEqual([]);
    expect(await report(asked)).toEqual(before);
    await store([{ station: 0, minute: 100.5, volts: [220, 220, 220] }]);
    await rollUpAll();
    expect(await report(asked)).toEqual(before);
    rules = limits(205, 5);
    await rollUpAll();
    expect(await report(asked)).toEqual(before);
  });

  it('of a day that a late batch reaches, open while the day is worked out, are not used', async () => {
    await store(steady(190, 0, 1440));
    clock.set(START + 2 * DAY_MS);
    const asked = { by: 'none', from: START, to: START + DAY_MS } as const;
    const late = [{ station: 0 as const, minute: 0.5, volts: [220, 220, 220] }];
    await held.db.inTx(async (tx) => {
      await storeIn(tx, late);
      await rollUpAll();
      expect(await held.db.query('select from voltage_day where transformer_id = $1', [stations[0]])).toHaveLength(1);
    });
    expect((await report(asked)).total.phases.A.underMinutes).toBe(1439.5);
    await rollUpAll();
    expect((await report(asked)).total.phases.A.underMinutes).toBe(1439.5);
  });

  it('are worked out by one replica at a time, which has no transaction number while it reads', async () => {
    await store(steady(190, 0, 1440));
    clock.set(START + 2 * DAY_MS);
    const progress = 'select from voltage_progress';
    while ((await held.db.query(progress)).length === 0) await rollups().rollUp();
    const waiting = `select a.backend_xid as xid from pg_locks l join pg_stat_activity a using (pid)
      where a.backend_type = 'client backend' and l.database = (select oid from pg_database where datname = current_database()) and l.relation = 'reading'::regclass and not l.granted`;
    const work = await held.db.inTx(async (tx) => {
      await tx.query('lock table reading in access exclusive mode');
      const first = rollups().rollUp();
      await eventually(async () => (await held.db.query(waiting)).length > 0);
      expect(await held.db.query(waiting)).toEqual([{ xid: null }]);
      expect(await rollups().rollUp()).toBe(false);
      return { first };
    });
    expect(await work.first).toBe(true);
  });

  it('say what the readings say, for every history of readings, late ones, limits, intervals and work left undone', async () => {
    const minute = fc.oneof(
      fc.integer({ min: 0, max: SPAN_MINUTES }),
      // Around midnights, where one day reaches into the next.
      fc
        .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -40, max: 40 }))
        .map(([day, off]) => Math.max(0, day * 1440 + off)),
    );
    const reading = fc.record({
      station: fc.constantFrom(0 as const, 1 as const),
      minute,
      volts: fc.array(fc.constantFrom(null, 0, 190, 200, 220, 236, 265), { minLength: 3, maxLength: 3 }),
    });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ readings: fc.array(reading, { minLength: 1, maxLength: 25 }) }) },
      { weight: 3, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 4, arbitrary: fc.record({ steps: fc.constantFrom(1, 2, 5, Infinity) }) },
      { weight: 1, arbitrary: fc.record({ lowV: fc.constantFrom(198, 205), silence: fc.constantFrom(1, 3, 20) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          station: fc.constantFrom(0 as const, 1 as const),
          seconds: fc.constantFrom(60, 900, 7200),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 12 }),
        fc.tuple(minute, minute),
        async (steps, [one, other]) => {
          await startAnew();
          const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
          for (const [index, step] of steps.entries()) {
            const now = clock.now();
            if ('readings' in step)
              await store(step.readings.filter((given) => START + given.minute * MINUTE_MS <= now));
            else if ('hours' in step) clock.advance(step.hours * HOUR_MS);
            else if ('lowV' in step) rules = limits(step.lowV, step.silence);
            else if ('seconds' in step) await setInterval(step.station, step.seconds);
            else for (let left = step.steps; left > 0 && (await rollups().rollUp()); left -= 1);
            const asked =
              index % 2 === 0
                ? { by: 'transformer' as const, from: START, to: START + 4 * DAY_MS }
                : { by: 'month' as const, from: START + from * MINUTE_MS, to: START + to * MINUTE_MS };
            expect(await report(asked)).toEqual(await reportFromReadings(asked));
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
