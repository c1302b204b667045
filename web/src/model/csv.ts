/** One column of an export; the name is the API's field, so that a spreadsheet and a script speak of the same thing. */
export interface CsvColumn<Row> {
  name: string;
  value: (row: Row) => string | number | null;
}

/** Spreadsheets take a file for UTF-8 only when it begins so. */
const BOM = '\uFEFF';
/** A cell that begins like a formula is run by spreadsheets; texts come from outside, so such a cell is marked as text. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180 with a byte order mark. Instants are the utility's wall clock, `YYYY-MM-DD HH:mm:ss`. */
export function csvOf<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map((column) => column.name),
    ...rows.map((row) => columns.map(({ value }) => cell(value(row)))),
  ];
  return `${BOM}${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return FORMULA.test(value) ? `'${value}` : value;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
