import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { at } from '../../src/modules/database/database.js';
import type { Tx } from '../../src/modules/database/database.js';
import { reportVoltage } from '../../src/modules/reports/voltage-report.js';
import type { VoltageBy, VoltageRow } from '../../src/modules/reports/voltage-report.js';
import { TestClock, useDatabase } from '../support/database.js';
import { POLICY } from '../support/small-city.js';

const NOW = Date.parse('2026-08-02T00:00:00+08:00');
const START = Date.parse('2026-07-31T22:00:00+08:00');
const MIDNIGHT = Date.parse('2026-08-01T00:00:00+08:00');

interface Reading {
  station: 0 | 1;
  minute: number;
  volts: (number | null)[];
}
class Undo extends Error {}

describe('the voltage qualification rate', () => {
  const held = useDatabase(new TestClock(NOW));
  const stations: number[] = [];
  beforeAll(async () => {
    for (const [code, area, seconds] of [
      ['T1', 'north', 60],
      ['T2', 'south', 900],
    ] as const) {
      const [row] = await held.db.query<{ id: number }>(
        `with t as (insert into asset (code, kind, path, name, area) values ($1, 'transformer', '{}', $1, $2) returning id)
         insert into terminal (code, transformer_id, interval_seconds) select 'D-' || $1, id, $3 from t returning transformer_id as id`,
        [code, area, seconds],
      );
      stations.push(row?.id ?? 0);
    }
  });

  const store = (tx: Tx, readings: readonly Reading[]) =>
    tx.query(
      `insert into reading (transformer_id, ts, received_at, ua, ub, uc)
         select t, m, m, a, b, c from unnest($1::int[], $2::timestamptz[], $3::real[], $4::real[], $5::real[]) as r(t, m, a, b, c)`,
      [
        readings.map(({ station }) => stations[station]),
        readings.map(({ minute }) => at(START + minute * MINUTE_MS)),
        ...[0, 1, 2].map((phase) => readings.map(({ volts }) => volts[phase] ?? null)),
      ],
    );

  /** Runs `check` on a database that holds these readings only, and forgets them. */
  async function having(
    readings: readonly Reading[],
    check: (
      report: (by: VoltageBy, from: number, to: number) => Promise<{ total: VoltageRow; items: VoltageRow[] }>,
      tx: Tx,
    ) => Promise<void>,
  ) {
    const work = held.db.inTx(async (tx) => {
      await store(tx, readings);
      await check((by, from, to) => reportVoltage(tx, { area: null, by, from, to }, POLICY), tx);
      throw new Undo();
    });
    await expect(work).rejects.toBeInstanceOf(Undo);
  }
  const steady = (volts: number, minutes: readonly number[]): Reading[] =>
    minutes.map((minute) => ({ station: 0, minute, volts: [volts, 220, 220] }));

  it('by hand: of 10 monitored minutes 2 over and 1 under on phase A are 70 %, of all phases 90 %', async () => {
    const volts = [236, 235.5, 197.9, 198, 235.4, 220, 220, 220, 220, 220];
    const readings = volts.map((a, minute): Reading => ({ station: 0, minute, volts: [a, 220, 220] }));
    await having(readings, async (report) => {
      const { total, items } = await report('transformer', START, MIDNIGHT);
      expect(total.phases.A).toEqual({
        ratePercent: expect.closeTo(70, 10),
        monitoredMinutes: 10,
        overMinutes: 2,
        underMinutes: 1,
      });
      expect(total).toMatchObject({ ratePercent: expect.closeTo(90, 10), monitoredMinutes: 30 });
      expect(items.map(({ key, ratePercent }) => [key, ratePercent])).toEqual([
        ['T1', expect.closeTo(90, 10)],
        ['T2', null],
      ]);
    });
  });

  it('a dead or lost phase, one that was not measured and one beyond the assessment band are not monitored', async () => {
    await having(
      [
        { station: 0, minute: 0, volts: [0, 153.9, null] },
        { station: 0, minute: 1, volts: [154, 264, 264.1] },
      ],
      async (report) => {
        const { phases } = (await report('none', START, MIDNIGHT)).total;
        expect(phases.A).toMatchObject({ monitoredMinutes: 1, underMinutes: 1, overMinutes: 0 });
        expect(phases.B).toMatchObject({ monitoredMinutes: 1, underMinutes: 0, overMinutes: 1 });
        expect(phases.C).toMatchObject({ monitoredMinutes: 0, ratePercent: null });
      },
    );
  });

  it('a reading stands until the next within the silence limit, for one interval before a longer silence, never past now', async () => {
    // At 0 and 3: three intervals are no silence. At 3 and 60: one minute only. At 1559 min (midnight + 1439): one minute, up to now.
    await having(steady(190, [0, 3, 60, 1559]), async (report) => {
      expect((await report('none', START, NOW)).total.phases.A).toMatchObject({ monitoredMinutes: 6, underMinutes: 6 });
    });
  });

  it('late data make it exact again: the gap between 3 and 60 is filled', async () => {
    await having(steady(190, [0, 3, 60]), async (report, tx) => {
      await store(
        tx,
        steady(
          220,
          Array.from({ length: 56 }, (_, index) => index + 4),
        ),
      );
      expect((await report('none', START, NOW)).total.phases.A).toMatchObject({
        monitoredMinutes: 61,
        underMinutes: 5,
      });
    });
  });

  it('says what minutes counted one by one say, for every history; months and areas add up', async () => {
    const reading = fc.record({
      station: fc.constantFrom(0 as const, 1 as const),
      minute: fc.integer({ min: 0, max: 240 }),
      volts: fc.array(fc.constantFrom(null, 0, 150, 154, 190, 198, 220, 235.4, 236, 264, 265), {
        minLength: 3,
        maxLength: 3,
      }),
    });
    const history = fc.uniqueArray(reading, {
      selector: ({ station, minute }) => `${station}@${minute}`,
      maxLength: 60,
    });
    const minute = fc.integer({ min: 0, max: 240 });
    await fc.assert(
      fc.asyncProperty(history, fc.tuple(minute, minute), async (readings, [one, other]) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
        const expected = countMinutes(readings, from, to);
        await having(readings, async (report) => {
          const bounds = [START + from * MINUTE_MS, START + to * MINUTE_MS] as const;
          for (const by of ['transformer', 'area', 'month'] as const) {
            const { total, items } = await report(by, ...bounds);
            for (const [index, phase] of (['A', 'B', 'C'] as const).entries()) {
              const seen = ({ monitoredMinutes, overMinutes, underMinutes }: VoltageRow['phases']['A']) => [
                monitoredMinutes,
                overMinutes,
                underMinutes,
              ];
              expect(seen(total.phases[phase])).toEqual(expected[index]?.map((minutes) => expect.closeTo(minutes, 6)));
              const sums = items
                .map(({ phases }) => seen(phases[phase]))
                .reduce((a, b) => a.map((x, i) => x + (b[i] ?? 0)), [0, 0, 0]);
              expect(sums).toEqual(expected[index]?.map((minutes) => expect.closeTo(minutes, 6)));
            }
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});

/** Each minute of [from, to) asked on its own: [monitored, over, under] by phase, both stations together. */
function countMinutes(readings: readonly Reading[], from: number, to: number): number[][] {
  const counts = [0, 1, 2].map(() => [0, 0, 0]);
  for (const [station, interval] of [
    [0, 1],
    [1, 15],
  ] as const) {
    const own = readings.filter((reading) => reading.station === station).toSorted((a, b) => a.minute - b.minute);
    for (let minute = from; minute < to; minute += 1) {
      const index = own.findLastIndex((reading) => reading.minute <= minute);
      const reading = own[index];
      if (reading === undefined) continue;
      const next = own[index + 1]?.minute ?? Infinity;
      const stands = next - reading.minute <= 3 * interval || minute < reading.minute + interval;
      if (!stands) continue;
      for (const [phase, volts] of reading.volts.entries()) {
        const count = counts[phase];
        if (count === undefined || volts === null || volts < 154 || volts > 264) continue;
        count[0] = (count[0] ?? 0) + 1;
        if (volts > 235.4) count[1] = (count[1] ?? 0) + 1;
        if (volts < 198) count[2] = (count[2] ?? 0) + 1;
      }
    }
  }
  return counts;
}
