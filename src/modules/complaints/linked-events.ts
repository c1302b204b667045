import type { LinkedEvent } from '../../domain/complaints/missed-warning.js';
import type { Queryable } from '../database/database.js';

/** For the linked events of some complaints: since when there was a warning, and since when this customer was told. */
export async function findLinkedEvents(
  db: Queryable,
  complaintIds: readonly number[],
): Promise<(LinkedEvent & { complaintId: number })[]> {
  return db.query<LinkedEvent & { complaintId: number }>(
    `select l.complaint_id as "complaintId", l.score, l.status = 'confirmed' as confirmed,
            l.event_type in ('outage', 'planned_outage') as "customersAreTold",
            case l.event_type
              when 'outage' then least(p.registered_at, (select min(w.known_at) from warning w where w.outage_id = l.event_id))
              when 'planned_outage' then (select registered_at from planned_outage where id = l.event_id)
              when 'episode' then (select min(w.known_at) from warning w
                where w.subject_type = 'transformer' and w.subject_id = e.transformer_id and w.kind = e.kind
                  and w.evidence -> 'episodes' ? l.event_id::text)
              else (select min(w.known_at) from warning w
                where (w.subject_type = 'disconnection' and w.subject_id = l.event_id)
                   or (w.subject_type = 'reconnection_order' and w.subject_id in
                       (select r.id from reconnection_order r where r.disconnection_id = l.event_id)))
            end as "warnedAt",
            (select min(n.sent_at) from notice n
             where n.customer_id = c.customer_id
               and ((n.event_type = l.event_type and n.event_id = l.event_id)
                    or (n.event_type = 'planned_outage' and n.event_id = o.planned_outage_id))) as "noticedAt"
     from complaint_link l
     join complaint c on c.id = l.complaint_id
     left join outage o on l.event_type = 'outage' and o.id = l.event_id
     left join planned_outage p on p.id = o.planned_outage_id
     left join episode e on l.event_type = 'episode' and e.id = l.event_id
     where l.complaint_id = any($1) and l.status in ('linked', 'confirmed')`,
    [complaintIds],
  );
}
