import { parseInstant } from '../instants.js';

/** Reads one cell; the text is trimmed and not empty. Answers what is wrong in words that follow the column's name. */
type Read<Value> = (text: string) => { value: Value } | { wrong: string };

/**
 * One column of an import file. `empty` is what an empty cell means; without it the cell may not be empty.
 * A column that the file does not have leaves the value in the register as it is.
 */
export interface Column<Value> {
  read: Read<Value>;
  empty?: { value: Value };
}

export type Columns = Record<string, Column<unknown>>;

/** The values of the cells that a row gives. */
export type GivenOf<Spec extends Columns> = {
  [Name in keyof Spec]?: Spec[Name] extends Column<infer Value> ? Value : never;
};

/** A row of a file as text, before anybody knows what it means. */
export interface RawRow {
  line: number;
  cells: Readonly<Record<string, string>>;
  /** Set when the row as such cannot be read. */
  wrong?: string;
}

export interface RejectedRow {
  line: number;
  reason: string;
}

/** Reads a row by its columns. All faults of the row come together in one reason. */
export function readRow<Spec extends Columns>(columns: Spec, row: RawRow): GivenOf<Spec> | { reason: string } {
  if (row.wrong !== undefined) return { reason: row.wrong };
  const given: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, cell] of Object.entries(row.cells)) {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (column === undefined) {
      faults.push(`${name} is not a column; known are ${Object.keys(columns).join(', ')}`);
      continue;
    }
    const text = cell.trim();
    const result: { value: unknown } | { wrong: string } =
      text === '' ? (column.empty ?? { wrong: 'may not be empty' }) : column.read(text);
    if ('wrong' in result) faults.push(`${name} ${result.wrong}`);
    else given[name] = result.value;
  }
  return faults.length > 0 ? { reason: faults.join('; ') } : (given as GivenOf<Spec>);
}

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

// PostgreSQL cannot store NUL, and a line break in a name breaks every list it is shown in.
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Free text of one line. */
export const text = (maxLength: number): Column<string> => ({
  empty: { value: '' },
  read: (cell) => {
    if (cell.length > maxLength) return { wrong: `has ${cell.length} characters, at most ${maxLength} are kept` };
    return CONTROL.test(cell) ? { wrong: `${shown(cell)} holds a control character` } : { value: cell };
  },
});

export const optionalText = (maxLength: number): Column<string | null> => ({
  empty: { value: null },
  read: text(maxLength).read,
});

/** A code that names something: one line without spaces; `forbidden` are further characters that it may not hold. */
export const code = (forbidden: readonly string[] = []): Column<string> => ({
  read: (cell) => {
    if (cell.length > 64) return { wrong: `has ${cell.length} characters, at most 64 are allowed` };
    if (/\s/.test(cell) || CONTROL.test(cell)) return { wrong: `${shown(cell)} may not hold spaces` };
    const bad = forbidden.find((character) => cell.includes(character));
    return bad === undefined ? { value: cell } : { wrong: `${shown(cell)} may not hold ${bad}` };
  },
});

export const optionalCode = (): Column<string | null> => ({ empty: { value: null }, read: code().read });

export const choice = <const Value extends string>(
  values: readonly Value[],
  empty?: { value: Value },
): Column<Value> => ({
  ...(empty === undefined ? {} : { empty }),
  read: (cell) => {
    const value = values.find((candidate) => candidate === cell);
    return value === undefined ? { wrong: `${shown(cell)} is none of ${values.join(', ')}` } : { value };
  },
});

export const optionalChoice = <const Value extends string>(values: readonly Value[]): Column<Value | null> => ({
  empty: { value: null },
  read: choice(values).read,
});

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

/** A number within bounds, both included. */
const number = (
  minimum: number,
  maximum: number,
  options: { unit?: string; whole?: boolean } = {},
): Column<number> => ({
  read: (cell) => {
    const value = Number(cell);
    if (!DECIMAL.test(cell)) return { wrong: `${shown(cell)} is not a number (decimal point, no thousands separator)` };
    if (options.whole === true && !Number.isInteger(value)) return { wrong: `${cell} is not a whole number` };
    const unit = options.unit === undefined ? '' : ` ${options.unit}`;
    return value < minimum || value > maximum
      ? { wrong: `${cell} is outside ${minimum} to ${maximum}${unit}` }
      : { value };
  },
});

export const optionalNumber = (
  minimum: number,
  maximum: number,
  options: { unit?: string; whole?: boolean } = {},
): Column<number | null> => ({ empty: { value: null }, read: number(minimum, maximum, options).read });

export const numberOr = (
  empty: number,
  minimum: number,
  maximum: number,
  options: { unit?: string; whole?: boolean } = {},
): Column<number> => ({ empty: { value: empty }, read: number(minimum, maximum, options).read });

const YES = new Set(['yes', 'true', '1', 'y', '是']);
const NO = new Set(['no', 'false', '0', 'n', '否']);

export const yesNo = (empty: boolean): Column<boolean> => ({
  empty: { value: empty },
  read: (cell) => {
    const lower = cell.toLowerCase();
    if (YES.has(lower)) return { value: true };
    return NO.has(lower) ? { value: false } : { wrong: `${shown(cell)} is neither yes nor no` };
  },
});

/** A telephone number: digits, may begin with +; spaces and dashes between them are dropped. */
export const optionalPhone = (): Column<string | null> => ({
  empty: { value: null },
  read: (cell) => {
    const digits = cell.replace(/[\s-]/g, '');
    return /^\+?\d{5,15}$/.test(digits)
      ? { value: digits }
      : { wrong: 'is not a telephone number (5 to 15 digits, + in front allowed)' };
  },
});

/** RFC 3339; without a zone the utility's. */
export const optionalInstant = (): Column<number | null> => ({
  empty: { value: null },
  read: (cell) => {
    const value = parseInstant(cell);
    return value === null ? { wrong: `${shown(cell)} is not an instant; write 2026-11-21T08:00:00+08:00` } : { value };
  },
});
