import { HOUR_MS } from '../../domain/instants.js';
import type { OutageNature } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Share } from '../../domain/reliability-sums.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { PublishedReport } from './published-reports.js';
import { policyOf, reportReliability } from './reliability-report.js';
import type { ReliabilityRow } from './reliability-report.js';

/** What an outage adds to a report now beyond what was published. */
export interface Difference {
  outageId: number;
  customerMinutes: number;
  customerInterruptions: number;
}

/** Absent = published before natures were kept. */
type PublishedShare = Difference & { nature: OutageNature | null };

/** What a published report says now. */
export interface Known {
  reportId: number;
  known: ReliabilityRow;
  /** Known now minus published, by outage. */
  outages: Difference[];
}

/** What is known of each report in this snapshot: worked out anew only where what was kept may not be true any more. */
export async function knownNow(
  tx: Tx,
  reports: readonly PublishedReport[],
  rules: PolicyInForce,
): Promise<Map<number, Known>> {
  const known = await standingOf(tx, reports, rules);
  for (const report of reports) if (!known.has(report.id)) known.set(report.id, await workOut(tx, report, rules));
  return known;
}

async function workOut(tx: Tx, report: PublishedReport, rules: PolicyInForce): Promise<Known> {
  const { total: known, shares } = await reportReliability(tx, { ...report, by: 'none' }, rules, true);
  const then = await tx.query<PublishedShare>(
    `select outage_id as "outageId", customer_minutes as "customerMinutes", customer_interruptions as "customerInterruptions", nature
     from published_outage where report_id = $1`,
    [report.id],
  );
  const outages = compareShares(then, shares);
  return { reportId: report.id, known, outages };
}

/**
 * What was kept and still stands. A figure rests on the register, on the policy, on silences and on outages.
 * Nothing that begins later than the long-outage limit after the report's end can matter: what went on over the end is long by then.
 * An outage matters if it was ever said to have begun before that, whatever of it changes. What is not over grows while nobody says a word:
 * losses, which make major event days, and silences until they are long.
 */
async function standingOf(
  tx: Tx,
  reports: readonly PublishedReport[],
  rules: PolicyInForce,
): Promise<Map<number, Known>> {
  const rows = await tx.query<Known>(
    `select k.report_id as "reportId", k.known, k.outages
     from unnest($1::bigint[], $2::timestamptz[]) as r(id, settled_at)
     join published_report p on p.id = r.id
     join restatement k on k.report_id = r.id
     where k.policy_version = $3 and k.looked_at >= r.settled_at
       and not exists (
         select from outage_transformer ot join outage o on o.id = ot.outage_id
         where ot.ended_at is null and ot.started_at < p.to_ts and o.state <> 'discarded')
       and not exists (
         select from journal j
         where j.xid >= pg_snapshot_xmin(k.seen) and not pg_visible_in_snapshot(j.xid, k.seen)
           and (j.type in ('network_imported', 'asset_moved')
             or j.type in ('supply_changed', 'supply_revised') and j.happened_at <= r.settled_at
             or j.subject_type = 'outage' and exists (
               select from journal e where e.subject_type = 'outage' and e.subject_id = j.subject_id
                 and (e.data->>'startedAt')::float8 <= extract(epoch from r.settled_at) * 1000)))`,
    [
      reports.map(({ id }) => id),
      reports.map(({ to, area }) => at(to + policyOf(rules, area).outage.longHours * HOUR_MS)),
      rules.version,
    ],
  );
  return new Map(rows.map((row) => [row.reportId, row]));
}

/** A look at published reports: what was found, and in which state of the database. */
export interface Look {
  known: readonly Known[];
  seen: string;
  lookedAt: number;
  policyVersion: number;
}

/** The state of the database that a transaction sees. */
export async function stateSeen(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ seen: string }>('select pg_current_snapshot()::text as seen');
  return row?.seen ?? '';
}

/** Keeps what a look found. That an older look may be kept after a newer one does no harm: each says what it is true of. */
export async function keepLook(tx: Tx, { known, seen, lookedAt, policyVersion }: Look): Promise<void> {
  await tx.query(
    `insert into restatement (report_id, known, outages, seen, looked_at, policy_version)
     select *, $4::pg_snapshot, $5::timestamptz, $6::integer from unnest($1::bigint[], $2::jsonb[], $3::jsonb[])
     on conflict (report_id) do update set known = excluded.known, outages = excluded.outages, seen = excluded.seen,
       looked_at = excluded.looked_at, policy_version = excluded.policy_version`,
    [
      known.map(({ reportId }) => reportId),
      known.map((one) => JSON.stringify(one.known)),
      known.map(({ outages }) => JSON.stringify(outages)),
      seen,
      at(lookedAt),
      policyVersion,
    ],
  );
}

/** Minutes are sums of floating point numbers in whatever order: less than a millisecond of one customer is none. */
const LEAST_MINUTES = 1 / 60_000;

function compareShares(then: readonly PublishedShare[], now: ReadonlyMap<number, Share>): Difference[] {
  const before = new Map(then.map((share) => [share.outageId, share]));
  return [...new Set([...before.keys(), ...now.keys()])]
    .sort((a, b) => a - b)
    .flatMap((outageId) => {
      const [was, is] = [before.get(outageId), now.get(outageId)];
      const customerMinutes = (is?.customerMinutes ?? 0) - (was?.customerMinutes ?? 0);
      const customerInterruptions = (is?.customerInterruptions ?? 0) - (was?.customerInterruptions ?? 0);
      const isOfOtherNature = is !== undefined && typeof was?.nature === 'string' && was.nature !== is.nature;
      const isOtherwise = Math.abs(customerMinutes) >= LEAST_MINUTES || customerInterruptions !== 0 || isOfOtherNature;
      return isOtherwise ? [{ outageId, customerMinutes, customerInterruptions }] : [];
    });
}
