import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../../fault.js';
import type { Columns, RawRow } from '../../domain/register/column.js';

export type ImportFormat = 'csv' | 'ndjson';

/**
 * Cuts an import file into rows of text. Faults of single rows stay with the row.
 * @throws Fault `invalid_input` when the file as a whole cannot be read: not UTF-8, a broken quote, a wrong header
 */
export function readImportFile(body: string, format: ImportFormat, columns: Columns): RawRow[] {
  if (body.includes('\uFFFD')) {
    throw new Fault(
      'invalid_input',
      'The file is not UTF-8 (it was probably saved as GBK). Save it as UTF-8 and send it again.',
    );
  }
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
  return format === 'csv' ? readCsv(text, columns) : readNdjson(text);
}

function readCsv(text: string, columns: Columns): RawRow[] {
  const [header, ...records] = parseCsv(text);
  if (header === undefined)
    throw new Fault('invalid_input', 'The file is empty; its first line must name the columns.');
  const names = header.record.map((name) => name.trim());
  checkHeader(names, columns);
  return records.map(({ record, info }) => {
    const { lines: line } = info;
    if (record.length !== names.length)
      return { line, cells: {}, wrong: `has ${record.length} fields, the header has ${names.length}` };
    return { line, cells: Object.fromEntries(names.map((name, index) => [name, record[index] ?? ''])) };
  });
}

function parseCsv(text: string): { record: string[]; info: { lines: number } }[] {
  try {
    return parse(text, { info: true, relax_column_count: true, skip_empty_lines: true }) as never;
  } catch (error) {
    if (error instanceof CsvError) throw new Fault('invalid_input', `The file is not CSV: ${error.message}.`);
    throw error;
  }
}

function checkHeader(names: readonly string[], columns: Columns): void {
  const known = Object.keys(columns);
  const unknown = names.filter((name) => !known.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const [key = ''] = known;
  const faults = [
    ...(unknown.length > 0 ? [`does not know ${unknown.map((name) => JSON.stringify(name)).join(', ')}`] : []),
    ...(twice.length > 0 ? [`names ${twice.join(', ')} twice`] : []),
    ...(names.includes(key) ? [] : [`lacks ${key}`]),
  ];
  if (faults.length > 0)
    throw new Fault('invalid_input', `The header row ${faults.join('; ')}. Columns: ${known.join(', ')}.`);
}

function readNdjson(text: string): RawRow[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '')
    .map(({ line, text }) => readJsonLine(line, text));
}

function readJsonLine(line: number, text: string): RawRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { line, cells: {}, wrong: `is not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, cells: {}, wrong: 'is not a JSON object' };
  const cells: Record<string, string> = {};
  for (const [name, cell] of Object.entries(value as Record<string, unknown>)) {
    if (cell !== null && typeof cell === 'object') return { line, cells: {}, wrong: `${name} is not a plain value` };
    cells[name] = cell === null ? '' : String(cell as string | number | boolean);
  }
  return { line, cells };
}
