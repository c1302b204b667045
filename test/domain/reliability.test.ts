import { describe, expect, it } from '@jest/globals';
import { monthsWithin } from '../../src/domain/calendar.js';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import type { ReliabilityFigures } from '../../src/domain/reliability-figures.js';
import { ReliabilitySums } from '../../src/domain/reliability-sums.js';
import { without } from '../../src/domain/reliability.js';
import type { CustomerGroup, Interruption, Period, Stretch } from '../../src/domain/reliability.js';

const YEAR = { from: Date.parse('1994-01-01T00:00:00+08:00'), to: Date.parse('1995-01-01T00:00:00+08:00') };
const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const limits = { sustainedMinutes: 5, cemiMoreThan: 3, longHours: 8 };

const group = (transformerId: number, customers: number): CustomerGroup => ({
  customers,
  row: null,
  isWatched: true,
  stays: [{ transformerId, from: -Infinity, to: Infinity }],
});
const lost = (startedAt: number, minutes: number | null, more: Partial<Interruption> = {}): Interruption => ({
  outageId: 1,
  nature: 'fault',
  startedAt,
  endedAt: minutes === null ? null : startedAt + minutes * MINUTE_MS,
  ...more,
});
type By<Value> = readonly (readonly [transformerId: number, Value[]])[];

/** The sums over some groups, fed one transformer after the other. */
function sumsOf<Part extends Period>(
  groups: CustomerGroup[],
  lostBy: By<Interruption>,
  unknown: By<Stretch> = [],
  { period = YEAR, now = NOW, parts = [] as Part[] } = {},
): ReliabilitySums<Part> {
  const rules = { limits, counted: () => true, majorDates: new Set<string>(), now };
  const sums = new ReliabilitySums(groups, period, parts, rules, true);
  const [lost, silent] = [new Map(lostBy), new Map(unknown)];
  for (const id of new Set([...lost.keys(), ...silent.keys()])) sums.add(id, lost.get(id) ?? [], silent.get(id) ?? []);
  return sums;
}
const figures = (
  groups: CustomerGroup[],
  lostBy: By<Interruption>,
  period = YEAR,
  unknown: By<Stretch> = [],
  now = NOW,
): ReliabilityFigures => sumsOf(groups, lostBy, unknown, { period, now }).totals([]).whole;

describe('the yearly example of one circuit with 2,000 customers, in the form of IEEE 1366', () => {
  // Began, lasted h:mm:ss, customers. Nine interruptions, of which two are momentary (30 s and 1 min) at a limit of 5 min.
  const events: [string, string, number][] = [
    ['03-17T12:12:20', '0:08:10', 200],
    ['04-15T18:23:56', '0:00:30', 400],
    ['05-05T00:23:10', '1:11:19', 600],
    ['06-12T23:17:00', '0:30:14', 25],
    ['07-06T09:30:10', '0:01:00', 2000],
    ['08-20T15:45:39', '4:27:11', 90],
    ['08-31T08:20:00', '2:00:00', 700],
    ['09-03T17:10:00', '0:10:00', 1500],
    ['10-27T10:15:00', '0:40:00', 100],
  ];
  // Which customers were hit is not published; let it be always the first ones, so one group between each two numbers.
  const numbers = [...new Set(events.map(([, , customers]) => customers))].toSorted((x, y) => x - y);
  const groups = numbers.map((customers, index) => group(index, customers - (numbers[index - 1] ?? 0)));
  const lostBy = numbers.map((first, index): [number, Interruption[]] => [
    index,
    events
      .filter(([, , customers]) => customers >= first)
      .map(([began, lasted]) => {
        const [h = 0, m = 0, s = 0] = lasted.split(':').map(Number);
        return lost(Date.parse(`1994-${began}+08:00`), h * 60 + m + s / 60);
      }),
  ]);
  const indices = figures(groups, lostBy);

  it('gives the published SAIFI 1.61, SAIDI 86.11 min, CAIDI 53.57 min, ASAI 0.999836', () => {
    // (200+600+25+90+700+1500+100) / 2000 = 3215 / 2000; (1633.3+42790+755.8+24046.5+84000+15000+4000) / 2000 = 172225.7 / 2000
    expect(indices.saifi).toBeCloseTo(1.6075, 10);
    expect(indices.saidiMinutes).toBeCloseTo(86.11, 2);
    expect(indices.caidiMinutes).toBeCloseTo(53.57, 2);
    expect(indices.asai).toBeCloseTo(0.999836, 6);
  });

  it('counts the two short ones as momentary: (400 + 2000) / 2000', () => {
    expect(indices.maifi).toBeCloseTo(1.2, 10);
  });

  it('counts the first 200 customers, with four to seven sustained ones, as more than 3: 200 / 2000; none for 8 h', () => {
    expect(indices).toMatchObject({ customersServed: 2000, cemi: 0.1, celid8: 0 });
  });
});

describe('reliability figures, worked by hand', () => {
  const start = Date.parse('1994-05-01T08:00:00+08:00');

  it('restoration in steps: 100 customers back after 30 min, 50 after 90 min, 50 never out', () => {
    const row = figures(
      [group(1, 100), group(2, 50), group(3, 50)],
      [
        [1, [lost(start, 30)]],
        [2, [lost(start, 90)]],
      ],
    );
    // (100*30 + 50*90) / 200; 150 / 200; 7500 / 150
    expect(row).toMatchObject({ saidiMinutes: 37.5, saifi: 0.75, caidiMinutes: 50, customersServed: 200 });
  });

  it.each([
    ['5 min sharp is momentary', 5, { saifi: 0, maifi: 1, saidiMinutes: 0, caidiMinutes: null }],
    ['a second more is sustained', 5 + 1 / 60, { saifi: 1, maifi: 0 }],
    ['7 h 59 min is not long', 479, { celid8: 0 }],
    ['8 h is long', 480, { celid8: 1 }],
  ])('%s', (_, minutes, expected) => {
    expect(figures([group(1, 10)], [[1, [lost(start, minutes)]]])).toMatchObject(expected);
  });

  it('CEMI counts customers with more than n: 4 of them for n = 3, not 3', () => {
    const often = (times: number) => Array.from({ length: times }, (_, day) => lost(start + day * 24 * HOUR_MS, 10));
    const row = figures(
      [group(1, 30), group(2, 10)],
      [
        [1, often(3)],
        [2, often(4)],
      ],
    );
    expect(row.cemi).toBe(0.25);
  });

  it('an outage over midnight of the first counts where it began, its minutes where they passed', () => {
    const newYear = Date.parse('1995-01-01T00:00:00+08:00');
    const lostBy: [number, Interruption[]][] = [[1, [lost(newYear - 30 * MINUTE_MS, 90)]]];
    const next = { from: newYear, to: newYear + 24 * HOUR_MS };
    expect(figures([group(1, 10)], lostBy)).toMatchObject({ saifi: 1, saidiMinutes: 30 });
    expect(figures([group(1, 10)], lostBy, next)).toMatchObject({ saifi: 0, saidiMinutes: 60, caidiMinutes: null });
  });

  it('an outage that goes on counts up to now and is marked; it is sustained once the limit has passed', () => {
    const from = start - HOUR_MS;
    const at = (now: number) => figures([group(1, 10)], [[1, [lost(start, null)]]], { from, to: now }, [], now);
    expect(at(start + 4 * MINUTE_MS)).toMatchObject({ saifi: 0, maifi: 1, openInterruptions: 0 });
    expect(at(start + 20 * MINUTE_MS)).toMatchObject({ saifi: 1, saidiMinutes: 20, openInterruptions: 10 });
  });

  it('splits fault and planned; the parts add up', () => {
    const row = figures(
      [group(1, 10)],
      [
        [
          1,
          [
            lost(start, 60),
            lost(start + 5 * HOUR_MS, 120, { nature: 'planned' }),
            lost(start + 9 * HOUR_MS, 30, { nature: 'rationing' }),
          ],
        ],
      ],
    );
    expect(row).toMatchObject({
      saidiMinutes: 210,
      fault: { saidiMinutes: 60, saifi: 1 },
      planned: { saidiMinutes: 150, saifi: 2 },
    });
  });

  it('the unknown band: 60 min known, 40 min silence after it that goes on with the loss, 50 min silence elsewhere', () => {
    const row = figures([group(1, 10)], [[1, [lost(start, 60)]]], YEAR, [
      [
        1,
        [
          // Begins inside the loss: only what is beyond it is unknown, and it would lengthen it rather than be a second one.
          { startedAt: start + 30 * MINUTE_MS, endedAt: start + 100 * MINUTE_MS },
          { startedAt: start + 10 * HOUR_MS, endedAt: start + 10 * HOUR_MS + 50 * MINUTE_MS },
        ],
      ],
    ]);
    expect(row.saidiMinutes).toBe(60);
    expect(row.unknown).toMatchObject({
      minutes: 90,
      saidiMinutes: { min: 60, max: 150 },
      saifi: { min: 1, max: 2 },
    });
  });

  it('what is silent before, between and behind losses joins them; without any silence the band is the figure itself', () => {
    const until = (from: number, minutes: number): Stretch => ({
      startedAt: from,
      endedAt: from + minutes * MINUTE_MS,
    });
    // Lost 08:00 to 08:04 and 08:10 to 08:13, both momentary; silent 07:50 to 08:00, 08:04 to 08:10, 08:13 to 16:00: 8 h 10 min in one.
    const losses = [lost(start, 4), lost(start + 10 * MINUTE_MS, 3)];
    const silent = [
      until(start - 10 * MINUTE_MS, 10),
      until(start + 4 * MINUTE_MS, 6),
      until(start + 13 * MINUTE_MS, 467),
    ];
    expect(figures([group(1, 10)], [[1, losses]], YEAR, [[1, silent]])).toMatchObject({
      saidiMinutes: 0,
      maifi: 2,
      unknown: {
        minutes: 483,
        saidiMinutes: { min: 0, max: 490 },
        saifi: { min: 0, max: 1 },
        celid8: { min: 0, max: 1 },
      },
    });
    // One loss right behind the other, as when a dispatcher ends the first: two interruptions in both worlds.
    const two = [lost(start, 30), lost(start + 30 * MINUTE_MS, 30)];
    const elsewhere = [until(start + 9 * HOUR_MS, 60)];
    expect(figures([group(1, 10)], [[1, two]])).toMatchObject({ saifi: 2, unknown: { saifi: { min: 2, max: 2 } } });
    expect(figures([group(1, 10)], [[1, two]], YEAR, [[1, elsewhere]]).unknown.saifi).toEqual({ min: 2, max: 3 });
  });

  it('the parts of a period add up to it, for customers who moved, too', () => {
    const middle = start + 30 * MINUTE_MS;
    const mover: CustomerGroup = {
      ...group(2, 3),
      stays: [
        { transformerId: 1, from: -Infinity, to: middle },
        { transformerId: 2, from: middle, to: Infinity },
      ],
    };
    const parts = [
      { from: YEAR.from, to: middle },
      { from: middle, to: YEAR.to },
    ];
    const lostBy: [number, Interruption[]][] = [
      [1, [lost(start, 60)]],
      [2, [lost(start + HOUR_MS, 120)]],
    ];
    const { whole, parts: halves } = sumsOf([group(1, 10), mover], lostBy, [], { parts }).totals([]);
    expect(halves.map(({ figures: { saidiMinutes, saifi } }) => [(saidiMinutes ?? 0) * 13, (saifi ?? 0) * 13])).toEqual(
      [
        [expect.closeTo(390, 8), 13],
        [expect.closeTo(300 + 360, 8), 3],
      ],
    );
    expect([(whole.saidiMinutes ?? 0) * 13, (whole.saifi ?? 0) * 13]).toEqual([expect.closeTo(1050, 8), 16]);
  });

  describe('of a customer who moved', () => {
    const moved = start + 24 * HOUR_MS;
    const mover: CustomerGroup = {
      ...group(2, 1),
      stays: [
        { transformerId: 1, from: -Infinity, to: moved },
        { transformerId: 2, from: moved, to: Infinity },
      ],
    };
    const around = (before: number, minutes: number | null, more: Partial<Interruption> = {}): Interruption =>
      lost(moved - before * MINUTE_MS, minutes, more);

    it.each<[string, By<Interruption>, Partial<ReliabilityFigures>]>([
      [
        'what happened where it was not is none of its own',
        [
          [1, [lost(start, 60), lost(moved + HOUR_MS, 500)]],
          [2, [lost(start, 700)]],
        ],
        { saidiMinutes: 60, saifi: 1, celid8: 0 },
      ],
      [
        'moved onto supply after 3 h of 10: its interruption ends with the move, and is not a long one',
        [[1, [around(180, 600)]]],
        { saidiMinutes: 180, saifi: 1, caidiMinutes: 180, celid8: 0 },
      ],
      [
        'moved onto supply after 5 min of 10 h: momentary',
        [[1, [around(5, 600)]]],
        { saidiMinutes: 0, saifi: 0, maifi: 1 },
      ],
      [
        'moved out of an outage that is not over: nothing of it is open',
        [[1, [around(180, null)]]],
        { saidiMinutes: 180, openInterruptions: 0 },
      ],
      [
        'moved into an outage of 10 h after 8 h: its interruption begins with the move and lasts 2 h',
        [[2, [around(480, 600)]]],
        { saidiMinutes: 120, saifi: 1, celid8: 0 },
      ],
      [
        'moved from one outage into another: 5 h and 4 h are one of 9 h, of the nature it began with',
        [
          [1, [around(300, 600)]],
          [2, [around(60, 300, { outageId: 2, nature: 'planned' })]],
        ],
        {
          saidiMinutes: 540,
          saifi: 1,
          celid8: 1,
          fault: { saidiMinutes: 540, saifi: 1 },
          planned: { saidiMinutes: 0, saifi: 0 },
        },
      ],
      [
        'moved at the very instant at which one ended and the other began: one, too',
        [
          [1, [around(4, 4)]],
          [2, [around(0, 4)]],
        ],
        { saidiMinutes: 8, saifi: 1, maifi: 0 },
      ],
      [
        'supplied for a minute before the move: two',
        [
          [1, [around(61, 60)]],
          [2, [around(60, 120)]],
        ],
        { saidiMinutes: 120, saifi: 2 },
      ],
    ])('%s', (_, lostBy, expected) => {
      expect(figures([mover], lostBy)).toMatchObject(expected);
    });

    it('silence ends with the move to a transformer that is heard, and begins with the move to one that is not', () => {
      const silent = (from: number, to: number): Stretch => ({
        startedAt: moved + from * MINUTE_MS,
        endedAt: moved + to * MINUTE_MS,
      });
      expect(figures([mover], [], YEAR, [[1, [silent(-600, 600)]]]).unknown).toMatchObject({
        minutes: 600,
        saidiMinutes: { min: 0, max: 600 },
        celid8: { min: 0, max: 1 },
      });
      // Silent there since 10 h before the move and 20 min after it, then lost for 30 min: as if lost for 50.
      const lostBy: By<Interruption> = [[2, [around(-20, 30)]]];
      expect(figures([mover], lostBy, YEAR, [[2, [silent(-600, 20)]]])).toMatchObject({
        saidiMinutes: 30,
        unknown: {
          minutes: 20,
          saidiMinutes: { min: 30, max: 50 },
          saifi: { min: 1, max: 1 },
          celid8: { min: 0, max: 0 },
        },
      });
    });

    it('the outage that it began with has the whole of it; the shares add up', () => {
      const sums = sumsOf(
        [mover],
        [
          [1, [around(300, 600)]],
          [2, [around(60, 300, { outageId: 2 }), around(-600, 10, { outageId: 2 })]],
        ],
      );
      expect(sums.totals([]).whole).toMatchObject({ saidiMinutes: 550, saifi: 2 });
      expect([...sums.shares]).toEqual([
        [1, { nature: 'fault', customerMinutes: 540, customerInterruptions: 1 }],
        [2, { nature: 'fault', customerMinutes: 10, customerInterruptions: 1 }],
      ]);
    });
  });

  it('nobody served: no figures, not zeros', () => {
    expect(figures([], [])).toMatchObject({ customersServed: 0, saidiMinutes: null, asai: null });
  });

  it('shares of the outages add up to the total', () => {
    const groups = [group(1, 100), group(2, 50)];
    const lostBy: [number, Interruption[]][] = [
      [1, [lost(start, 30), lost(start + HOUR_MS, 2, { outageId: 3 })]],
      [2, [lost(start, 90), lost(start + 9 * HOUR_MS, 10, { outageId: 2 })]],
    ];
    expect([...sumsOf(groups, lostBy).shares]).toEqual([
      [1, { nature: 'fault', customerMinutes: 7500, customerInterruptions: 150 }],
      [2, { nature: 'fault', customerMinutes: 500, customerInterruptions: 50 }],
    ]);
  });

  it('takes holes out of stretches', () => {
    const cut = without(
      [{ startedAt: 0, endedAt: 100 }],
      [
        { startedAt: 20, endedAt: 30 },
        { startedAt: 90, endedAt: null },
      ],
      500,
    );
    expect(cut).toEqual([
      { startedAt: 0, endedAt: 20 },
      { startedAt: 30, endedAt: 90 },
    ]);
  });
});

it('months of a period are cut to it', () => {
  const from = Date.parse('2026-01-15T12:00:00+08:00');
  const to = Date.parse('2026-03-01T00:00:00+08:00');
  expect(monthsWithin({ from, to })).toEqual([
    { key: '2026-01', from, to: Date.parse('2026-02-01T00:00:00+08:00') },
    { key: '2026-02', from: Date.parse('2026-02-01T00:00:00+08:00'), to },
  ]);
});
