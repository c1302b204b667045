import type { Supply } from '../../domain/journal-entry.js';
import { partition } from '../../domain/partition.js';
import { saysNoSupply, saysStillOut } from '../../domain/still-out.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** A transformer that was taken to have supply again, and the outage that it was in, or that lay around it. */
export interface RestoredTransformer {
  transformerId: number;
  supply: Supply | 'unmetered';
  supplySince: number | null;
  outageId: number;
  outageStartedAt: number;
  /** Its last interruption in the outage; null = it was never found to be in it. */
  rowId: number | null;
  endSource: string | null;
  backAt: number;
  isDecided: boolean;
}

/** Outages that ended: not discarded or merged away, not momentary by measurement. A word makes none momentary. */
const IS_OVER = `o.ended_at is not null and o.state in ('restored', 'closed') and o.merged_into_id is null
  and (not o.momentary or o.state = 'restored')`;

/**
 * Of transformers that are in no open outage and below the root of none: the outage of which they, or the network around them, were
 * restored last, not before `since`. A transformer that is measured live is only taken for one that it was in itself.
 */
export const restoredOf = (
  db: Queryable,
  transformerIds: readonly number[],
  since: number,
): Promise<RestoredTransformer[]> =>
  db.query<RestoredTransformer>(
    `select a.id as "transformerId", case when s.last_ts is null then 'unmetered' else s.supply end as supply,
       s.supply_since as "supplySince", home.*
     from asset a left join transformer_state s on s.transformer_id = a.id
     cross join lateral (
       select o.id as "outageId", o.started_at as "outageStartedAt", own.row_id as "rowId", own.end_source as "endSource",
         own.back_at as "backAt", coalesce(o.decided ->> 'state' = 'closed', false) as "isDecided"
       from (select ot.outage_id, ot.id as row_id, ot.end_source, ot.ended_at as back_at
             from outage_transformer ot where ot.transformer_id = a.id and ot.ended_at >= $2
             union all
             select x.id, null, null, x.ended_at from outage x
             where x.root_asset_id = any(a.path) and x.ended_at >= $2 and coalesce(s.last_ts is null or s.supply <> 'live', true)
               and not exists (select from outage_transformer m where m.outage_id = x.id and m.transformer_id = a.id)) own
       join outage o on o.id = own.outage_id and ${IS_OVER}
       order by own.back_at desc, o.id desc limit 1) home
     where a.id = any($1::integer[])
       and not exists (select from outage_transformer ot where ot.transformer_id = a.id and ot.ended_at is null)
       and not exists (select from outage x where x.state in ('suspected', 'confirmed') and x.root_asset_id = any(a.path))
     order by a.id`,
    [transformerIds, at(since)],
  );

export interface Call {
  transformerId: number;
  /** A customer, or a report of somebody whom the register does not know. */
  who: string;
  at: number;
}

/** Calls since an instant from transformers whose text says that supply is away; of customers who are not cut off. */
export async function callsFrom(
  db: Queryable,
  transformerIds: readonly number[],
  since: number,
): Promise<Map<number, Call[]>> {
  const rows = await db.query<Call & { text: string; isComplaint: boolean }>(
    `select call."transformerId", call.who, call.at, call.text, call."isComplaint"
     from (select h.transformer_id as "transformerId", 'customer ' || c.customer_id as who, c.customer_id, c.received_at as at,
             c.text, true as "isComplaint"
           from customer_transformer h join complaint c on c.customer_id = h.customer_id
            and h.valid_from <= c.received_at and (h.valid_to is null or h.valid_to > c.received_at)
           where h.transformer_id = any($1::integer[]) and c.category = 'outage' and c.received_at > $2
           union all
           select r.transformer_id, coalesce('customer ' || r.customer_id, 'report ' || r.id), r.customer_id, r.reported_at,
             r.symptom, false
           from fault_report r
           where r.transformer_id = any($1::integer[]) and r.reported_at > $2
             and coalesce(r.cause not in ('arrears', 'violation', 'theft'), true)) call
     where not exists (select from disconnection d where d.customer_id = call.customer_id and d.disconnected_at <= call.at
                       and (d.reconnected_at is null or d.reconnected_at > call.at))`,
    [transformerIds, at(since)],
  );
  const calls = rows.filter(({ text, isComplaint }) => (isComplaint ? saysStillOut(text) : saysNoSupply(text)));
  return partition(calls, ({ transformerId }) => transformerId);
}

/** Where the customers of these complaints hung when they called. */
export async function transformersOfComplaints(db: Queryable, complaintIds: readonly number[]): Promise<number[]> {
  if (complaintIds.length === 0) return [];
  const rows = await db.query<{ id: number }>(
    `select distinct h.transformer_id as id from complaint c
     join customer_transformer h on h.customer_id = c.customer_id
      and h.valid_from <= c.received_at and (h.valid_to is null or h.valid_to > c.received_at)
     where c.id = any($1::bigint[]) and c.category = 'outage'`,
    [complaintIds],
  );
  return rows.map(({ id }) => id);
}

/** Transformers below the roots of outages that are over, of which somebody called after the end: the end may be known late. */
export async function calledAfterEnd(db: Queryable, outageIds: readonly number[]): Promise<number[]> {
  if (outageIds.length === 0) return [];
  const rows = await db.query<{ id: number }>(
    `with over as (select o.root_asset_id, o.ended_at from outage o where o.id = any($1::bigint[]) and ${IS_OVER}),
     calls as (
       select h.transformer_id, c.received_at as at from complaint c
       join customer_transformer h on h.customer_id = c.customer_id
        and h.valid_from <= c.received_at and (h.valid_to is null or h.valid_to > c.received_at)
       where c.category = 'outage' and c.received_at > (select min(ended_at) from over)
       union all
       select transformer_id, reported_at from fault_report where reported_at > (select min(ended_at) from over))
     select distinct a.id from calls join asset a on a.id = calls.transformer_id
     join over on a.path @> array[over.root_asset_id] and calls.at > over.ended_at`,
    [outageIds],
  );
  return rows.map(({ id }) => id);
}
