import type { OutageNature } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Share } from '../../domain/reliability-sums.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { reportReliability } from './reliability-report.js';
import type { ReliabilityAsk, ReliabilityRow } from './reliability-report.js';

export interface PublishedReport {
  id: number;
  publishedAt: number;
  publishedBy: string;
  policyVersion: number;
  from: number;
  to: number;
  area: string | null;
  nature: OutageNature | null;
  sustainedMinutes: number;
  cemiMoreThan: number;
  note: string;
  published: ReliabilityRow;
}

const COLUMNS = `id, published_at as "publishedAt", published_by as "publishedBy", policy_version as "policyVersion", from_ts as "from",
  to_ts as "to", area, nature, sustained_minutes as "sustainedMinutes", cemi_more_than as "cemiMoreThan", note, figures as published`;

/** The figures that one state of the database gave. */
export interface ReportToPublish {
  ask: ReliabilityAsk;
  total: ReliabilityRow;
  shares: ReadonlyMap<number, Share>;
  at: number;
  policyVersion: number;
  note: string;
  by: string;
}

/** Keeps the total, and what each outage added to it. */
export async function publishReliability(tx: Tx, given: ReportToPublish): Promise<PublishedReport> {
  const { ask, total, shares } = given;
  const [report] = await tx.query<PublishedReport>(
    `insert into published_report (published_at, published_by, policy_version, from_ts, to_ts, area, nature, sustained_minutes,
       cemi_more_than, note, figures)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${COLUMNS}`,
    [
      at(given.at),
      given.by,
      given.policyVersion,
      at(ask.from),
      at(ask.to),
      ask.area,
      ask.nature,
      ask.sustainedMinutes,
      ask.cemiMoreThan,
      given.note,
      JSON.stringify(total),
    ],
  );
  if (report === undefined) throw new Error('the published report was not stored');
  const outages = [...shares];
  await tx.query(
    `insert into published_outage (report_id, outage_id, customer_minutes, customer_interruptions)
     select $1, * from unnest($2::bigint[], $3::double precision[], $4::bigint[])`,
    [
      report.id,
      outages.map(([outageId]) => outageId),
      outages.map(([, share]) => share.customerMinutes),
      outages.map(([, share]) => share.customerInterruptions),
    ],
  );
  return report;
}

export function listPublished(db: Queryable, beforeId: number | null, limit: number): Promise<PublishedReport[]> {
  return db.query<PublishedReport>(
    `select ${COLUMNS} from published_report where $1::bigint is null or id < $1 order by id desc limit $2`,
    [beforeId, limit],
  );
}

export interface Revision {
  journalId: number;
  type: string;
  knownAt: number;
  actor: string;
  why: string;
}

export interface Restatement extends PublishedReport {
  known: ReliabilityRow;
  isChanged: boolean;
  outages: { outageId: number; customerMinutes: number; customerInterruptions: number; revisions: Revision[] }[];
}

/** A published report beside what is known now, and the outages that make the difference. */
export async function restate(tx: Tx, report: PublishedReport, rules: PolicyInForce): Promise<Restatement> {
  const { total: known, shares } = await reportReliability(tx, { ...report, by: 'none' }, rules, true);
  const then = await tx.query<Share & { outageId: number }>(
    `select outage_id as "outageId", customer_minutes as "customerMinutes", customer_interruptions as "customerInterruptions"
     from published_outage where report_id = $1`,
    [report.id],
  );
  const differences = compareShares(new Map(then.map((share) => [share.outageId, share])), shares);
  const revisions = await revisionsOf(
    tx,
    differences.map(({ outageId }) => outageId),
    report.publishedAt,
  );
  const outages = differences.map((one) => ({ ...one, revisions: revisions.get(one.outageId) ?? [] }));
  return { ...report, known, isChanged: isOtherwise(report.published, known), outages };
}

/** Minutes are sums of floating point numbers in whatever order: less than a millisecond of one customer is none. */
const LEAST_MINUTES = 1 / 60_000;

function compareShares(then: ReadonlyMap<number, Share>, now: ReadonlyMap<number, Share>) {
  const none: Share = { customerMinutes: 0, customerInterruptions: 0 };
  return [...new Set([...then.keys(), ...now.keys()])]
    .sort((a, b) => a - b)
    .map((outageId) => {
      const [before, after] = [then.get(outageId) ?? none, now.get(outageId) ?? none];
      const customerMinutes = after.customerMinutes - before.customerMinutes;
      return {
        outageId,
        customerMinutes,
        customerInterruptions: after.customerInterruptions - before.customerInterruptions,
      };
    })
    .filter((one) => Math.abs(one.customerMinutes) >= LEAST_MINUTES || one.customerInterruptions !== 0);
}

function isOtherwise(before: ReliabilityRow, after: ReliabilityRow): boolean {
  const names = ['customersServed', 'saidiMinutes', 'saifi', 'maifi', 'cemi', 'celid8', 'majorEventDays'] as const;
  return (
    names.some((name) => Math.abs((before[name] ?? -1) - (after[name] ?? -1)) > 1e-9) ||
    Math.abs((before.unknown.minutes ?? 0) - (after.unknown.minutes ?? 0)) > 1e-9
  );
}

/** What the journal learnt of these outages after an instant. */
async function revisionsOf(tx: Tx, outageIds: readonly number[], since: number): Promise<Map<number, Revision[]>> {
  const rows = await tx.query<{ outageId: number; revisions: (Omit<Revision, 'knownAt'> & { knownAtMs: number })[] }>(
    `select subject_id as "outageId", json_agg(json_build_object('journalId', id, 'type', type, 'actor', actor,
       'knownAtMs', round(extract(epoch from known_at) * 1000), 'why', coalesce(data->>'why', '')) order by id) as revisions
     from journal where subject_type = 'outage' and subject_id = any($1::bigint[]) and known_at > $2
     group by subject_id`,
    [outageIds, at(since)],
  );
  return new Map(
    rows.map(({ outageId, revisions }) => [
      outageId,
      revisions.map(({ knownAtMs, ...revision }) => ({ ...revision, knownAt: knownAtMs })),
    ]),
  );
}
