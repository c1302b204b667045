import type { EventType } from '../../domain/journal-entry.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';

const TABLES: Readonly<Record<EventType, string>> = {
  outage: 'outage',
  episode: 'episode',
  disconnection: 'disconnection',
  planned_outage: 'planned_outage',
};

interface Decision {
  complaintId: number;
  eventType: EventType;
  eventId: number;
  status: 'confirmed' | 'rejected';
  note: string;
}

/**
 * A person says that an event did or did not cause a complaint. From then on no rule touches the link. A person may change the mind,
 * and may confirm an event that the rules did not find.
 * @throws Fault `not_found` when there is no such complaint, event, or (to reject) link
 */
export async function decideLink(tx: Tx, decision: Decision, actor: string): Promise<void> {
  const { complaintId, eventType, eventId, status, note } = decision;
  const [complaint] = await tx.query('select id from complaint where id = $1 for update', [complaintId]);
  if (complaint === undefined) throw new Fault('not_found', `There is no complaint ${complaintId}.`);
  const [link] = await tx.query(
    `update complaint_link set status = $4, decided_by = $5, decided_at = $6, note = $7
     where complaint_id = $1 and event_type = $2 and event_id = $3 returning event_id`,
    [complaintId, eventType, eventId, status, actor, at(tx.now), note],
  );
  if (link === undefined) {
    if (status === 'rejected') {
      throw new Fault('not_found', `Complaint ${complaintId} is not linked to ${eventType} ${eventId}.`);
    }
    await addLink(tx, decision, actor);
  }
  await append(tx, [
    {
      type: 'complaint_link_decided',
      subjectType: 'complaint',
      subjectId: complaintId,
      happenedAt: tx.now,
      actor,
      data: { eventType, eventId, status },
    },
  ]);
}

async function addLink(tx: Tx, decision: Decision, actor: string): Promise<void> {
  const { complaintId, eventType, eventId, note } = decision;
  const [event] = await tx.query(`select id from ${TABLES[eventType]} where id = $1`, [eventId]);
  if (event === undefined) throw new Fault('not_found', `There is no ${eventType} ${eventId}.`);
  await tx.query(
    `insert into complaint_link (complaint_id, event_type, event_id, score, status, evidence, decided_by, decided_at, note, linked_at)
     values ($1, $2, $3, 1, 'confirmed', '[]', $4, $5, $6, $5)`,
    [complaintId, eventType, eventId, actor, at(tx.now), note],
  );
}
