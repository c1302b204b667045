import type { CutFinding } from '../../domain/reconnection/cut-facts.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable } from '../database/database.js';

export const CUT_STATES = ['planned', 'cancelled', 'done', 'restored'] as const;
export type CutState = (typeof CUT_STATES)[number];

export interface Disconnection {
  id: number;
  externalId: string;
  accountNo: string;
  reason: 'arrears' | 'violation' | 'theft';
  state: CutState;
  approvedBy: string | null;
  noticeServedAt: number | null;
  finalNoticeAt: number | null;
  authorityInformedAt: number | null;
  plannedAt: number;
  disconnectedAt: number | null;
  responsibleUnit: string | null;
  responsiblePerson: string | null;
  /** What stands against it, as it was judged last. */
  missingSteps: CutFinding[];
  checkedAt: number | null;
  cancelledAt: number | null;
  cancelledBy: string | null;
  cancellation: { note: string; findings: CutFinding[] } | null;
  claimedAt: number | null;
  claimedBy: string | null;
  measuredAt: number | null;
  reconnectedAt: number | null;
}

const STATE = `case when d.reconnected_at is not null then 'restored' when d.disconnected_at is not null then 'done'
  when d.cancelled_at is not null then 'cancelled' else 'planned' end`;

const SELECT = `select d.id, d.external_id as "externalId", c.account_no as "accountNo", d.reason, ${STATE} as state,
    d.approved_by as "approvedBy", d.notice_served_at as "noticeServedAt", d.final_notice_at as "finalNoticeAt",
    d.authority_informed_at as "authorityInformedAt", d.planned_at as "plannedAt", d.disconnected_at as "disconnectedAt",
    d.responsible_unit as "responsibleUnit", d.responsible_person as "responsiblePerson", d.missing_steps as "missingSteps",
    d.checked_at as "checkedAt", d.cancelled_at as "cancelledAt", d.cancelled_by as "cancelledBy", d.cancellation,
    d.claimed_at as "claimedAt", d.claimed_by as "claimedBy", d.measured_at as "measuredAt", d.reconnected_at as "reconnectedAt"
  from disconnection d join customer c on c.id = d.customer_id`;

export async function findDisconnection(
  db: Queryable,
  by: { id: number } | { externalId: string },
): Promise<Disconnection | null> {
  const [row] = await db.query<Disconnection>(
    `${SELECT} where ${'id' in by ? 'd.id' : 'd.external_id'} = $1`,
    Object.values(by),
  );
  return row ?? null;
}

export interface DisconnectionFilter {
  state: CutState | null;
  accountNo: string | null;
  area: string | null;
  /** Only those that broke a rule. */
  broken: boolean;
  from: number | null;
  to: number | null;
}

/** By the planned instant, the newest first. */
export const listDisconnections = (
  db: Queryable,
  filter: DisconnectionFilter,
  after: { plannedAt: number; id: number } | null,
  limit: number,
): Promise<Disconnection[]> =>
  db.query<Disconnection>(
    `${SELECT} join asset t on t.id = c.transformer_id
     where ($1::text is null or ${STATE} = $1) and ($2::text is null or c.account_no = $2) and ($3::text is null or t.area = $3)
       and (not $4 or d.disconnected_at is not null and d.missing_steps <> '[]')
       and ($5::timestamptz is null or d.planned_at >= $5) and ($6::timestamptz is null or d.planned_at < $6)
       and ($7::timestamptz is null or (d.planned_at, d.id) < ($7, $8::bigint))
     order by d.planned_at desc, d.id desc limit $9`,
    [
      filter.state,
      filter.accountNo,
      filter.area,
      filter.broken,
      atOrNull(filter.from),
      atOrNull(filter.to),
      after === null ? null : at(after.plannedAt),
      after?.id ?? null,
      limit,
    ],
  );
