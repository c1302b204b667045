import type { OutageMember, OutageRecord } from '../../domain/outage-record.js';
import type { PlannedWork } from '../../domain/outage-lifecycle.js';
import type { Queryable, Tx } from '../database/database.js';

/** Any constant serves: whoever holds this advisory lock writes outages. */
const OUTAGES_LOCK = 7_202_612;

/** Taken first by every transaction that changes outages: the follower and the dispatchers' decisions take turns. */
export async function lockOutages(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [OUTAGES_LOCK]);
}

export const OUTAGE_COLUMNS = `o.id, o.state, o.nature, o.cause, o.root_asset_id as "rootAssetId", o.area,
  o.started_at as "startedAt", o.confirmed_at as "confirmedAt", o.ended_at as "endedAt",
  o.estimated_restoration_at as "estimatedRestorationAt", o.planned_outage_id as "plannedOutageId",
  o.parent_id as "parentId", o.merged_into_id as "mergedIntoId", o.momentary,
  o.customers_affected as "customersAffected", o.customers_restored as "customersRestored",
  o.evidence, o.decided, o.policy_version as "policyVersion", o.revision`;

export type StoredMember = OutageMember & { rowId: number; outageId: number };

export const MEMBER_COLUMNS = `ot.id as "rowId", ot.outage_id as "outageId", ot.transformer_id as "transformerId",
  coalesce(ot.not_before, ot.started_at) as "notBefore", ot.started_at as "startedAt", ot.ended_at as "endedAt",
  ot.source, ot.end_source as "endSource", ot.customers`;

/** Outages with all their members, by id. */
export async function loadOutages(
  tx: Queryable,
  ids: readonly number[],
): Promise<{ records: OutageRecord[]; members: StoredMember[] }> {
  if (ids.length === 0) return { records: [], members: [] };
  const records = await tx.query<OutageRecord>(
    `select ${OUTAGE_COLUMNS} from outage o where o.id = any($1::bigint[]) order by o.id`,
    [ids],
  );
  const members = await tx.query<StoredMember>(
    `select ${MEMBER_COLUMNS} from outage_transformer ot where ot.outage_id = any($1::bigint[]) order by ot.id`,
    [ids],
  );
  return { records, members };
}

/** The registered works of these ids; a cancelled one is not there. */
export async function loadWorks(tx: Queryable, ids: readonly number[]): Promise<Map<number, PlannedWork>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<PlannedWork>(
    `select id, nature, starts_at as "startsAt", ends_at as "endsAt" from planned_outage where id = any($1::bigint[]) and state = 'registered'`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Numbers for outages that are about to open. */
export async function takeIds(tx: Tx, count: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('outage', 'id')) as id from generate_series(1, $1)`,
    [count],
  );
  return rows.map(({ id }) => id);
}
