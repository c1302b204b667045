import type { Queryable } from '../database/database.js';

type Found = (code: string) => { id: number } | { reason: string };

/** Looks transformers up by code, all at once; the answer gives the id, or why there is none. */
export async function findTransformers(db: Queryable, codes: readonly string[]): Promise<Found> {
  const rows = await db.query<{ id: number; code: string; kind: string }>(
    'select id, code, kind from asset where code = any($1::text[])',
    [[...new Set(codes)]],
  );
  const byCode = new Map(rows.map((row) => [row.code, row]));
  return (code) => {
    const row = byCode.get(code);
    if (row === undefined) return { reason: `transformer_code ${code} is not in the register` };
    return row.kind === 'transformer' ? { id: row.id } : { reason: `${code} is a ${row.kind}, not a transformer` };
  };
}
