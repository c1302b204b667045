import { isOfOurTime } from '../reconnection/days.js';
import { choice, code, optionalNumber, text } from '../register/column.js';
import type { Column, GivenOf, RawRow, RejectedRow } from '../register/column.js';
import { readRow } from '../register/column.js';
import { READINGS, spanOf } from './month.js';
import type { MonthOfUse, ReadingKind } from './month.js';

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** A calendar month, `2026-07`. */
const month: Column<string> = {
  read: (cell) =>
    MONTH.test(cell) && isOfOurTime(cell)
      ? { value: cell }
      : { wrong: `${JSON.stringify(cell)} is not a month; write 2026-07` },
};

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A local date, `2026-07-15`, as its first instant. */
function readDate(cell: string): { value: number } | { wrong: string } {
  const [, year = 0, number = 0, day = 0] = (DATE.exec(cell) ?? []).map(Number);
  const date = new Date(year, number - 1, day);
  return year >= 1970 && date.getMonth() === number - 1 && date.getDate() === day
    ? { value: date.getTime() }
    : { wrong: `${JSON.stringify(cell)} is not a date; write 2026-07-15` };
}

export const ENERGY_COLUMNS = {
  account_no: code(),
  month,
  kwh: optionalNumber(0, 100_000_000, { unit: 'kWh' }),
  reading: choice(READINGS),
};

export const VACANCY_COLUMNS = {
  account_no: code(),
  from_date: { read: readDate } as Column<number>,
  to_date: { read: readDate, empty: { value: null } } as Column<number | null>,
  note: text(200),
};

export interface EnergyRow extends MonthOfUse {
  line: number;
  accountNo: string;
}

export interface VacancyRow {
  line: number;
  accountNo: string;
  fromDate: number;
  /** Its last day; null = still empty. */
  toDate: number | null;
  note: string;
}

type Taken<Row> = { rows: Row[]; rejected: RejectedRow[] };

/** Rows of monthly energy. A month must be over, stands once per customer, and says how it was read. */
export function readEnergyRows(raw: readonly RawRow[], now: number): Taken<EnergyRow> {
  return readEach(raw, ENERGY_COLUMNS, (given, line) => {
    const { account_no: accountNo, month: of, kwh = null } = given;
    if (accountNo === undefined || of === undefined) return { wrong: 'account_no and month must be given' };
    if (spanOf(of).to > now) return { wrong: `month ${of} is not over yet; send it when it is` };
    const reading: ReadingKind = given.reading ?? (kwh === null ? 'missing' : 'actual');
    if ((kwh === null) !== (reading === 'missing')) {
      return { wrong: `kwh and reading disagree: reading ${reading} ${kwh === null ? 'needs a kwh' : 'has none'}` };
    }
    return { key: `${accountNo} ${of}`, row: { line, accountNo, month: of, kwh, reading } };
  });
}

export function readVacancyRows(raw: readonly RawRow[]): Taken<VacancyRow> {
  return readEach(raw, VACANCY_COLUMNS, (given, line) => {
    const { account_no: accountNo, from_date: fromDate, to_date: toDate = null, note = '' } = given;
    if (accountNo === undefined || fromDate === undefined) return { wrong: 'account_no and from_date must be given' };
    if (toDate !== null && toDate < fromDate) return { wrong: 'to_date lies before from_date' };
    return { key: `${accountNo} ${fromDate}`, row: { line, accountNo, fromDate, toDate, note } };
  });
}

function readEach<Spec extends Parameters<typeof readRow>[0], Row>(
  raw: readonly RawRow[],
  columns: Spec,
  take: (given: GivenOf<Spec>, line: number) => { key: string; row: Row } | { wrong: string },
): Taken<Row> {
  const rows: Row[] = [];
  const rejected: RejectedRow[] = [];
  const lineOf = new Map<string, number>();
  for (const row of raw) {
    const given = readRow(columns, row);
    if ('reason' in given) {
      rejected.push({ line: row.line, reason: given.reason as string });
      continue;
    }
    const taken = take(given, row.line);
    const wrong =
      'wrong' in taken
        ? taken.wrong
        : lineOf.has(taken.key)
          ? `${taken.key} stands on line ${lineOf.get(taken.key)} already`
          : null;
    if (wrong !== null || 'wrong' in taken) rejected.push({ line: row.line, reason: wrong ?? '' });
    else {
      lineOf.set(taken.key, row.line);
      rows.push(taken.row);
    }
  }
  return { rows, rejected };
}
