import { Fault } from '../fault.js';
import { parseInstant } from '../domain/instants.js';

/** Names of a reading that a column of a recorded file may be mapped to. */
const MEASURED = ['ua', 'ub', 'uc', 'ia', 'ib', 'ic', 'in', 'p', 'q', 'pf', 'f', 'temp', 'sid', 'seq', 'tq'] as const;

export interface RowMapping {
  /** Column of the instant. */
  ts: string;
  /** Reading name -> column. */
  values: readonly (readonly [name: string, column: string])[];
}

/**
 * Reads `ts=DeviceTimeStamp,ua=VL1,ub=VL2`.
 * @throws Fault `invalid_input` in one sentence
 */
export function parseMapping(text: string): RowMapping {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', column = '', ...rest] = pair.split('=').map((part) => part.trim());
      if (name === '' || column === '' || rest.length > 0)
        throw new Fault('invalid_input', `--map: "${pair}" is not name=column; example: ts=Time,ua=VL1,ub=VL2.`);
      return [name, column] as const;
    });
  const unknown = pairs.find(([name]) => name !== 'ts' && !(MEASURED as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new Fault('invalid_input', `--map: a reading has no "${unknown[0]}"; it has ts, ${MEASURED.join(', ')}.`);
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined) throw new Fault('invalid_input', `--map names ${twice[0]} twice.`);
  const ts = pairs.find(([name]) => name === 'ts');
  const values = pairs.filter(([name]) => name !== 'ts');
  if (ts === undefined)
    throw new Fault('invalid_input', '--map must say which column is the instant; example: ts=Time.');
  if (values.length === 0)
    throw new Fault('invalid_input', '--map must name at least one measurement; example: ua=VL1.');
  return { ts: ts[1], values };
}

/** @throws Fault `invalid_input` when the file lacks a mapped column */
export function checkHeader(mapping: RowMapping, header: readonly string[]): void {
  const missing = [mapping.ts, ...mapping.values.map(([, column]) => column)].filter(
    (column) => !header.includes(column),
  );
  if (missing.length > 0)
    throw new Fault(
      'invalid_input',
      `The file has no column ${missing.join(', ')}; its columns are ${header.join(', ')}.`,
    );
}

export type MappedRow = { ts: number; reading: Record<string, number> } | { refused: string };

/** One row -> one reading. Empty cells are not measured; anything that is not a number is refused, never sent as 0. */
export function mapRow(mapping: RowMapping, cells: Readonly<Record<string, string>>): MappedRow {
  const text = cells[mapping.ts] ?? '';
  const ts = /^\d{10,13}$/.test(text.trim())
    ? Number(text) * (text.trim().length === 10 ? 1000 : 1)
    : parseInstant(text);
  if (ts === null) return { refused: `"${text}" is not an instant` };
  const reading: Record<string, number> = { ts };
  for (const [name, column] of mapping.values) {
    const cell = (cells[column] ?? '').trim();
    if (cell === '') continue;
    const value = Number(cell);
    if (!Number.isFinite(value)) return { refused: `${column} "${cell}" is not a number` };
    reading[name] = value;
  }
  return Object.keys(reading).length > 1 ? { ts, reading } : { refused: 'nothing was measured' };
}
