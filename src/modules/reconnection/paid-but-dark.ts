import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { ORDER, ORDER_TABLES } from './order-queries.js';
import type { OrderRow } from './order-queries.js';

export interface DarkRow extends OrderRow {
  /** `not_restored`: nobody says that the switch is closed; `claim_refuted`: a crew said so and the switch was measured open;
   *  `claimed_but_dead`: a crew said so and the transformer is measured dead; `outage`: the transformer is in an outage. */
  darkReason: 'not_restored' | 'claim_refuted' | 'claimed_but_dead' | 'outage';
  darkSince: number;
  outageId: number | null;
}

/**
 * Customers who paid in full and are without supply, by due instant: the cut is not restored; or a crew says so and measurement says
 * otherwise; or the switch is closed and an outage that began before keeps the supply away. Whoever had power after the restoration and
 * lost it later is an ordinary customer of that outage.
 */
export const listPaidButDark = (
  db: Queryable,
  area: string | null,
  after: { dueAt: number; id: number } | null,
  limit: number,
): Promise<DarkRow[]> =>
  db.query<DarkRow>(
    `select ${ORDER}, x."outageId", x."darkReason", x."darkSince" from ${ORDER_TABLES}
     left join transformer_state s on s.transformer_id = a.id
     left join lateral (
       select u.id, t.started_at from outage_transformer t join outage u on u.id = t.outage_id
       where t.transformer_id = a.id and t.ended_at is null and u.state in ('suspected', 'confirmed') and u.merged_into_id is null
       order by t.started_at limit 1) out on true
     cross join lateral (select out.id as "outageId",
       case when d.reconnected_at is null and d.refuted_at is not null then 'claim_refuted'
            when d.reconnected_at is null then 'not_restored'
            when o.restored_at is null and s.supply = 'dead' and out.id is null then 'claimed_but_dead'
            when out.id is not null and (o.restored_at is null or out.started_at <= o.restored_at) then 'outage' end as "darkReason",
       case when d.reconnected_at is null then d.disconnected_at
            when out.id is not null then out.started_at else s.supply_since end as "darkSince") x
     where o.id in (
         select w.id from reconnection_order w where w.restored_at is null
         union all
         select w.id from outage_transformer t join customer l on l.transformer_id = t.transformer_id
         join reconnection_order w on w.customer_id = l.id and w.restored_at >= t.started_at where t.ended_at is null)
       and o.state <> 'cancelled' and o.payment_reversed_at is null and (o.restored_at is null or d.power_at is null)
       and x."darkReason" is not null and ($1::text is null or a.area = $1)
       and ($2::timestamptz is null or (o.due_at, o.id) > ($2, $3::bigint))
     order by o.due_at, o.id limit $4`,
    [area, after === null ? null : at(after.dueAt), after?.id ?? null, limit],
  );
