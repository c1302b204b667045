import type { CutAccount } from '../../domain/reconnection/cut-facts.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

/** Whose facts are asked for, as they concern a cut at that instant. */
export interface CutAsk {
  customerId: number;
  cutAt: number;
  /** The disconnection itself, where it is on record: it does not stand in its own way. */
  disconnectionId: number | null;
}

export interface CutRecord extends CutAccount {
  area: string;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;
const list = (fields: string, from: string, order: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object(${fields}) order by ${order}), '[]') from ${from})`;
const holds = (from: string, to: string): string => `${from} <= r.cut_at and (${to} is null or ${to} > r.cut_at)`;

/** Everything on record that may stand against cuts, in the order of the asks: one query for any number of them. */
export async function loadCutRecords(db: Queryable, asks: readonly CutAsk[]): Promise<CutRecord[]> {
  if (asks.length === 0) return [];
  return db.query<CutRecord>(
    `select c.category, t.area,
       ${list(`'dueOn', a.due_on, 'clearedAt', ${ms('a.cleared_at')}`, 'arrears a where a.customer_id = c.id and a.amount > 0', 'a.due_on')} as arrears,
       ${list(
         `'stage', s.stage, 'at', ${ms('s.at')}, 'result', s.result, 'promisedOn', s.promised_on`,
         'dunning_fact s where s.customer_id = c.id and s.at < r.cut_at',
         's.at, s.id',
       )} as dunning,
       ${list(
         `'id', p.id, 'kind', p.kind, 'from', ${ms('p.valid_from')}, 'to', ${ms('p.valid_to')}, 'why', p.reason,
          'scope', case when p.customer_id is not null then 'account' when p.area is not null then 'area' else 'everywhere' end`,
         `cut_protection p where (p.customer_id = c.id or p.customer_id is null and coalesce(p.area, t.area) = t.area)
            and ${holds('p.valid_from', 'p.valid_to')}`,
         'p.id',
       )} as protections,
       ${list(
         `'id', o.id, 'from', ${ms('h.started_at')}, 'to', ${ms('h.ended_at')}`,
         `outage_transformer h join outage o on o.id = h.outage_id and o.state <> 'discarded' and o.merged_into_id is null
            where h.transformer_id = t.id and ${holds('h.started_at', 'h.ended_at')}`,
         'h.started_at, o.id',
       )} as outages,
       ${list(
         `'id', k.id, 'category', k.category, 'receivedAt', ${ms('k.received_at')}`,
         `complaint k where k.customer_id = c.id and k.received_at <= r.cut_at
            and (k.state = 'open' or exists (select from complaint_step e where e.complaint_id = k.id and e.step = 'answered' and e.at > r.cut_at))`,
         'k.id',
       )} as complaints,
       ${list(
         `'id', d.id, 'from', ${ms('d.disconnected_at')}, 'to', ${ms('d.reconnected_at')}`,
         `disconnection d where d.customer_id = c.id and d.id is distinct from r.disconnection_id
            and ${holds('d.disconnected_at', 'd.reconnected_at')}`,
         'd.id',
       )} as cuts
     from unnest($1::integer[], $2::timestamptz[], $3::bigint[]) with ordinality as r(customer_id, cut_at, disconnection_id, place)
     join customer c on c.id = r.customer_id
     join asset t on t.id = coalesce(
       (select m.transformer_id from customer_transformer m where m.customer_id = c.id and ${holds('m.valid_from', 'm.valid_to')} limit 1),
       c.transformer_id)
     order by r.place`,
    [asks.map((ask) => ask.customerId), asks.map((ask) => at(ask.cutAt)), asks.map((ask) => ask.disconnectionId)],
  );
}
