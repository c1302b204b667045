import { scoreLink } from '../../domain/complaints/linking.js';
import type { LinkableComplaint, ScoredLink } from '../../domain/complaints/linking.js';
import type { EventType, NewJournalEntry } from '../../domain/journal-entry.js';
import type { Policy } from '../../domain/policy.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { findCandidates } from './candidates.js';

type Link = ScoredLink & { complaintId: number };

interface Existing {
  complaintId: number;
  eventType: EventType;
  eventId: number;
  score: number;
  status: string;
  byRule: boolean;
}

const keyOf = (link: { complaintId: number; eventType: string; eventId: number }): string =>
  `${link.complaintId}|${link.eventType}|${link.eventId}`;

/** Scores complaints against all that may have caused them, keeps what is good enough, leaves what a person decided. */
export async function linkComplaints(tx: Tx, ids: readonly number[], policy: Policy): Promise<void> {
  if (ids.length === 0) return;
  const complaints = await tx.query<LinkableComplaint & { id: number; receivedAt: number }>(
    `select id, category, text, received_at as "receivedAt" from complaint where id = any($1) order by id for update`,
    [ids],
  );
  const byId = new Map(complaints.map((complaint) => [complaint.id, complaint]));
  const links: Link[] = [];
  for (const candidate of await findCandidates(tx, ids, policy)) {
    const complaint = byId.get(candidate.complaintId);
    const link = complaint === undefined ? null : scoreLink(complaint, candidate, policy);
    if (link !== null) links.push({ ...link, complaintId: candidate.complaintId });
  }
  await save(tx, ids, links);
}

async function save(tx: Tx, ids: readonly number[], links: readonly Link[]): Promise<void> {
  const rows = await tx.query<Existing>(
    `select complaint_id as "complaintId", event_type as "eventType", event_id as "eventId", score, status,
            coalesce(decided_by, 'system') = 'system' as "byRule"
     from complaint_link where complaint_id = any($1)`,
    [ids],
  );
  const existing = new Map(rows.map((row) => [keyOf(row), row]));
  // Only the rules' own links are touched.
  const wanted = links.filter((link) => existing.get(keyOf(link))?.byRule ?? true);
  const news = wanted.filter((link) => existing.get(keyOf(link))?.status !== link.status);
  const found = new Set(links.map(keyOf));
  const gone = rows.filter((row) => row.byRule && row.status !== 'rejected' && !found.has(keyOf(row)));
  await upsert(tx, wanted);
  await withdraw(tx, gone);
  await append(tx, [
    ...news.map(({ complaintId, eventType, eventId, score, status }): NewJournalEntry => ({
      type: 'complaint_linked',
      subjectType: 'complaint',
      subjectId: complaintId,
      happenedAt: tx.now,
      data: { eventType, eventId, score, status },
    })),
    ...gone.map(({ complaintId, eventType, eventId }): NewJournalEntry => ({
      type: 'complaint_link_decided',
      subjectType: 'complaint',
      subjectId: complaintId,
      happenedAt: tx.now,
      data: { eventType, eventId, status: 'rejected' },
    })),
  ]);
}

async function upsert(tx: Tx, links: readonly Link[]): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `insert into complaint_link as l (complaint_id, event_type, event_id, score, status, evidence, linked_at)
     select x."complaintId", x."eventType", x."eventId", x.score, x.status, x.evidence, $2
     from jsonb_to_recordset($1) as x("complaintId" bigint, "eventType" text, "eventId" bigint, score real, status text,
                                      evidence jsonb)
     on conflict (complaint_id, event_type, event_id) do update
       set score = excluded.score, status = excluded.status, evidence = excluded.evidence,
           decided_by = null, decided_at = null, note = null
       where coalesce(l.decided_by, 'system') = 'system'`,
    [JSON.stringify(links), at(tx.now)],
  );
}

/** The event was discarded, merged into another, moved, or never was: the link stays to be seen, as rejected by the rules. */
async function withdraw(tx: Tx, gone: readonly Existing[]): Promise<void> {
  if (gone.length === 0) return;
  await tx.query(
    `update complaint_link l set status = 'rejected', decided_by = 'system', decided_at = $4, note = '事件已变更，不再对应'
     from unnest($1::bigint[], $2::text[], $3::bigint[]) as x(complaint_id, event_type, event_id)
     where l.complaint_id = x.complaint_id and l.event_type = x.event_type and l.event_id = x.event_id
       and coalesce(l.decided_by, 'system') = 'system'`,
    [
      gone.map((link) => link.complaintId),
      gone.map((link) => link.eventType),
      gone.map((link) => link.eventId),
      at(tx.now),
    ],
  );
}
