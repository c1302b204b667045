import type { OutageRecord } from '../../domain/outage-record.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { OutageBoard } from './outage-board.js';

/** Inserts what is new, overwrites what is not; one statement each. */
export async function writeOutages(
  tx: Tx,
  saved: readonly { outage: { before: OutageRecord }; after: OutageRecord }[],
): Promise<void> {
  if (saved.length === 0) return;
  const afters = saved.map(({ after }) => after);
  const column = <Value>(read: (record: OutageRecord) => Value): Value[] => afters.map(read);
  // One upsert: new ids were taken from the sequence beforehand.
  await tx.query(
    `insert into outage (id, state, nature, cause, root_asset_id, area, started_at, confirmed_at, ended_at,
       estimated_restoration_at, planned_outage_id, parent_id, merged_into_id, momentary, customers_affected,
       customers_restored, evidence, decided, policy_version, revision, known_at)
     overriding system value
     select *, $21::timestamptz from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[],
       $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::bigint[],
       $13::bigint[], $14::boolean[], $15::integer[], $16::integer[], $17::jsonb[], $18::jsonb[], $19::integer[], $20::integer[])
     on conflict (id) do update set state = excluded.state, nature = excluded.nature, cause = excluded.cause,
       root_asset_id = excluded.root_asset_id, area = excluded.area, started_at = excluded.started_at,
       confirmed_at = excluded.confirmed_at, ended_at = excluded.ended_at,
       estimated_restoration_at = excluded.estimated_restoration_at, planned_outage_id = excluded.planned_outage_id,
       parent_id = excluded.parent_id, merged_into_id = excluded.merged_into_id, momentary = excluded.momentary,
       customers_affected = excluded.customers_affected, customers_restored = excluded.customers_restored,
       evidence = excluded.evidence, decided = excluded.decided, revision = excluded.revision`,
    [
      column(({ id }) => id),
      column(({ state }) => state),
      column(({ nature }) => nature),
      column(({ cause }) => cause),
      column(({ rootAssetId }) => rootAssetId),
      column(({ area }) => area),
      column(({ startedAt }) => at(startedAt)),
      column(({ confirmedAt }) => atOrNull(confirmedAt)),
      column(({ endedAt }) => atOrNull(endedAt)),
      column(({ estimatedRestorationAt }) => atOrNull(estimatedRestorationAt)),
      column(({ plannedOutageId }) => plannedOutageId),
      column(({ parentId }) => parentId),
      column(({ mergedIntoId }) => mergedIntoId),
      column(({ momentary }) => momentary),
      column(({ customersAffected }) => customersAffected),
      column(({ customersRestored }) => customersRestored),
      column(({ evidence }) => JSON.stringify(evidence)),
      column(({ decided }) => JSON.stringify(decided)),
      column(({ policyVersion }) => policyVersion),
      column(({ revision }) => revision),
      at(tx.now),
    ],
  );
}

/** Brings the stored members to what the board says: withdrawn rows go, moved and changed ones are updated, new ones inserted. */
export async function writeMembers(tx: Tx, board: OutageBoard): Promise<void> {
  const now = [...board.outages].flatMap(([outageId, { members }]) =>
    members.map((member) => ({ outageId, ...member })),
  );
  const kept = new Set(now.map(({ rowId }) => rowId));
  const gone = [...board.stored.keys()].filter((rowId) => !kept.has(rowId));
  const changed = now.filter((member) => {
    const stored = member.rowId === null ? undefined : board.stored.get(member.rowId);
    return (
      stored !== undefined &&
      (stored.outageId !== member.outageId ||
        stored.startedAt !== member.startedAt ||
        stored.notBefore !== member.notBefore ||
        stored.endedAt !== member.endedAt ||
        stored.source !== member.source ||
        stored.endSource !== member.endSource ||
        stored.customers !== member.customers)
    );
  });
  const added = now.filter(({ rowId }) => rowId === null);
  if (gone.length > 0) await tx.query('delete from outage_transformer where id = any($1::bigint[])', [gone]);
  const columns = (rows: typeof now): unknown[] => [
    rows.map(({ outageId }) => outageId),
    rows.map(({ notBefore }) => at(notBefore)),
    rows.map(({ startedAt }) => at(startedAt)),
    rows.map(({ endedAt }) => atOrNull(endedAt)),
    rows.map(({ source }) => source),
    rows.map(({ endSource }) => endSource),
    rows.map(({ customers }) => customers),
  ];
  if (changed.length > 0)
    await tx.query(
      `update outage_transformer ot set outage_id = n.outage_id, not_before = n.not_before, started_at = n.started_at,
         ended_at = n.ended_at, source = n.source, end_source = n.end_source, customers = n.customers
       from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::integer[],
         $8::bigint[]) as n(outage_id, not_before, started_at, ended_at, source, end_source, customers, id)
       where ot.id = n.id`,
      [...columns(changed), changed.map(({ rowId }) => rowId)],
    );
  if (added.length > 0)
    await tx.query(
      `insert into outage_transformer (outage_id, not_before, started_at, ended_at, source, end_source, customers, transformer_id)
       select * from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[],
         $7::integer[], $8::integer[])`,
      [...columns(added), added.map(({ transformerId }) => transformerId)],
    );
}
