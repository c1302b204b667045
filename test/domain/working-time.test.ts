import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, HOUR_MS, MINUTE_MS } from '../../src/domain/instants.js';
import { limitText, readLimit } from '../../src/domain/limit.js';
import { dayAt, readDayParts } from '../../src/domain/working-calendar.js';
import { addWorkingTime, dueAfter, mergeSpans, workingTimeBetween } from '../../src/domain/working-time.js';
import { CALENDAR } from '../support/calendars.js';

const at = (local: string): number => Date.parse(`${local}:00+08:00`);
const shown = (epochMs: number): string => formatInstant(epochMs).slice(0, 16);
const limitOf = (text: string) => readLimit(text) ?? { amount: 0, unit: 'minutes' as const };
const due = (start: string, limit: string): string => shown(dueAfter(at(start), limitOf(limit), CALENDAR).due);

describe('working days', () => {
  it.each([
    ['a plain week: the day of receipt is not counted', '2026-11-16T09:00', '4 working days', '2026-11-20T18:00'],
    ['received after hours: the same', '2026-11-16T23:59', '4 working days', '2026-11-20T18:00'],
    ['over a weekend', '2026-11-19T09:00', '4 working days', '2026-11-25T18:00'],
    ['received on a Saturday: Monday is the first', '2026-11-21T09:00', '1 working day', '2026-11-23T18:00'],
    [
      'National Day 2026: seven days off, Saturday the 10th made up',
      '2026-09-30T10:00',
      '4 working days',
      '2026-10-12T18:00',
    ],
    [
      'Sunday 20 September 2026 is made up before the holidays',
      '2026-09-18T10:00',
      '4 working days',
      '2026-09-23T18:00',
    ],
    ['Mid-Autumn and National Day 2026 in one limit', '2026-09-24T10:00', '4 working days', '2026-10-08T18:00'],
    [
      'Spring Festival 2026: Saturday before it works, then nine days off',
      '2026-02-13T10:00',
      '4 working days',
      '2026-02-26T18:00',
    ],
    ['the Saturday after Spring Festival 2026 works', '2026-02-26T10:00', '4 working days', '2026-03-03T18:00'],
    ['received in the middle of the holiday', '2026-02-17T10:00', '1 working day', '2026-02-24T18:00'],
    ['National Day and Mid-Autumn 2025: eight days off', '2025-09-26T10:00', '4 working days', '2025-10-09T18:00'],
    ['ten days over it, with both made-up days', '2025-09-26T10:00', '10 working days', '2025-10-16T18:00'],
    ['over the end of a year, both with a calendar', '2025-12-30T10:00', '3 working days', '2026-01-05T18:00'],
  ])('%s', (_, start, limit, expected) => {
    expect(due(start, limit)).toBe(expected);
  });

  it('takes a stage before the limit at a share of its working time', () => {
    const stage = (share: number): string =>
      shown(dueAfter(at('2026-11-16T09:00'), limitOf('4 working days'), CALENDAR, { share }).due);
    expect([0.5, 0.75, 0.9].map(stage)).toEqual(['2026-11-18T18:00', '2026-11-19T18:00', '2026-11-20T15:12']);
  });
});

describe('working hours', () => {
  it.each([
    ['within a morning', '2026-11-16T09:00', '2 working hours', '2026-11-16T11:00'],
    ['over noon', '2026-11-16T11:00', '2 working hours', '2026-11-16T15:30'],
    ['ends with the day, not with the next morning', '2026-11-16T16:00', '2 working hours', '2026-11-16T18:00'],
    ['from the evening before a holiday', '2026-09-30T16:30', '8 working hours', '2026-10-08T17:30'],
    ['asked on a Sunday', '2026-11-22T15:00', '30 working minutes', '2026-11-23T09:00'],
  ])('%s', (_, start, limit, expected) => {
    expect(due(start, limit)).toBe(expected);
  });

  it('does not let elapsed hours and days know of weekends', () => {
    expect([due('2026-11-20T17:00', '24 hours'), due('2026-11-20T17:00', '7 days')]).toEqual([
      '2026-11-21T17:00',
      '2026-11-27T17:00',
    ]);
  });

  it('counts by the clock on the wall', () => {
    expect(dayAt(at('2026-10-10T12:00'), CALENDAR)).toMatchObject({ works: true, why: 'made_up' });
    expect(dayAt(at('2026-10-11T12:00'), CALENDAR)).toMatchObject({ works: false, why: 'weekend' });
  });
});

describe('a limit without a calendar', () => {
  it('says which year it lacks, leaves out its weekends, and is right once the calendar is there', () => {
    const ask = (years = CALENDAR.years) =>
      dueAfter(at('2026-12-30T10:00'), limitOf('4 working days'), { ...CALENDAR, years });
    expect(shown(ask().due)).toBe('2027-01-05T18:00');
    expect(ask().working?.withoutCalendar).toEqual([2027]);
    const holidays = [{ from: '2026-12-31', to: '2027-01-03', zh: '元旦', en: "New Year's Day" }];
    const next = { year: 2027, holidays, workingDays: ['2027-01-09'], source: 'a notice' };
    const known = ask(new Map([...CALENDAR.years, [2027, next]]));
    // The notice of a year also speaks of the last days of the year before.
    expect(shown(known.due)).toBe('2027-01-07T18:00');
    expect(known.working).toMatchObject({
      withoutCalendar: [],
      skipped: [{ from: '2026-12-31', to: '2027-01-03', days: 4 }],
    });
  });

  it('names the holidays, weekends and made-up days that it met', () => {
    expect(dueAfter(at('2026-09-30T10:00'), limitOf('4 working days'), CALENDAR).working).toEqual({
      hours: ['08:30-12:00', '14:30-18:00'],
      dayMs: 7 * HOUR_MS,
      skipped: [
        { from: '2026-10-01', to: '2026-10-07', days: 7, zh: '国庆节', en: 'National Day' },
        { from: '2026-10-11', to: '2026-10-11', days: 1, zh: '周末', en: 'weekend' },
      ],
      madeUp: ['2026-10-10'],
      withoutCalendar: [],
      calendars: [CALENDAR.years.get(2026)?.source],
    });
  });
});

describe('pauses', () => {
  const span = (from: string, to: string | null) => ({ from: at(from), to: to === null ? Infinity : at(to) });
  const paused = (limit: string, ...pauses: ReturnType<typeof span>[]): { due: string; stopped: boolean } => {
    const found = dueAfter(at('2026-11-16T10:00'), limitOf(limit), CALENDAR, { pauses });
    return { due: shown(found.due), stopped: found.stopped };
  };

  it.each([
    [
      'moves elapsed time by its length',
      '24 hours',
      [span('2026-11-16T12:00', '2026-11-16T15:00')],
      '2026-11-17T13:00',
    ],
    [
      'overlapping ones count once',
      '24 hours',
      [span('2026-11-16T12:00', '2026-11-16T15:00'), span('2026-11-16T14:00', '2026-11-16T16:00')],
      '2026-11-17T14:00',
    ],
    [
      'one that begins inside what another one moved counts',
      '24 hours',
      [span('2026-11-16T12:00', '2026-11-16T15:00'), span('2026-11-17T12:00', '2026-11-17T13:00')],
      '2026-11-17T14:00',
    ],
    [
      'one that begins at the due instant changes nothing',
      '24 hours',
      [span('2026-11-17T10:00', '2026-11-18T10:00')],
      '2026-11-17T10:00',
    ],
    [
      'of working time only its working time counts',
      '4 working days',
      [span('2026-11-18T18:00', '2026-11-19T10:30')],
      '2026-11-23T10:30',
    ],
    [
      'a weekend moves no working limit',
      '4 working days',
      [span('2026-11-13T18:00', '2026-11-16T08:00')],
      '2026-11-20T18:00',
    ],
  ])('%s', (_, limit, pauses, expected) => {
    expect(paused(limit, ...pauses)).toEqual({ due: expected, stopped: false });
  });

  it('stops the clock while one runs, unless the limit was reached before it began', () => {
    expect(paused('24 hours', span('2026-11-17T09:59', null))).toEqual({ due: '2026-11-17T10:00', stopped: true });
    expect(paused('24 hours', span('2026-11-17T10:00', null))).toEqual({ due: '2026-11-17T10:00', stopped: false });
    expect(paused('4 working days', span('2026-11-19T12:00', null))).toEqual({
      due: '2026-11-20T18:00',
      stopped: true,
    });
  });
});

describe('arithmetic of working time', () => {
  const instants = fc.integer({ min: at('2025-01-01T00:00'), max: at('2026-11-01T00:00') });
  const amounts = fc.integer({ min: 0, max: 200 * HOUR_MS });

  it('is undone by measuring', () => {
    fc.assert(
      fc.property(instants, amounts, (start, amount) => {
        expect(workingTimeBetween(start, addWorkingTime(start, amount, CALENDAR), CALENDAR)).toBe(amount);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the earliest such instant: a millisecond before, less has passed', () => {
    fc.assert(
      fc.property(
        instants,
        amounts.filter((amount) => amount > 0),
        (start, amount) => {
          expect(workingTimeBetween(start, addWorkingTime(start, amount, CALENDAR) - 1, CALENDAR)).toBe(amount - 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('adds up: two amounts one after the other are their sum', () => {
    fc.assert(
      fc.property(instants, amounts, amounts, (start, a, b) => {
        expect(addWorkingTime(addWorkingTime(start, a, CALENDAR), b, CALENDAR)).toBe(
          addWorkingTime(start, a + b, CALENDAR),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('never goes back: more, or later, is never due earlier', () => {
    fc.assert(
      fc.property(instants, fc.nat(40 * HOUR_MS), amounts, fc.nat(40 * HOUR_MS), (start, later, amount, more) => {
        const first = addWorkingTime(start, amount, CALENDAR);
        expect(addWorkingTime(start + later, amount, CALENDAR)).toBeGreaterThanOrEqual(first);
        expect(addWorkingTime(start, amount + more, CALENDAR)).toBeGreaterThanOrEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  it('whole working days end with a working day, in the order of their number', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 30 }), (start, days) => {
        const ask = (amount: number): number => dueAfter(start, { amount, unit: 'working_days' }, CALENDAR).due;
        const found = ask(days);
        expect(shown(found).slice(11)).toBe('18:00');
        expect(dayAt(found, CALENDAR).works).toBe(true);
        expect(found).toBeGreaterThan(start);
        expect(ask(days + 1)).toBeGreaterThan(found);
      }),
      { numRuns: 60 },
    );
  });

  it('is moved by pauses at most by their length, and never forward', () => {
    const pauses = fc.array(fc.tuple(fc.integer({ min: -50, max: 300 }), fc.nat(60)), { maxLength: 4 });
    fc.assert(
      fc.property(
        instants,
        amounts,
        pauses,
        fc.constantFrom('hours', 'working_minutes'),
        (start, amount, given, unit) => {
          const spans = given.map(([from, length]) => ({
            from: start + from * HOUR_MS,
            to: start + (from + length) * HOUR_MS,
          }));
          const limit =
            unit === 'hours'
              ? { amount: amount / HOUR_MS, unit: 'hours' as const }
              : { amount: amount / MINUTE_MS, unit: 'working_minutes' as const };
          const plain = dueAfter(start, limit, CALENDAR).due;
          const moved = dueAfter(start, limit, CALENDAR, { pauses: spans }).due;
          expect(moved).toBeGreaterThanOrEqual(plain);
          if (unit === 'hours')
            expect(moved - plain).toBeLessThanOrEqual(
              mergeSpans(spans).reduce((sum, { from, to }) => sum + to - from, 0),
            );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('limits and hours as text', () => {
  it.each([
    ['24 hours', { amount: 24, unit: 'hours' }, '24 小时', '24 hours'],
    ['1 working day', { amount: 1, unit: 'working_days' }, '1 个工作日', '1 working day'],
    ['4 working days', { amount: 4, unit: 'working_days' }, '4 个工作日', '4 working days'],
    ['30 minutes', { amount: 30, unit: 'minutes' }, '30 分钟', '30 minutes'],
    ['1.5 working hours', { amount: 1.5, unit: 'working_hours' }, '1.5 小时工作时间', '1.5 working hours'],
  ])('%s', (text, limit, zh, en) => {
    expect(readLimit(text)).toEqual(limit);
    expect(limitText(readLimit(text) ?? { amount: 0, unit: 'days' })).toEqual({ zh, en });
  });

  it.each(['', '4', 'four days', '0 hours', '-1 hours', '4 business days', '4 working weeks'])('refuses %j', (text) => {
    expect(readLimit(text)).toBeNull();
  });

  it.each([
    [[]],
    [['08:00']],
    [['08:00-08:00']],
    [['18:00-08:00']],
    [['08:00-12:00', '11:00-18:00']],
    [['08:00-25:00']],
    [['08:00-12:60']],
    [['8-12']],
  ])('refuses the hours %j', (texts) => {
    expect(readDayParts(texts)).toBeNull();
  });
});
