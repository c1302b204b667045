import type { RawRow } from '../../domain/register/column.js';
import { mergeTerminal, TERMINAL_COLUMNS } from '../../domain/register/terminal-rows.js';
import type { RegisteredTerminal } from '../../domain/register/terminal-rows.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { byLine, imported, lockRegister, readRows } from './read-rows.js';
import type { ImportResult } from './read-rows.js';
import { findTransformers } from './find-transformers.js';

/** Takes terminals into the register. Readings that were stored before a terminal moved stay with the transformer they were stored for. */
export async function importTerminals(tx: Tx, raw: readonly RawRow[], actor: string): Promise<ImportResult> {
  const { rows, rejected } = readRows(TERMINAL_COLUMNS, 'terminal', raw);
  await lockRegister(tx);
  const stored = await findStored(
    tx,
    [...rows.values()].map((row) => row.terminal ?? ''),
  );
  const merged = new Map<number, RegisteredTerminal>();
  for (const [line, given] of rows) {
    const terminal = mergeTerminal(given, stored.get(given.terminal ?? ''));
    if ('reason' in terminal) rejected.push({ line, reason: terminal.reason });
    else merged.set(line, terminal);
  }
  const transformers = await findTransformers(
    tx,
    [...merged.values()].map((terminal) => terminal.transformerCode),
  );
  const taken: (RegisteredTerminal & { transformerId: number })[] = [];
  for (const [line, terminal] of merged) {
    const transformer = transformers(terminal.transformerCode);
    if ('reason' in transformer) rejected.push({ line, reason: transformer.reason });
    else taken.push({ ...terminal, transformerId: transformer.id });
  }
  await tx.query(
    `insert into terminal as t (code, transformer_id, interval_seconds)
     select * from unnest($1::text[], $2::integer[], $3::integer[])
     on conflict (code) do update set transformer_id = excluded.transformer_id, interval_seconds = excluded.interval_seconds
     where (t.transformer_id, t.interval_seconds) is distinct from (excluded.transformer_id, excluded.interval_seconds)`,
    [
      taken.map((terminal) => terminal.code),
      taken.map((terminal) => terminal.transformerId),
      taken.map((terminal) => terminal.intervalSeconds),
    ],
  );
  await append(tx, imported(tx, 'terminals', taken.length, rejected.length, actor));
  return { accepted: taken.length, rejected: byLine(rejected) };
}

async function findStored(tx: Tx, codes: readonly string[]): Promise<Map<string, RegisteredTerminal>> {
  const found = await tx.query<RegisteredTerminal>(
    `select t.code, a.code as "transformerCode", t.interval_seconds as "intervalSeconds"
     from terminal t join asset a on a.id = t.transformer_id where t.code = any($1::text[])`,
    [codes],
  );
  return new Map(found.map((terminal) => [terminal.code, terminal]));
}
