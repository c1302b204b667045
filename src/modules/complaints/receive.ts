import { classify } from '../../domain/complaints/category.js';
import type { Channel } from '../../domain/complaints/complaint.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import type { NewComplaint } from './complaint-rows.js';
import { linkComplaints } from './link.js';
import { setComplaintPromises } from './promises.js';

/** The utility's own channels and the energy regulator's: what comes there is about electricity. */
const ABOUT_ELECTRICITY: readonly Channel[] = ['hotline', 'online', 'regulator'];

export interface Received {
  /** externalId -> id, new and known ones. */
  ids: Map<string, number>;
  /** External ids that are known with another text, channel or instant. */
  conflicts: Set<string>;
  /** Those that are new, for counters. */
  created: { id: number; category: string }[];
}

/**
 * Takes complaints in: finds the customer by account number, calling number or address, gives a category where there is none,
 * sets the clocks of its promises, and links at once to what is known. A complaint that is known already is not taken a second time.
 */
export async function receive(
  tx: Tx,
  given: readonly NewComplaint[],
  active: PolicyInForce,
  actor: string,
): Promise<Received> {
  const rows = given.map((complaint) => {
    const classified =
      complaint.category === null
        ? classify(complaint.text, ABOUT_ELECTRICITY.includes(complaint.channel))
        : { category: complaint.category, confidence: 1 };
    return { ...complaint, ...classified, receivedAt: new Date(complaint.receivedAt).toISOString() };
  });
  const created = await tx.query<{
    id: number;
    externalId: string;
    channel: string;
    category: string;
    customerId: number | null;
    receivedAt: number;
  }>(
    `insert into complaint (external_id, channel, category, category_confidence, account_no, customer_id, caller_phone, address,
                            text, received_at, recorded_at)
     select x."externalId", x.channel, x.category, x.confidence, x."accountNo",
            customer_of(x."accountNo", x."callerPhone", x.address), x."callerPhone", x.address, x.text, x."receivedAt", $2
     from jsonb_to_recordset($1) as x("externalId" text, channel text, category text, confidence real, "accountNo" text,
                                      "callerPhone" text, address text, text text, "receivedAt" timestamptz)
     order by x."receivedAt"
     on conflict (external_id) do nothing
     returning id, external_id as "externalId", channel, category, customer_id as "customerId", received_at as "receivedAt"`,
    [JSON.stringify(rows), at(tx.now)],
  );
  await append(
    tx,
    created.map(({ id, channel, category, customerId, receivedAt }): NewJournalEntry => ({
      type: 'complaint_received',
      subjectType: 'complaint',
      subjectId: id,
      happenedAt: receivedAt,
      actor,
      data: { channel, category, customerId, receivedAt },
    })),
  );
  const ids = created.map(({ id }) => id);
  await setComplaintPromises(tx, ids, active);
  await linkComplaints(tx, ids, active.policy);
  const known = await findKnown(tx, given);
  return { ...known, created };
}

async function findKnown(tx: Tx, given: readonly NewComplaint[]): Promise<Pick<Received, 'ids' | 'conflicts'>> {
  const rows = await tx.query<{ id: number; externalId: string; text: string; channel: string; receivedAt: number }>(
    `select id, external_id as "externalId", text, channel, received_at as "receivedAt" from complaint
     where external_id = any($1)`,
    [given.map(({ externalId }) => externalId)],
  );
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  const conflicts = given.filter((complaint) => {
    const row = byExternalId.get(complaint.externalId);
    return (
      row !== undefined &&
      (row.text !== complaint.text || row.channel !== complaint.channel || row.receivedAt !== complaint.receivedAt)
    );
  });
  return {
    ids: new Map(rows.map((row) => [row.externalId, row.id])),
    conflicts: new Set(conflicts.map(({ externalId }) => externalId)),
  };
}
