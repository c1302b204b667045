import type { LateRegistration } from '../../domain/planned-window.js';
import type { WarningEntry } from '../../domain/warning-rules.js';
import type {
  ComplaintFacts,
  DisconnectionFacts,
  Facts,
  NoticeFacts,
  OrderFacts,
  OutageFacts,
  PlannedOutageFacts,
  RepairFacts,
  TransformerFacts,
} from '../../domain/warnings/facts.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';
import { loadComplaintFacts } from './complaint-facts.js';
import { loadDisconnectionFacts } from './disconnection-facts.js';
import { loadNoticeFacts } from './notice-facts.js';
import { nearest, PLACE } from './place.js';
import { loadRepairFacts } from './repair-facts.js';

const byId = <Row extends { id: number }>(rows: readonly Row[]): Map<number, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** Everything the rules need to know for a batch of entries, one query per sort of subject. */
export async function loadFacts(tx: Tx, entries: readonly WarningEntry[], policy: Policy): Promise<Facts> {
  const ids = idsOf(entries);
  const outages = await loadOutages(tx, [...ids.outage]);
  return {
    transformers: await loadTransformers(tx, [...ids.transformer]),
    outages,
    plannedOutages: await loadPlannedOutages(tx, [...ids.planned_outage]),
    orders: await loadOrders(tx, [...ids.reconnection_order]),
    disconnections: byId<DisconnectionFacts>(await loadDisconnectionFacts(tx, [...ids.disconnection])),
    repairs: byId<RepairFacts>(await loadRepairFacts(tx, [...ids.repair_order])),
    notices: byId<NoticeFacts>(await loadNoticeFacts(tx, [...ids.notice])),
    complaints: byId<ComplaintFacts>(await loadComplaintFacts(tx, [...ids.complaint], policy)),
  };
}

const SORTS = [
  'transformer',
  'outage',
  'planned_outage',
  'reconnection_order',
  'disconnection',
  'repair_order',
  'notice',
  'complaint',
] as const;
type Sort = (typeof SORTS)[number];

/** Which rows the entries are about. */
function idsOf(entries: readonly WarningEntry[]): Record<Sort, Set<number>> {
  const ids = Object.fromEntries(SORTS.map((sort) => [sort, new Set<number>()])) as Record<Sort, Set<number>>;
  for (const entry of entries) {
    if ('transformerId' in entry.data) ids.transformer.add(entry.data.transformerId);
    if ('plannedOutageId' in entry.data && entry.data.plannedOutageId !== null)
      ids.planned_outage.add(entry.data.plannedOutageId);
    if (entry.type === 'supply_changed') continue; // needs no more than the warning itself
    const sort = SORTS.find((one) => one === entry.subjectType);
    if (sort !== undefined) ids[sort].add(entry.subjectId);
  }
  return ids;
}

async function loadTransformers(tx: Tx, ids: readonly number[]): Promise<Map<number, TransformerFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<TransformerFacts>(
    `select ${PLACE} as place, coalesce(s.supply, 'unknown') as supply, s.supply_since as "supplySinceAt",
            s.last_heard_at as "lastHeardAt",
            exists (select from outage o where o.state in ('suspected', 'confirmed') and o.root_asset_id = any(a.path)
                    and o.merged_into_id is null)
            or exists (select from warning w where w.kind = 'terminal_offline' and w.subject_type = 'area' and w.status <> 'resolved'
                       and w.area = a.area and w.evidence -> 'transformerIds' @> to_jsonb(a.id)) as "inOpenOutage"
     from asset a left join transformer_state s on s.transformer_id = a.id where a.id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.place.assetId, row]));
}

async function loadOutages(tx: Tx, ids: readonly number[]): Promise<Map<number, OutageFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<
    Omit<OutageFacts, 'planned'> & {
      plannedId: number | null;
      plannedEndsAt: number | null;
      registeredLate: LateRegistration | null;
    }
  >(
    `select o.id, o.state, o.nature, o.cause, ${PLACE} as root, o.started_at as "startedAt", o.ended_at as "endedAt",
            o.estimated_restoration_at as "estimatedRestorationAt", o.customers_affected as "customersAffected", o.momentary,
            case when o.evidence -> 'sources' ? 'corroborated' and (o.evidence -> 'sources') - 'corroborated' = '{}'
                 then o.evidence -> 'corroboration' end as suspicion,
            (o.evidence ->> 'overrunSince')::bigint as "overrunSinceAt", p.id as "plannedId", p.ends_at as "plannedEndsAt",
            p.registered_late as "registeredLate", o.parent_id as "parentId",
            jsonb_build_object('owner', ${nearest('owner')}, 'manager', ${nearest('manager')}) as responsible
     from outage o join asset a on a.id = o.root_asset_id left join planned_outage p on p.id = o.planned_outage_id
     where o.id = any($1)`,
    [ids],
  );
  return byId(
    rows.map(({ plannedId, plannedEndsAt, registeredLate, ...row }) => ({
      ...row,
      planned:
        plannedId === null || plannedEndsAt === null ? null : { id: plannedId, endsAt: plannedEndsAt, registeredLate },
    })),
  );
}

async function loadPlannedOutages(tx: Tx, ids: readonly number[]): Promise<Map<number, PlannedOutageFacts>> {
  if (ids.length === 0) return new Map();
  return byId(
    await tx.query<PlannedOutageFacts>(
      `select p.id, p.external_id as "externalId", first.place, p.starts_at as "startsAt", p.ends_at as "endsAt", p.nature,
              p.reason, p.state = 'registered' as registered, p.registered_late as "registeredLate"
       from planned_outage p
       join lateral (select ${PLACE} as place from planned_outage_asset l join asset a on a.id = l.asset_id
                     where l.planned_outage_id = p.id order by a.code limit 1) first on true
       where p.id = any($1)`,
      [ids],
    ),
  );
}

async function loadOrders(tx: Tx, ids: readonly number[]): Promise<Map<number, OrderFacts>> {
  if (ids.length === 0) return new Map();
  return byId(
    await tx.query<OrderFacts>(
      `select r.id, c.account_no as "accountNo", ${PLACE} as place, r.paid_at as "paidAt", r.due_at as "dueAt",
              r.restored_at as "restoredAt"
       from reconnection_order r join customer c on c.id = r.customer_id join asset a on a.id = c.transformer_id
       where r.id = any($1)`,
      [ids],
    ),
  );
}
