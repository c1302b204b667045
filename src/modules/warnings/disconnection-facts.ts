import { DAY_MS, MINUTE_MS } from '../../domain/instants.js';
import type { Policy } from '../../domain/policy.js';
import type { DisconnectionFacts, Place } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';
import { PLACE } from './place.js';

interface Row {
  id: number;
  accountNo: string;
  place: Place;
  reason: string;
  cutAt: number;
  approvedBy: string | null;
  noticeServedAt: number | null;
  finalNoticeAt: number | null;
  dunned: boolean;
}

/** Cuts with the steps of the procedure that are missing; only cuts for arrears have to be dunned. */
export async function loadDisconnectionFacts(
  tx: Tx,
  ids: readonly number[],
  policy: Policy,
): Promise<DisconnectionFacts[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(
    `select d.id, c.account_no as "accountNo", ${PLACE} as place, d.reason,
            coalesce(d.disconnected_at, d.planned_at) as "cutAt", d.approved_by as "approvedBy",
            d.notice_served_at as "noticeServedAt", d.final_notice_at as "finalNoticeAt",
            exists (select from dunning_step s where s.customer_id = d.customer_id
                    and s.at < coalesce(d.disconnected_at, d.planned_at)) as dunned
     from disconnection d join customer c on c.id = d.customer_id join asset a on a.id = c.transformer_id
     where d.id = any($1)`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    accountNo: row.accountNo,
    place: row.place,
    reason: row.reason,
    cutAt: row.cutAt,
    missing: row.reason === 'arrears' ? missingSteps(row, policy) : [],
  }));
}

function missingSteps(row: Row, policy: Policy): string[] {
  const { noticeMinDays, finalNoticeMinutes } = policy.disconnection;
  const steps: [missing: boolean, step: string][] = [
    [!row.dunned, '催收记录'],
    [row.approvedBy === null, '停电审批'],
    [
      row.noticeServedAt === null || row.noticeServedAt > row.cutAt - noticeMinDays * DAY_MS,
      `提前 ${noticeMinDays} 天的书面通知`,
    ],
    [
      row.finalNoticeAt === null || row.finalNoticeAt > row.cutAt - finalNoticeMinutes * MINUTE_MS,
      `停电前 ${finalNoticeMinutes} 分钟的再次通知`,
    ],
  ];
  return steps.filter(([missing]) => missing).map(([, step]) => step);
}
