import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';
import { at, atOrNull } from '../../src/modules/database/database.js';
import type { Tx } from '../../src/modules/database/database.js';
import { reportReliability } from '../../src/modules/reports/reliability-report.js';
import type { ReliabilityRow } from '../../src/modules/reports/reliability-report.js';
import { TestClock, useDatabase } from '../support/database.js';
import { CUSTOMERS, HEARD_LONG_AGO, LONG_AGO, NOW, ORACLE, history } from '../support/reliability-oracle.js';
import type { Interval, Stored } from '../support/reliability-oracle.js';
import { POLICY } from '../support/small-city.js';

class Undo extends Error {}

describe('the reliability report', () => {
  const held = useDatabase(new TestClock(NOW));
  const transformers: number[] = [];
  beforeAll(async () => {
    for (const code of ['T1', 'T2', 'T3']) {
      const [row] = await held.db.query<{ id: number }>(
        `insert into asset (code, kind, path, name, area) values ($1, 'transformer', '{}', $1, 'north') returning id`,
        [code],
      );
      transformers.push(row?.id ?? 0);
    }
    await held.db.query(
      `insert into customer (account_no, transformer_id) select 'C' || n, $1 from generate_series(1, $2) n`,
      [transformers[0], CUSTOMERS],
    );
  });

  async function store(tx: Tx, { heard, lost, silent, customers }: Stored) {
    const ids = await tx.query<{ id: number }>('select id from customer order by id');
    for (const [index, { homes, moves }] of customers.entries()) {
      for (const [nth, until] of [...moves, null].entries()) {
        await tx.query(
          'insert into customer_transformer (customer_id, transformer_id, valid_from, valid_to) values ($1, $2, $3, $4)',
          [
            ids[index]?.id,
            transformers[homes[nth] ?? 0],
            nth === 0 ? '-infinity' : at(moves[nth - 1] ?? 0),
            atOrNull(until),
          ],
        );
      }
    }
    for (const [index, transformerId] of transformers.entries()) {
      const word = heard[index] ?? LONG_AGO;
      if (word !== 'no terminal')
        await tx.query(`insert into terminal (code, transformer_id) select 'D' || $1, $1::integer`, [transformerId]);
      if (typeof word === 'number')
        await tx.query('insert into transformer_state (transformer_id, known_since) values ($1, $2)', [
          transformerId,
          at(word),
        ]);
      for (const { from, to, nature } of lost[index] ?? []) {
        await tx.query(
          `with o as (insert into outage (state, nature, root_asset_id, area, started_at, known_at, policy_version)
             values ('confirmed', $4, $1, 'north', $2, $2, 1) returning id)
           insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
           select id, $1, $2, $3, 'reading', 0 from o`,
          [transformerId, at(from), atOrNull(to), nature],
        );
      }
      for (const { from, to } of silent[index] ?? []) {
        await tx.query(
          `insert into supply_interval (transformer_id, state, started_at, ended_at, source) values ($1, 'unknown', $2, $3, 'silence')`,
          [transformerId, at(from), atOrNull(to)],
        );
      }
    }
  }

  const nearly = (value: number | null | undefined): unknown => expect.closeTo(value ?? NaN, 8);

  it('says what an oracle in SQL says, for losses, silences and moves of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (one) => {
        const [from, to] = [Math.min(...one.period), Math.max(...one.period)];
        const checked = held.db.inTx(async (tx) => {
          await store(tx, one);
          const report = await reportReliability(
            tx,
            {
              from,
              to,
              area: null,
              nature: one.nature,
              sustainedMinutes: one.sustained,
              cemiMoreThan: one.more,
              by: 'transformer',
            },
            POLICY,
            true,
          );
          const rows = await tx.query<
            Record<'served' | 'saidi' | 'saifi' | 'maifi' | 'cemi' | 'celid', number> & { key: string; world: string }
          >(ORACLE, [at(from), at(to), at(NOW), one.sustained, one.more, one.nature]);
          expect(report.items.map(({ key }) => key)).toEqual(
            rows
              .filter(({ key, world }) => key !== 'total' && world === 'known')
              .map(({ key }) => key)
              .toSorted(),
          );
          for (const row of [...report.items, report.total]) {
            const find = (world: string) => rows.find((r) => r.key === row.key && r.world === world);
            const [known, unheard, dark] = [find('known'), find('unknown'), find('dark')];
            // The figures lie in their band, whatever is unknown.
            const { unknown } = row;
            for (const [figure, band] of [
              [row.saidiMinutes, unknown.saidiMinutes],
              [row.saifi, unknown.saifi],
              [row.asai, unknown.asai],
              [row.cemi, unknown.cemi],
              [row.celid8, unknown.celid8],
            ] as const)
              if (band !== null) expect(band.min <= (figure ?? NaN) && (figure ?? NaN) <= band.max).toBe(true);
            expect(unknown.minutes).toEqual(nearly(unheard?.saidi));
            const figures = ({ customersServed, saidiMinutes, saifi, maifi, cemi, celid8 }: ReliabilityRow) => ({
              customersServed,
              saidiMinutes,
              saifi,
              maifi,
              cemi,
              celid8,
            });
            expect(figures(row)).toEqual({
              customersServed: known?.served,
              saidiMinutes: nearly(known?.saidi),
              saifi: nearly(known?.saifi),
              maifi: nearly(known?.maifi),
              cemi: nearly(known?.cemi),
              celid8: nearly(known?.celid),
            });
            expect(row.unknown.saidiMinutes).toEqual({
              min: nearly(Math.min(known?.saidi ?? NaN, dark?.saidi ?? NaN)),
              max: nearly(Math.max(known?.saidi ?? NaN, dark?.saidi ?? NaN)),
            });
            for (const [name, of] of [
              ['saifi', 'saifi'],
              ['cemi', 'cemi'],
              ['celid8', 'celid'],
            ] as const)
              expect(row.unknown[name]).toEqual({
                min: nearly(Math.min(known?.[of] ?? NaN, dark?.[of] ?? NaN)),
                max: nearly(Math.max(known?.[of] ?? NaN, dark?.[of] ?? NaN)),
              });
            expect(row.asai).toEqual(nearly(1 - (known?.saidi ?? NaN) / ((to - from) / MINUTE_MS)));
          }
          const minutes = [...report.shares.values()].reduce((sum, { customerMinutes }) => sum + customerMinutes, 0);
          expect(minutes / CUSTOMERS).toEqual(nearly(report.total.saidiMinutes));
          throw new Undo();
        });
        await expect(checked).rejects.toBeInstanceOf(Undo);
      }),
      { numRuns: 40 },
    );
  });

  it('an interruption is as long as it is, also beyond the edges of the report: worked by hand at both', async () => {
    // Reported: one day, one customer's transformer. All times from its midnight.
    const [day, hour] = [Date.parse('2026-07-10T00:00:00+08:00'), 60 * MINUTE_MS];
    const lost = (from: number, to: number): Interval => ({ from: day + from, to: day + to, nature: 'fault' });
    const one: Stored = {
      heard: HEARD_LONG_AGO,
      lost: [
        // Lost from 22:00 to 23:50 of the day before: 110 min, of which none lies in the day.
        [lost(-2 * hour, -hour / 6)],
        // Lost for 7 h after the day's end, then again from 09:00.
        [lost(24.5 * hour, 31.5 * hour), lost(33 * hour, 34 * hour)],
        // Four minutes after the day's end.
        [lost(24 * hour + 2 * MINUTE_MS, 24 * hour + 6 * MINUTE_MS)],
      ],
      silent: [
        // Silent from then until 06:00: as if lost from 22:00 to 06:00, eight hours, of which six lie in the day; begun the day before.
        [lost(-hour / 6, 6 * hour)],
        // Silent from 23:45 to 00:30 and from 07:30 to 09:00: as if lost from 23:45 to 10:00, 10 h 15 min, of which 15 min lie in the day.
        [lost(23.75 * hour, 24.5 * hour), lost(31.5 * hour, 33 * hour)],
        // Silent for the two minutes about midnight: with the loss seven minutes, so sustained, and one of them in the day.
        [lost(24 * hour - MINUTE_MS, 24 * hour + 2 * MINUTE_MS)],
      ],
      customers: [0, 0, 1, 1, 2, 2].map((home) => ({ homes: [home], moves: [] })),
    };
    const checked = held.db.inTx(async (tx) => {
      await store(tx, one);
      const ask = { from: day, to: day + 24 * hour, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 0 };
      const { items } = await reportReliability(tx, { ...ask, by: 'transformer' }, POLICY);
      expect(
        items.map(({ saidiMinutes, unknown: { minutes, saidiMinutes: saidi, saifi, celid8 } }) => [
          saidiMinutes,
          minutes,
          saidi?.max,
          saifi?.max,
          celid8?.max,
        ]),
      ).toEqual([
        [0, 360, 360, 0, 0],
        [0, 15, 15, 1, 1],
        [0, 1, 1, 1, 0],
      ]);
      // Of the day before: 110 min known; with the silence it was 8 h.
      const before = await reportReliability(tx, { ...ask, from: day - 24 * hour, to: day, by: 'transformer' }, POLICY);
      expect(before.items[0]).toMatchObject({ saidiMinutes: 110, celid8: 0, unknown: { celid8: { min: 0, max: 1 } } });
      throw new Undo();
    });
    await expect(checked).rejects.toBeInstanceOf(Undo);
  });

  it('what lies before the first word of a terminal is unknown, and all where no word ever came: worked by hand', async () => {
    // Reported: one day. T1 was heard for the first time at 18:00, and was lost then for an hour, and from 22:00 to 22:30. T2 has a terminal
    // that never said a word, T3 has none.
    const [day, hour] = [Date.parse('2026-07-10T00:00:00+08:00'), 60 * MINUTE_MS];
    const lost = (from: number, minutes: number): Interval => ({
      from: day + from * hour,
      to: day + from * hour + minutes * MINUTE_MS,
      nature: 'fault',
    });
    const one: Stored = {
      heard: [day + 18 * hour, 'never', 'no terminal'],
      lost: [[lost(18, 60), lost(22, 30)], [], []],
      silent: [[], [], []],
      customers: [0, 0, 0, 1, 1, 2].map((home) => ({ homes: [home], moves: [] })),
    };
    const checked = held.db.inTx(async (tx) => {
      await store(tx, one);
      const ask = { from: day, to: day + 24 * hour, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 0 };
      const { items, total } = await reportReliability(tx, { ...ask, by: 'transformer' }, POLICY);
      expect(items.map(({ saidiMinutes, saifi, unknown }) => [saidiMinutes, saifi, unknown])).toEqual([
        // As if lost until 19:00 since before the day, and from 22:00: 1170 of 1440 min, one interruption that began in the day.
        [
          90,
          2,
          {
            minutes: 1080,
            saidiMinutes: { min: 90, max: 1170 },
            saifi: { min: 1, max: 2 },
            asai: { min: 1 - 1170 / 1440, max: 1 - 90 / 1440 },
            cemi: { min: 1, max: 1 },
            celid8: { min: 0, max: 0 },
          },
        ],
        [
          0,
          0,
          {
            minutes: 1440,
            saidiMinutes: { min: 0, max: 1440 },
            saifi: { min: 0, max: 0 },
            asai: { min: 0, max: 1 },
            cemi: { min: 0, max: 0 },
            celid8: { min: 0, max: 0 },
          },
        ],
        [0, 0, expect.objectContaining({ minutes: 0, saidiMinutes: { min: 0, max: 0 } })],
      ]);
      // (3 * 1080 + 2 * 1440) / 6; 3 * 90 / 6; (3 * 1170 + 2 * 1440) / 6
      expect(total).toMatchObject({
        customersUnwatched: 1,
        unknown: { minutes: 1020, saidiMinutes: { min: 45, max: 1065 } },
      });
      throw new Undo();
    });
    await expect(checked).rejects.toBeInstanceOf(Undo);
  });

  it('a move before or after the report is part of how long an interruption was: worked by hand at both edges', async () => {
    const [day, hour] = [Date.parse('2026-07-10T00:00:00+08:00'), 60 * MINUTE_MS];
    const lost = (from: number, to: number): Interval => ({
      from: day + from * hour,
      to: day + to * hour,
      nature: 'fault',
    });
    const one: Stored = {
      heard: HEARD_LONG_AGO,
      lost: [[lost(-7, 1), lost(25, 31)], [lost(-3, 4), lost(22, 32)], []],
      silent: [[], [], []],
      customers: [
        // Stayed on T2: lost from -3 to 4 (7 h), and from 22 to 32 (10 h).
        { homes: [1], moves: [] },
        // Came from T1 an hour before the day: lost from -7 to 4 (11 h), and from 22 to 32.
        { homes: [0, 1], moves: [day - hour] },
        // Left T2 for T3, which has supply, three hours after the day: lost from -3 to 4, and from 22 to 27 (5 h).
        { homes: [1, 2], moves: [day + 27 * hour] },
        // Came from T3, which has supply, an hour before the day: lost from -1 to 4, and from 22 to 32.
        { homes: [2, 1], moves: [day - hour] },
        // Left T2 for T1, lost from 25 to 31, three hours after the day: lost from -3 to 4, and from 22 to 31 (9 h).
        { homes: [1, 0], moves: [day + 27 * hour] },
        { homes: [2], moves: [] },
      ],
    };
    const checked = held.db.inTx(async (tx) => {
      await store(tx, one);
      const asked = { area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 0, by: 'transformer' as const };
      const of = async (from: number, to: number): Promise<unknown> =>
        (await reportReliability(tx, { ...asked, from, to }, POLICY)).items
          .filter(({ key }) => key === 'T2')
          .map(({ customersServed, saidiMinutes, saifi, celid8 }) => [customersServed, saidiMinutes, saifi, celid8]);
      // Of the day: 4 h and 2 h of each; begun in it was only the second one, more than 8 h of four of them.
      expect(await of(day, day + 24 * hour)).toEqual([[5, 360, 1, 0.8]]);
      // Until midnight: begun in it was the first; of 11 h for the second customer. (3 + 7 + 3 + 1 + 3) / 5 h.
      expect(await of(day - 24 * hour, day)).toEqual([[5, 204, 1, 0.2]]);
      throw new Undo();
    });
    await expect(checked).rejects.toBeInstanceOf(Undo);
  });

  it('finds the major event day by the years before it, zero days dropped; an interruption counts on the day it began', async () => {
    const day = (text: string): number => Date.parse(`${text}T00:30:00+08:00`);
    const lost = (from: number, minutes: number): Interval => ({
      from,
      to: from + minutes * MINUTE_MS,
      nature: 'fault',
    });
    // All six customers hang on T1: SAIDI of a day = its minutes. ln 10, ln 20, ln 40: alpha ln 20, beta ln 2, threshold 20 * 2^2.5 = 113.1.
    // 2020 is too far back to count; two minutes are momentary.
    const before = [
      lost(day('2020-06-01'), 9_000),
      lost(day('2021-03-01'), 10),
      lost(day('2023-03-01'), 20),
      lost(day('2025-12-31'), 40),
    ];
    const year = [
      lost(day('2026-02-01'), 113),
      lost(day('2026-03-01'), 2),
      lost(day('2026-04-01') - 60 * MINUTE_MS, 114),
    ];
    const one: Stored = {
      heard: HEARD_LONG_AGO,
      lost: [[...before, ...year], [], []],
      silent: [[], [], []],
      customers: Array.from({ length: CUSTOMERS }, () => ({ homes: [0], moves: [] })),
    };
    const period = { from: Date.parse('2026-01-01T00:00:00+08:00'), to: NOW };
    const checked = held.db.inTx(async (tx) => {
      await store(tx, one);
      const ask = { ...period, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 3, by: 'month' as const };
      const { majorEvents, total, items } = await reportReliability(tx, ask, POLICY);
      expect(majorEvents.thresholds).toEqual([
        expect.objectContaining({ year: 2026, days: 3, tMedMinutes: expect.closeTo(20 * 2 ** 2.5, 6) }),
      ]);
      expect(majorEvents.days).toEqual([
        { date: '2026-03-31', saidiMinutes: expect.closeTo(114, 8), tMedMinutes: expect.closeTo(113.137, 3) },
      ]);
      expect(total).toMatchObject({
        majorEventDays: 1,
        saifi: 2,
        saidiMinutes: 227,
        withoutMajorEventDays: { saifi: 1, saidiMinutes: 113 },
      });
      expect(
        items.map(({ key, majorEventDays, saifi, maifi }) => [key, majorEventDays, saifi, maifi]).slice(0, 4),
      ).toEqual([
        ['2026-01', 0, 0, 0],
        ['2026-02', 0, 1, 0],
        ['2026-03', 1, 1, 1],
        ['2026-04', 0, 0, 0],
      ]);
      throw new Undo();
    });
    await expect(checked).rejects.toBeInstanceOf(Undo);
  });
});
