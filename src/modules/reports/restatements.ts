import type { JournalEntry } from '../../domain/journal-entry.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { Difference, Known } from './known-reports.js';
import type { PublishedReport } from './published-reports.js';
import type { ReliabilityRow } from './reliability-report.js';

export interface Revision {
  journalId: number;
  type: string;
  knownAt: number;
  actor: string;
  why: string;
  whyZh: string;
}

export interface Restatement extends PublishedReport {
  known: ReliabilityRow;
  isChanged: boolean;
  outages: (Difference & { revisions: Revision[] })[];
}

/** Published reports beside what is known now, and what was learnt since of the outages that make the differences. */
export async function restate(
  tx: Tx,
  reports: readonly PublishedReport[],
  known: ReadonlyMap<number, Known>,
): Promise<Restatement[]> {
  const restated: Restatement[] = [];
  for (const report of reports) {
    const now = known.get(report.id);
    if (now === undefined) continue;
    const ids = now.outages.map(({ outageId }) => outageId);
    const revisions = await revisionsOf(tx, ids, report.publishedAt);
    restated.push({
      ...report,
      known: now.known,
      isChanged: isOtherwise(report.published, now.known),
      outages: now.outages.map((one) => ({ ...one, revisions: revisions.get(one.outageId) ?? [] })),
    });
  }
  return restated;
}

/** Any figure: a nature that was corrected moves minutes between faults and works, and leaves the sums alone. */
function isOtherwise(before: unknown, after: unknown): boolean {
  if (typeof before === 'number' && typeof after === 'number') return Math.abs(before - after) > 1e-9;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return before !== after;
  const figures = after as Record<string, unknown>;
  return Object.entries(before).some(([name, figure]) => isOtherwise(figure, figures[name]));
}

/** What was done about an outage, or foretold of it, teaches nothing of what it was. */
const CONSEQUENCES = [
  'deadline_fired',
  'notice_queued',
  'outage_outlook',
  'outage_progress',
] as const satisfies readonly JournalEntry['type'][];

/** What the journal learnt of these outages after an instant. */
async function revisionsOf(tx: Tx, outageIds: readonly number[], since: number): Promise<Map<number, Revision[]>> {
  const rows = await tx.query<{ outageId: number; revisions: (Omit<Revision, 'knownAt'> & { knownAtMs: number })[] }>(
    `select subject_id as "outageId", json_agg(json_build_object('journalId', id, 'type', type, 'actor', actor,
       'knownAtMs', round(extract(epoch from known_at) * 1000), 'why', coalesce(data->>'why', ''),
       'whyZh', coalesce(data->>'whyZh', data->>'why', '')) order by id) as revisions
     from journal where subject_type = 'outage' and subject_id = any($1::bigint[]) and known_at > $2 and type <> all($3)
     group by subject_id`,
    [outageIds, at(since), CONSEQUENCES],
  );
  return new Map(
    rows.map(({ outageId, revisions }) => [
      outageId,
      revisions.map(({ knownAtMs, ...revision }) => ({ ...revision, knownAt: knownAtMs })),
    ]),
  );
}
