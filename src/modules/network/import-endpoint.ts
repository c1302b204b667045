import { UnsupportedMediaTypeException } from '@nestjs/common';
import { z } from 'zod';
import type { Columns, RawRow } from '../../domain/register/column.js';
import { endpoint } from '../http/endpoint.js';
import { readImportFile } from './import-file.js';

const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';

const importResult = z
  .strictObject({
    accepted: z.number().int(),
    rejected: z.array(z.strictObject({ line: z.number().int(), reason: z.string() })),
  })
  .meta({
    id: 'ImportResult',
    description: 'Rows taken; each other row with its line (the header of a CSV is line 1).',
  });

/** The route of an import: CSV with a header row, or NDJSON. */
export const importEndpoint = <const Path extends string>(options: {
  path: Path;
  tag: string;
  columns: Columns;
  summary: string;
}) =>
  endpoint({
    method: 'POST',
    path: options.path,
    tag: options.tag,
    summary: `${options.summary} Columns: ${Object.keys(options.columns).join(', ')}.`,
    access: ['integration', 'dispatcher'],
    rawBody: [CSV, NDJSON],
    response: importResult,
    problems: { unsupported_media_type: 'the body is neither text/csv nor application/x-ndjson' },
  });

/**
 * The rows of an imported file.
 * @throws Fault `invalid_input` when the file as a whole cannot be read; a wrong content type is answered by 415
 */
export function readImport(body: unknown, contentType: string | undefined, columns: Columns): RawRow[] {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (typeof body !== 'string' || (type !== CSV && type !== NDJSON)) {
    throw new UnsupportedMediaTypeException(`Send the file as ${CSV} or ${NDJSON}, not as ${type || 'nothing'}.`);
  }
  return readImportFile(body, type === CSV ? 'csv' : 'ndjson', columns);
}
