import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assessAbnormalUse } from '../../../src/domain/consumption/abnormal-use.js';
import { readEnergyRows } from '../../../src/domain/consumption/energy-rows.js';
import { monthBefore, spanOf, usableDaysOf } from '../../../src/domain/consumption/month.js';
import type { Absence, MonthOfUse, ReadingKind } from '../../../src/domain/consumption/month.js';
import { assessZeroUse } from '../../../src/domain/consumption/zero-use.js';
import { DAY_MS } from '../../../src/domain/instants.js';

const POLICY = {
  zeroMonths: 6,
  zeroUpToKwh: 1,
  usableDays: 15,
  ownFactor: 3,
  neighbourFactor: 3,
  abnormalFromKwh: 400,
  historyMonths: 3,
  neighbours: 5,
};
const LAST = '2026-07';

/** Newest last; a number was read, null was not, `~n` is an estimate. */
const months = (values: readonly (number | null | `~${number}`)[], last = LAST): MonthOfUse[] =>
  values.map((value, index) => {
    const reading: ReadingKind = value === null ? 'missing' : typeof value === 'number' ? 'actual' : 'estimated';
    const kwh = typeof value === 'string' ? Number(value.slice(1)) : value;
    return { month: monthBefore(last, values.length - 1 - index), kwh, reading };
  });

const absent = (kind: Absence['kind'], month: string, days: number): Absence => {
  const { from } = spanOf(month);
  return { kind, startedAt: from, endedAt: from + days * DAY_MS };
};

describe('months', () => {
  it('are counted back over the turn of the year', () => {
    expect(monthBefore('2026-01')).toBe('2025-12');
    expect(monthBefore('2026-03', 15)).toBe('2024-12');
  });

  it('lose days to what overlaps once only', () => {
    const days = usableDaysOf('2026-07', [
      absent('vacancy', '2026-07', 10),
      absent('outage', '2026-07', 12),
      { kind: 'disconnected', startedAt: spanOf('2026-07').to - 5 * DAY_MS, endedAt: null },
    ]);
    expect(days).toEqual({ days: 31, usable: 14, lost: { vacancy: 10, outage: 2, disconnected: 5 } });
  });

  it('never have fewer usable days than none, nor more than they have', () => {
    const absence = fc.record({
      kind: fc.constantFrom('vacancy', 'disconnected', 'outage'),
      startedAt: fc.integer({ min: spanOf('2026-05').from, max: spanOf('2026-09').to }),
      endedAt: fc.oneof(fc.constant(null), fc.integer({ min: spanOf('2026-05').from, max: spanOf('2026-09').to })),
    });
    fc.assert(
      fc.property(fc.array(absence, { maxLength: 8 }), absence, (absences, one) => {
        const some = usableDaysOf(LAST, absences as Absence[]);
        const more = usableDaysOf(LAST, [...absences, one] as Absence[]);
        expect(some.usable).toBeGreaterThanOrEqual(-1e-9);
        expect(more.usable).toBeLessThanOrEqual(some.usable + 1e-9);
        expect(some.usable + some.lost.outage + some.lost.disconnected + some.lost.vacancy).toBeCloseTo(31, 6);
      }),
    );
  });
});

describe('zero consumption', () => {
  it.each([
    ['six months at zero are a hit', [120, 0, 0, 0, 0, 0, 0], [], true, 6],
    ['five months are not yet', [120, 0, 0, 0, 0, 0], [], false, 5],
    ['what the meter itself shows is zero', [120, 1, 0.4, 1, 0, 1, 0], [], true, 6],
    ['one month of use in between starts anew', [0, 0, 0, 55, 0, 0, 0], [], false, 3],
    ['a month that was not read neither counts nor ends the run', [9, 0, 0, 0, null, 0, 0, 0], [], true, 6],
    ['an estimated zero is no reading', [9, 0, 0, 0, 0, 0, '~0'], [], false, 5],
    ['estimated use ends the run as use does', [0, 0, 0, 0, 0, '~80', 0], [], false, 1],
    ['a month mostly without supply is taken out', [9, 0, 0, 0, 0, 0, 0], [absent('outage', '2026-05', 17)], false, 5],
    ['a month with a short outage still counts', [9, 0, 0, 0, 0, 0, 0], [absent('outage', '2026-05', 3)], true, 6],
    [
      'a month cut off for arrears is taken out',
      [9, 0, 0, 0, 0, 0, 0],
      [absent('disconnected', '2026-07', 31)],
      false,
      5,
    ],
    [
      'a known vacancy is taken out for as long as it lasts',
      [9, 0, 0, 0, 0, 0, 0],
      [absent('vacancy', '2026-02', 130)],
      false,
      2,
    ],
  ] as const)('%s', (_, values, absences, isHit, countedMonths) => {
    expect(assessZeroUse(months(values), absences, LAST, POLICY)).toMatchObject({ isHit, countedMonths });
  });

  it('gives each line its reason', () => {
    const { lines, sinceMonth } = assessZeroUse(
      months([80, 0, null, 0, 0, 0]),
      [absent('outage', '2026-06', 20), absent('vacancy', '2026-05', 31)],
      LAST,
      POLICY,
    );
    expect(lines.map(({ month, reason }) => `${month} ${reason}`)).toEqual([
      '2026-07 zero',
      '2026-06 outage',
      '2026-05 vacancy',
      '2026-04 not_read',
      '2026-03 zero',
      '2026-02 used',
    ]);
    expect(sinceMonth).toBe('2026-03');
  });

  it('never counts more with an absence more, and never a month of use', () => {
    const value = fc.oneof(fc.constant(0), fc.constant(null), fc.integer({ min: 0, max: 5 }));
    const absence = fc
      .tuple(
        fc.constantFrom('outage', 'vacancy', 'disconnected'),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 40 }),
      )
      .map(([kind, back, days]) => absent(kind as Absence['kind'], monthBefore(LAST, back), days));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 24 }),
        fc.array(absence, { maxLength: 4 }),
        (values, absences) => {
          const without = assessZeroUse(months(values), [], LAST, POLICY);
          const withThem = assessZeroUse(months(values), absences, LAST, POLICY);
          expect(withThem.countedMonths).toBeLessThanOrEqual(without.countedMonths);
          for (const line of withThem.lines) if (line.counts) expect(line.kwh).toBeLessThanOrEqual(POLICY.zeroUpToKwh);
          expect(withThem.lines.slice(0, -1).every(({ reason }) => reason !== 'used')).toBe(true);
        },
      ),
    );
  });
});

describe('abnormal consumption of a home', () => {
  const around = (kwhAMonth: number, count = 10) => ({ count, medianKwhPerDay: kwhAMonth / 31 });

  it.each([
    ['five times its own and its neighbours', [150, 160, 150, 155, 800], around(160), 'abnormal', null],
    ['a heat wave lifts all homes alike', [150, 160, 150, 155, 800], around(700), 'usual', null],
    ['a large home always uses that much', [780, 760, 790, 770, 800], around(160), 'usual', null],
    ['a small absolute amount is never abnormal', [20, 20, 20, 20, 300], around(25), 'usual', null],
    ['too few months of history', [150, 800], around(160), 'unknown', 'history'],
    ['too few neighbours', [150, 160, 150, 155, 800], around(160, 3), 'unknown', 'neighbours'],
    ['a month that was not read', [150, 160, 150, 155, null], around(160), 'unknown', 'reading'],
    [
      'a reading that makes good five missing months',
      [150, 160, 150, null, null, null, null, null, 900],
      around(160),
      'usual',
      null,
    ],
    ['a reading that corrects estimates', [150, 160, 150, '~20', '~20', '~20', 600], around(160), 'usual', null],
    [
      'last July was as high (electric heating, tea season)',
      [790, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 800],
      around(100),
      'usual',
      null,
    ],
    ['an empty home that suddenly draws power', [0, 0, 0, 0, 500], around(100), 'abnormal', null],
  ] as const)('%s', (_, values, neighbours, verdict, missing) => {
    expect(assessAbnormalUse(months(values), neighbours, LAST, POLICY)).toMatchObject({ verdict, missing });
  });

  it('never becomes usual by using more', () => {
    const own = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 3, maxLength: 15 });
    fc.assert(
      fc.property(
        own,
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 0, max: 500 }),
        (history, use, more, near) => {
          const judge = (kwh: number) =>
            assessAbnormalUse(months([...history, kwh]), around(near), LAST, POLICY).verdict;
          if (judge(use) === 'abnormal') expect(judge(use + more)).toBe('abnormal');
        },
      ),
    );
  });
});

describe('rows of monthly energy', () => {
  const NOW = Date.parse('2026-08-01T00:00:00+08:00');
  const read = (...cells: Record<string, string>[]) =>
    readEnergyRows(
      cells.map((row, index) => ({ line: index + 2, cells: row })),
      NOW,
    );

  it('takes readings, estimates and what was not read', () => {
    const { rows, rejected } = read(
      { account_no: '1', month: '2026-07', kwh: '12.5' },
      { account_no: '1', month: '2026-06', kwh: '9', reading: 'estimated' },
      { account_no: '1', month: '2026-05', kwh: '' },
    );
    expect(rejected).toEqual([]);
    expect(rows.map(({ month, kwh, reading }) => [month, kwh, reading])).toEqual([
      ['2026-07', 12.5, 'actual'],
      ['2026-06', 9, 'estimated'],
      ['2026-05', null, 'missing'],
    ]);
  });

  it.each([
    [{ account_no: '1', month: '2026-08', kwh: '1' }, 'month 2026-08 is not over yet'],
    [{ account_no: '1', month: '2026-7', kwh: '1' }, 'is not a month; write 2026-07'],
    [{ account_no: '1', month: '2026-07', kwh: '-4' }, 'kwh -4 is outside 0 to 100000000 kWh'],
    [{ account_no: '1', month: '2026-07', kwh: '', reading: 'actual' }, 'reading actual needs a kwh'],
    [{ account_no: '1', month: '2026-07', kwh: '3', reading: 'missing' }, 'reading missing has none'],
    [{ month: '2026-07', kwh: '3' }, 'account_no and month must be given'],
  ])('refuses %j', (cells, reason) => {
    const { rows, rejected } = read(cells as Record<string, string>);
    expect(rows).toEqual([]);
    expect(rejected).toEqual([{ line: 2, reason: expect.stringContaining(reason) as unknown as string }]);
  });

  it('refuses the second row of one month', () => {
    const row = { account_no: '1', month: '2026-07', kwh: '1' };
    expect(read(row, row).rejected).toEqual([{ line: 3, reason: '1 2026-07 stands on line 2 already' }]);
  });
});
