import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REJECT_REASONS } from '../../src/domain/telemetry/decoded.js';
import { csvOf } from '../../web/src/model/csv.js';
import { COMPLAINT_COLUMNS, OUTAGE_COLUMNS } from '../../web/src/model/export-columns.js';
import { lookupOf } from '../../web/src/model/lookup.js';
import { phaseOf, plannedShown, windowMinutes } from '../../web/src/model/planned.js';
import { axisTicks, restorationOf } from '../../web/src/model/restoration.js';
import { screensEn } from '../../web/src/model/texts-screens-en.js';
import { screensZh } from '../../web/src/model/texts-screens-zh.js';
import { nextTheme, shownTheme, themeChoice } from '../../web/src/model/theme-choice.js';

const MINUTE_MS = 60_000;
const at = (clock: string): number => Date.parse(`2026-07-15T${clock}:00+08:00`);
const text = (clock: string): string => `2026-07-15T${clock}:00+08:00`;

describe('an export', () => {
  const columns = [
    { name: 'name', value: (row: { name: string; n: number | null }) => row.name },
    { name: 'n', value: (row: { name: string; n: number | null }) => row.n },
  ];

  it('begins with a byte order mark and quotes what would break a line', () => {
    const rows = [
      { name: '城东, "老街"', n: 1.5 },
      { name: '两\n行', n: null },
    ];
    expect(csvOf(columns, rows)).toBe('\uFEFFname,n\r\n"城东, ""老街""",1.5\r\n"两\n行",\r\n');
  });

  it.each(['=HYPERLINK("x")', '+86', '-1+2', '@SUM(A1)'])('never lets a text run as a formula: %s', (name) => {
    expect(csvOf(columns, [{ name, n: -3 }])).toMatch(/\r\n"?'.*,-3\r\n$/);
  });

  it("writes the utility's wall clock, and an account number that keeps its leading zero", () => {
    const outage = { rootAsset: {}, startedAt: '2026-07-15T23:59:30.250+08:00', endedAt: null };
    const values = OUTAGE_COLUMNS.filter(({ name }) => name.endsWith('edAt')).map(({ value }) =>
      value(outage as never),
    );
    expect(values).toEqual(['2026-07-15 23:59:30', '']);
    const account = COMPLAINT_COLUMNS.find(({ name }) => name === 'accountNo');
    expect(account?.value({ accountNo: '0600000001' } as never)).toBe('0600000001\t');
  });
});

describe('what is looked up', () => {
  it.each([
    ['06000550078', { kind: 'account', accountNo: '06000550078' }],
    [' 0600 055-0078 ', { kind: 'account', accountNo: '06000550078' }],
    ['T000055', { kind: 'network', q: 'T000055' }],
    ['10', { kind: 'network', q: '10' }],
    ['学府线', { kind: 'network', q: '学府线' }],
    ['  ', null],
  ])('%j', (given, lookup) => expect(lookupOf(given)).toEqual(lookup));
});

describe('the picture of a restoration', () => {
  const back = (code: string, endedAt: string | null, customers = 10, startedAt = '08:00') => ({
    code,
    startedAt: text(startedAt),
    endedAt: endedAt === null ? null : text(endedAt),
    customers,
  });

  it('falls with each step, and its open end is now', () => {
    const way = restorationOf([back('T3', null, 5), back('T2', '10:00', 20), back('T1', '09:00')], at('11:00'));
    expect(way).toMatchObject({ from: at('08:00'), to: at('11:00'), most: 35, out: 5, restorations: 2 });
    expect(way?.course).toEqual([
      { at: at('08:00'), customers: 35 },
      { at: at('09:00'), customers: 25 },
      { at: at('10:00'), customers: 5 },
    ]);
    expect(way?.bars.map((bar) => bar.code)).toEqual(['T1', 'T2', 'T3']);
  });

  it('ends with the last return when nobody is out any more, whatever time it is now', () => {
    expect(restorationOf([back('T1', '09:00'), back('T2', '09:00')], at('20:00'))).toMatchObject({
      to: at('09:00'),
      restorations: 1,
      out: 0,
    });
    expect(restorationOf([], at('20:00'))).toBeNull();
  });

  it('begins shortly before the first return when the returns would crowd at the end of a long outage', () => {
    const way = restorationOf([back('T1', '15:50'), back('T2', '15:55'), back('T3', '16:00')], at('20:00'));
    expect(way).toMatchObject({ from: at('08:00'), shownFrom: at('15:45'), to: at('16:00'), restorations: 3 });
    expect(restorationOf([back('T1', '10:00'), back('T2', '16:00')], at('20:00'))?.shownFrom).toBe(at('08:00'));
    expect(restorationOf([back('T1', null)], at('20:00'))?.shownFrom).toBe(at('08:00'));
  });

  it('never shows fewer than nobody, and ends with those who are still out', () => {
    const loss = fc.record({ start: fc.nat(300), length: fc.option(fc.nat(300)), customers: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(loss, { minLength: 1, maxLength: 30 }), (losses) => {
        const iso = (minute: number): string => new Date(at('08:00') + minute * MINUTE_MS).toISOString();
        const rows = losses.map(({ start, length, customers }, index) => ({
          code: `T${index}`,
          startedAt: iso(start),
          endedAt: length === null ? null : iso(start + length),
          customers,
        }));
        const way = restorationOf(rows, at('20:00'));
        const still = rows.filter((row) => row.endedAt === null).reduce((sum, row) => sum + row.customers, 0);
        expect(way?.out).toBe(still);
        expect(way?.course.every(({ customers }) => customers >= 0)).toBe(true);
        expect(way?.bars.every((bar) => (bar.to ?? way.to) <= way.to)).toBe(true);
      }),
    );
  });

  it("has its ticks at round times of the utility's clock", () => {
    const ticks = axisTicks(at('08:13'), at('12:13'), 6, 480);
    expect(ticks).toEqual(['09:00', '10:00', '11:00', '12:00'].map(at));
    expect(axisTicks(at('08:13'), at('08:14'), 6, 480)).toEqual([at('08:13'), at('08:14')]);
  });
});

describe('planned works', () => {
  const work = (id: number, startsAt: string, endsAt: string, state = 'registered') => ({
    id,
    state,
    startsAt: text(startsAt),
    endsAt: text(endsAt),
  });

  it('are under way first, then the next to come, then the last that is over', () => {
    const works = [
      work(1, '06:00', '07:00'),
      work(2, '07:00', '08:00'),
      work(3, '20:00', '21:00'),
      work(4, '15:00', '16:00'),
      work(5, '11:00', '13:00'),
      work(6, '11:00', '13:00', 'cancelled'),
    ];
    expect(plannedShown(works, at('12:00')).map((one) => one.id)).toEqual([5, 4, 3, 2, 1, 6]);
    expect(phaseOf(work(1, '11:00', '12:00'), at('12:00'))).toBe('over');
  });

  it('have a length only when both ends are given', () => {
    expect(windowMinutes('2026-07-15T08:00', '2026-07-15T17:30')).toBe(570);
    expect(windowMinutes('2026-07-15T08:00', '')).toBeNull();
  });
});

describe('colours', () => {
  it('follow the system until a person chooses, and are light on paper', () => {
    expect(themeChoice('nonsense')).toBe('system');
    expect([shownTheme('system', true, false), shownTheme('system', false, false)]).toEqual(['light', 'dark']);
    expect([shownTheme('dark', true, false), shownTheme('dark', false, true)]).toEqual(['dark', 'light']);
    expect(nextTheme(nextTheme(nextTheme('system')))).toBe('system');
  });
});

it('has a word for every reason for which a message is set aside', () => {
  const reasons = [...REJECT_REASONS].toSorted();
  expect(Object.keys(screensZh.reject.reasons).toSorted()).toEqual(reasons);
  expect(Object.keys(screensEn.reject.reasons).toSorted()).toEqual(reasons);
  expect(Object.keys(screensZh.reject.remedies).toSorted()).toEqual(reasons);
  expect(Object.keys(screensEn.reject.remedies).toSorted()).toEqual(reasons);
});
