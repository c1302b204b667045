import { at, atOrNull } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { OrderState } from '../../domain/reconnection/restoration.js';

/** One step from payment to power: when, who says so, and how good the word is. */
export interface Leg {
  leg: string;
  at: number;
  source: string;
  quality: 'booked' | 'recorded' | 'claimed' | 'measured';
}

export interface OrderRow {
  id: number;
  accountNo: string;
  area: string;
  disconnectionId: number;
  paymentExternalId: string;
  paidAt: number;
  dueAt: number;
  state: OrderState;
  restoredAt: number | null;
  claimedAt: number | null;
  claimedBy: string | null;
  refutedAt: number | null;
  measuredAt: number | null;
  fieldSince: number | null;
  remoteUntil: number | null;
  paymentReversedAt: number | null;
  cancellation: {
    since: number;
    knownAt: number;
    reason: string;
    words: { zh: string; en: string };
    paymentExternalId: string | null;
  } | null;
  policyVersion: number;
  stages: { stage: string; dueAt: number; state: string }[];
  legs: Leg[];
  receipt: object;
}

const MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const LEG = (leg: string, column: string, source: string, quality: Leg['quality']): string =>
  `select '${leg}' as leg, ${column} as at, ${source} as source, '${quality}' as quality where ${column} is not null`;

/** Who restored an order `o` of the disconnection `d`: the crew assigned first, else the one that says so; '' = none named. */
export const CREW = `coalesce((select w.by from reconnection_step w where w.order_id = o.id and w.step = 'crew_assigned' order by w.at, w.by limit 1),
  d.claimed_by, '')`;

/** Columns and tables of an order, `o`; `d` is its disconnection, `p` its payment, `c` the customer, `a` the transformer. */
export const ORDER = `o.id, c.account_no as "accountNo", a.area, o.disconnection_id as "disconnectionId", p.external_id as "paymentExternalId",
  o.paid_at as "paidAt", o.due_at as "dueAt", o.state, o.restored_at as "restoredAt", d.claimed_at as "claimedAt", d.claimed_by as "claimedBy",
  d.refuted_at as "refutedAt", d.measured_at as "measuredAt", o.field_since as "fieldSince",
  (select max(r.ends_at) from remote_reconnection r where r.order_id = o.id and r.state in ('waiting', 'sending')) as "remoteUntil",
  o.payment_reversed_at as "paymentReversedAt", o.cancellation, o.policy_version as "policyVersion", o.receipt,
  (select coalesce(jsonb_agg(jsonb_build_object('stage', s.stage, 'dueAt', ${MS('s.due_at')}, 'state', s.state) order by s.due_at), '[]')
   from deadline s where s.kind = 'reconnection' and s.subject_type = 'reconnection_order' and s.subject_id = o.id) as stages,
  (select jsonb_agg(jsonb_build_object('leg', l.leg, 'at', ${MS('l.at')}, 'source', l.source, 'quality', l.quality) order by l.at, l.leg)
   from (
     ${LEG('paid', 'p.paid_at', "'payment ' || p.external_id", 'booked')}
     union all ${LEG('received', 'p.received_at', "'payment ' || p.external_id", 'booked')}
     union all ${LEG('cleared', 'p.cleared_at', "'payment ' || p.external_id", 'booked')}
     union all ${LEG('ordered', 'o.ordered_at', "'service'", 'recorded')}
     union all ${LEG('field_order', 'o.field_since', "'service'", 'recorded')}
     union all select 'command_sent', r.sent_at, 'command ' || r.rid, 'recorded' from remote_reconnection r
               where r.order_id = o.id and r.sent_at is not null
     union all select t.step, t.at, t.by, case t.step when 'crew_en_route' then 'claimed' else 'recorded' end
               from reconnection_step t where t.order_id = o.id
     union all ${LEG('claimed', 'd.claimed_at', 'd.claimed_by', 'claimed')}
     union all ${LEG('switch_closed', 'd.switch_at', 'd.switch_source', 'measured')}
     union all ${LEG('power_measured', 'd.power_at', 'd.power_source', 'measured')}
   ) l) as legs`;
export const ORDER_TABLES = `reconnection_order o join customer c on c.id = o.customer_id join asset a on a.id = c.transformer_id
  join disconnection d on d.id = o.disconnection_id join payment p on p.id = o.payment_id`;

export interface OrderFilter {
  state: OrderState | null;
  /** Due until then. */
  due: number | null;
  area: string | null;
  crew: string | null;
  /** Paid within [from, to). */
  from: number | null;
  to: number | null;
}

/** Orders by due instant. */
export async function listOrders(
  db: Queryable,
  filter: OrderFilter,
  after: { dueAt: number; id: number } | null,
  limit: number,
): Promise<OrderRow[]> {
  return db.query<OrderRow>(
    `select ${ORDER} from ${ORDER_TABLES}
     where ($1::text is null or o.state = $1) and ($2::timestamptz is null or o.due_at <= $2)
       and ($3::timestamptz is null or (o.due_at, o.id) > ($3, $4::bigint))
       and ($6::text is null or a.area = $6) and ($7::timestamptz is null or o.paid_at >= $7) and ($8::timestamptz is null or o.paid_at < $8)
       and ($9::text is null or ${CREW} = $9)
     order by o.due_at, o.id limit $5`,
    [
      filter.state,
      atOrNull(filter.due),
      after === null ? null : at(after.dueAt),
      after?.id ?? null,
      limit,
      filter.area,
      atOrNull(filter.from),
      atOrNull(filter.to),
      filter.crew,
    ],
  );
}

const orderBy = async (db: Queryable, condition: string, value: number): Promise<OrderRow | null> => {
  const [row] = await db.query<OrderRow>(`select ${ORDER} from ${ORDER_TABLES} where ${condition} = $1`, [value]);
  return row ?? null;
};

export const findOrder = (db: Queryable, id: number): Promise<OrderRow | null> => orderBy(db, 'o.id', id);

export const orderOfDisconnection = (db: Queryable, disconnectionId: number): Promise<OrderRow | null> =>
  orderBy(db, 'o.disconnection_id', disconnectionId);

/** The order that rests on a payment, if one does. */
export const orderOfPayment = (db: Queryable, paymentId: number): Promise<OrderRow | null> =>
  orderBy(db, 'o.payment_id', paymentId);
