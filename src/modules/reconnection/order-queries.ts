import { at, atOrNull } from '../database/database.js';
import type { Queryable } from '../database/database.js';

export interface OrderRow {
  id: number;
  accountNo: string;
  disconnectionId: number;
  paidAt: number;
  dueAt: number;
  state: 'open' | 'met' | 'breached';
  restoredAt: number | null;
  claimedAt: number | null;
  claimedBy: string | null;
  measuredAt: number | null;
  policyVersion: number;
  stages: { stage: string; dueAt: number; state: string }[];
  receipt: object;
}

const ORDER = `o.id, c.account_no as "accountNo", o.disconnection_id as "disconnectionId", o.paid_at as "paidAt", o.due_at as "dueAt",
  o.state, o.restored_at as "restoredAt", d.claimed_at as "claimedAt", d.claimed_by as "claimedBy", d.measured_at as "measuredAt",
  o.policy_version as "policyVersion", o.receipt,
  (select coalesce(jsonb_agg(jsonb_build_object('stage', s.stage, 'dueAt', (extract(epoch from s.due_at) * 1000)::bigint,
     'state', s.state) order by s.due_at), '[]')
   from deadline s where s.kind = 'reconnection' and s.subject_type = 'reconnection_order' and s.subject_id = o.id) as stages`;
const FROM = `reconnection_order o join customer c on c.id = o.customer_id join disconnection d on d.id = o.disconnection_id`;

/** Orders by due instant. `due` keeps those that are due until then. */
export async function listOrders(
  db: Queryable,
  filter: {
    state: string | null;
    due: number | null;
    after: { dueAt: number; id: number } | null;
    limit: number;
  },
): Promise<OrderRow[]> {
  return db.query<OrderRow>(
    `select ${ORDER} from ${FROM}
     where ($1::text is null or o.state = $1) and ($2::timestamptz is null or o.due_at <= $2)
       and ($3::timestamptz is null or (o.due_at, o.id) > ($3, $4::bigint))
     order by o.due_at, o.id limit $5`,
    [
      filter.state,
      atOrNull(filter.due),
      filter.after === null ? null : at(filter.after.dueAt),
      filter.after?.id ?? null,
      filter.limit,
    ],
  );
}

export async function orderOfDisconnection(db: Queryable, disconnectionId: number): Promise<OrderRow | null> {
  const [row] = await db.query<OrderRow>(`select ${ORDER} from ${FROM} where o.disconnection_id = $1`, [
    disconnectionId,
  ]);
  return row ?? null;
}

/** The order that a payment started, if it started one. */
export async function orderOfPayment(db: Queryable, paymentId: number): Promise<OrderRow | null> {
  const [row] = await db.query<OrderRow>(`select ${ORDER} from ${FROM} where o.payment_id = $1`, [paymentId]);
  return row ?? null;
}
