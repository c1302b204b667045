import { DISCONNECTION_COLUMNS } from '../../domain/reconnection/fact-rows.js';
import type { RawRow } from '../../domain/register/column.js';
import { Fault } from '../../fault.js';
import type { Database } from '../database/database.js';
import type { ImportResult } from '../network/read-rows.js';
import { byLine } from '../network/read-rows.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import { recordDisconnection } from './disconnections.js';
import { readFacts } from './read-facts.js';

/** Accounts are locked while their cuts are judged; a long file must not hold them all. */
const CHUNK = 100;

/**
 * Takes a file of cuts, each judged like a single one, a hundred to a transaction; sent again after a break, what was taken is taken for
 * known. A cut that is refused is answered by its line, with every finding.
 */
export async function importDisconnections(
  db: Database,
  active: Pick<ActivePolicy, 'at'>,
  raw: readonly RawRow[],
  actor: string,
): Promise<ImportResult> {
  const { rows, rejected } = readFacts(
    DISCONNECTION_COLUMNS,
    ['external_id', 'account_no', 'reason', 'planned_at'],
    (row) => row.external_id,
    raw,
  );
  const reports = [...rows].map(([line, row]) => ({
    line,
    report: {
      externalId: row.external_id,
      accountNo: row.account_no,
      reason: row.reason,
      approvedBy: row.approved_by ?? null,
      noticeServedAt: row.notice_served_at ?? null,
      finalNoticeAt: row.final_notice_at ?? null,
      authorityInformedAt: row.authority_informed_at ?? null,
      plannedAt: row.planned_at,
      disconnectedAt: row.disconnected_at ?? null,
      responsibleUnit: row.responsible_unit ?? null,
      responsiblePerson: row.responsible_person ?? null,
    },
  }));
  let accepted = 0;
  for (let start = 0; start < reports.length; start += CHUNK) {
    const refused = await db.inTx(async (tx) => {
      const faults: { line: number; reason: string }[] = [];
      for (const { line, report } of reports.slice(start, start + CHUNK)) {
        await tx.query('savepoint line');
        try {
          await recordDisconnection(tx, active.at(tx.now), report, actor);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          await tx.query('rollback to savepoint line');
          faults.push({ line, reason: error.message });
        }
        await tx.query('release savepoint line');
      }
      return faults;
    });
    rejected.push(...refused);
    accepted += Math.min(CHUNK, reports.length - start) - refused.length;
  }
  return { accepted, rejected: byLine(rejected) };
}
