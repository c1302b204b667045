import type { OutageNature } from '../../domain/journal-entry.js';
import type { Share } from '../../domain/reliability-sums.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
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
    `insert into published_outage (report_id, outage_id, customer_minutes, customer_interruptions, nature)
     select $1, * from unnest($2::bigint[], $3::double precision[], $4::bigint[], $5::text[])`,
    [
      report.id,
      outages.map(([outageId]) => outageId),
      outages.map(([, share]) => share.customerMinutes),
      outages.map(([, share]) => share.customerInterruptions),
      outages.map(([, share]) => share.nature),
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
