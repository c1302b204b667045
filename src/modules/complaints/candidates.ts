import type { Candidate } from '../../domain/complaints/linking.js';
import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';

type Row = Candidate & { complaintId: number };

/**
 * What may have caused each complaint: events on the customer's transformer, or above it, as the network was when they happened,
 * within the widest window of their sort. The rules look closer (domain/complaints/linking.ts).
 */
export async function findCandidates(tx: Tx, ids: readonly number[], policy: Policy): Promise<Row[]> {
  if (ids.length === 0) return [];
  const { backwardHours, outageWindowHours, frequentWindowDays, voltageWindowDays, disconnectionWindowDays } =
    policy.complaints;
  const backwardMs = backwardHours * HOUR_MS;
  const outageMs = Math.max(outageWindowHours * HOUR_MS, frequentWindowDays * DAY_MS);
  return [
    ...(await tx.query<Row>(OUTAGES, [ids, backwardMs, outageMs])),
    ...(await tx.query<Row>(SILENT, [ids, backwardMs])),
    ...(await tx.query<Row>(EPISODES, [ids, backwardMs, voltageWindowDays * DAY_MS])),
    ...(await tx.query<Row>(DISCONNECTIONS, [ids, backwardMs, disconnectionWindowDays * DAY_MS])),
    ...(await tx.query<Row>(PLANNED, [ids, backwardMs, outageMs])),
  ];
}

const MS = `interval '1 ms'`;
/** The customer hung on that transformer when the event began. */
const hungAt = (instant: string): string =>
  `h.valid_from <= ${instant} and (h.valid_to is null or h.valid_to > ${instant})`;

const OUTAGES = `
  select c.id as "complaintId", 'outage' as "eventType", o.id as "eventId", null as kind, 'transformer' as topology,
         min(t.started_at) as "startedAt", case when bool_and(t.ended_at is not null) then max(t.ended_at) end as "endedAt"
  from complaint c
  join customer_transformer h on h.customer_id = c.customer_id
  join outage_transformer t on t.transformer_id = h.transformer_id and ${hungAt('t.started_at')}
  join outage o on o.id = t.outage_id and o.state <> 'discarded' and o.merged_into_id is null
  where c.id = any($1) and t.started_at <= c.received_at + $2 * ${MS}
    and (t.ended_at is null or t.ended_at >= c.received_at - $3 * ${MS})
  group by c.id, o.id`;

/**
 * An outage above the customer whose own transformer was not measured, because its terminal was silent when the call came: nobody
 * knows better. One that was live then had no part in it.
 */
const SILENT = `
  select distinct on (c.id, o.id) c.id as "complaintId", 'outage' as "eventType", o.id as "eventId", null as kind,
         'silent' as topology, o.started_at as "startedAt", o.ended_at as "endedAt"
  from complaint c
  join customer_transformer h on h.customer_id = c.customer_id
  join outage o on o.state <> 'discarded' and o.merged_into_id is null and ${hungAt('o.started_at')}
   and o.started_at <= c.received_at + $2 * ${MS} and (o.ended_at is null or o.ended_at >= c.received_at)
   and o.root_asset_id in (select asset_id from ancestors_at(h.transformer_id, o.started_at))
  where c.id = any($1)
    and not exists (select from outage_transformer t where t.outage_id = o.id and t.transformer_id = h.transformer_id)
    and (exists (select from supply_interval i where i.transformer_id = h.transformer_id and i.withdrawn_at is null
                 and i.state = 'unknown' and i.started_at <= c.received_at
                 and (i.ended_at is null or i.ended_at > c.received_at))
         or not exists (select from transformer_state s where s.transformer_id = h.transformer_id and s.last_ts is not null))`;

/** A customer on one known phase is not reached by another phase's trouble. */
const EPISODES = `
  select c.id as "complaintId", 'episode' as "eventType", e.id as "eventId", e.kind, 'transformer' as topology,
         e.started_at as "startedAt", e.ended_at as "endedAt"
  from complaint c
  join customer k on k.id = c.customer_id
  join customer_transformer h on h.customer_id = c.customer_id
  join episode e on e.transformer_id = h.transformer_id and ${hungAt('e.started_at')} and e.withdrawn_at is null
   and e.kind in ('low_voltage', 'high_voltage', 'phase_loss', 'broken_neutral')
   and (e.phase = '' or k.phase is null or k.phase = 'ABC' or k.phase = e.phase)
  where c.id = any($1) and e.started_at <= c.received_at + $2 * ${MS}
    and (e.ended_at is null or e.ended_at >= c.received_at - $3 * ${MS})`;

const DISCONNECTIONS = `
  select c.id as "complaintId", 'disconnection' as "eventType", d.id as "eventId", null as kind, 'account' as topology,
         d.disconnected_at as "startedAt", d.reconnected_at as "endedAt"
  from complaint c join disconnection d on d.customer_id = c.customer_id
  where c.id = any($1) and d.disconnected_at <= c.received_at + $2 * ${MS}
    and (d.reconnected_at is null or d.reconnected_at >= c.received_at - $3 * ${MS})`;

const PLANNED = `
  select c.id as "complaintId", 'planned_outage' as "eventType", p.id as "eventId", null as kind,
         case when bool_or(l.asset_id = h.transformer_id) then 'transformer' else 'ancestor' end as topology,
         p.starts_at as "startedAt", p.ends_at as "endedAt"
  from complaint c
  join planned_outage p on p.state = 'registered' and p.starts_at <= c.received_at + $2 * ${MS}
   and p.ends_at >= c.received_at - $3 * ${MS}
  join customer_transformer h on h.customer_id = c.customer_id and ${hungAt('p.starts_at')}
  join planned_outage_asset l on l.planned_outage_id = p.id
   and l.asset_id in (select asset_id from ancestors_at(h.transformer_id, p.starts_at))
  where c.id = any($1)
  group by c.id, p.id`;
