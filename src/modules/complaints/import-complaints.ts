import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { RejectedRow } from '../../domain/register/column.js';
import type { Tx } from '../database/database.js';
import { readImportFile } from '../network/import-file.js';
import { byLine, readRows } from '../network/read-rows.js';
import { COMPLAINT_COLUMNS, REQUIRED_COLUMNS, withCamelCaseNames } from './complaint-rows.js';
import type { NewComplaint } from './complaint-rows.js';
import { receive } from './receive.js';
import type { Received } from './receive.js';

export interface ComplaintImport {
  result: { accepted: number; rejected: RejectedRow[] };
  created: Received['created'];
}

/** Takes a file of complaints in, in one transaction. Rows with faults are answered by line; the others are taken. */
export async function importComplaintFile(
  tx: Tx,
  body: string,
  format: 'csv' | 'ndjson',
  active: PolicyInForce,
  actor: string,
): Promise<ComplaintImport> {
  const raw = readImportFile(withCamelCaseNames(body, format), format, COMPLAINT_COLUMNS);
  const { rows, rejected } = readRows(COMPLAINT_COLUMNS, 'externalId', raw);
  const whole = new Map<number, NewComplaint>();
  for (const [line, row] of rows) {
    const missing = REQUIRED_COLUMNS.filter((name) => row[name] === undefined);
    if (missing.length > 0) rejected.push({ line, reason: `lacks ${missing.join(', ')}` });
    else whole.set(line, { category: null, accountNo: null, callerPhone: null, address: null, ...row } as NewComplaint);
  }
  const { conflicts, created } = await receive(tx, [...whole.values()], active, actor);
  for (const [line, { externalId }] of whole) {
    if (conflicts.has(externalId))
      rejected.push({ line, reason: `externalId ${externalId} is known with another text, channel or instant` });
  }
  return { result: { accepted: whole.size - conflicts.size, rejected: byLine(rejected) }, created };
}
