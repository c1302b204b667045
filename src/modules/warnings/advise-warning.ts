import type { Advice } from '../../domain/advice/advice.js';
import type { WarningData } from '../../domain/journal-entry.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';

/**
 * Stores computed advice with warnings, in the caller's transaction. Advice that stands already is left alone and not told again;
 * what is new is journalled as `warning_changed` of `advice`, so that consoles look again.
 */
export async function adviseWarnings(
  tx: Tx,
  advised: readonly { id: number; advice: readonly Advice[] }[],
): Promise<void> {
  if (advised.length === 0) return;
  const rows = await tx.query<WarningData & { id: number }>(
    `update warning w set advised = x.advice
     from jsonb_to_recordset($1) as x(id bigint, advice jsonb)
     where w.id = x.id and w.advised <> x.advice
     returning w.id, w.kind, w.severity, w.status, w.subject_type as "subjectType", w.subject_id as "subjectId",
       w.asset_id as "assetId", w.outage_id as "outageId"`,
    [JSON.stringify(advised)],
  );
  await append(
    tx,
    rows.map(({ id, ...warning }) => ({
      type: 'warning_changed' as const,
      subjectType: 'warning' as const,
      subjectId: id,
      happenedAt: tx.now,
      data: {
        ...warning,
        changed: ['advice'],
        why: '按实测数据给出处置建议',
        whyEn: 'advice computed from measurements',
      },
    })),
  );
}
