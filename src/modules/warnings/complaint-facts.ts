import { DAY_MS, MINUTE_MS } from '../../domain/instants.js';
import type { Channel, ComplaintCategory } from '../../domain/complaints/complaint.js';
import type { ComplaintPromise } from '../../domain/complaints/promises.js';
import type { Policy } from '../../domain/policy.js';
import type { ComplaintFacts, Place } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';
import { PLACE } from './place.js';

/** Only calls about missing or bad supply say something about the network. */
const ABOUT_SUPPLY: readonly ComplaintCategory[] = ['outage', 'supply_quality', 'repair_quality'];

interface Row {
  id: number;
  externalId: string;
  channel: Channel;
  category: ComplaintCategory;
  receivedAt: number;
  contactedAt: number | null;
  answeredAt: number | null;
  contactDueAt: number | null;
  answerDueAt: number | null;
  customerId: number | null;
  accountNo: string | null;
  place: Place | null;
}

const limitOf = (kind: ComplaintPromise): string =>
  `(select due_at from deadline d where d.kind = '${kind}' and d.subject_type = 'complaint' and d.subject_id = c.id and d.stage = 'due')`;

/** Complaints with their repeats and with the callers nearby whose calls no event explains. */
export async function loadComplaintFacts(tx: Tx, ids: readonly number[], policy: Policy): Promise<ComplaintFacts[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(
    `select c.id, c.external_id as "externalId", c.channel, c.category, c.received_at as "receivedAt",
            (select min(at) from complaint_step s where s.complaint_id = c.id) as "contactedAt",
            (select at from complaint_step s where s.complaint_id = c.id and s.step = 'answered') as "answeredAt",
            ${limitOf('complaint_contact')} as "contactDueAt", ${limitOf('complaint_answer')} as "answerDueAt", k.id as "customerId", k.account_no as "accountNo",
            case when a.id is not null then ${PLACE} end as place
     from complaint c left join customer k on k.id = c.customer_id left join asset a on a.id = k.transformer_id
     where c.id = any($1)`,
    [ids],
  );
  const repeats = await loadRepeats(tx, ids, policy);
  const clusters = await loadClusters(tx, ids, policy);
  const liveClusters = await loadLiveClusters(tx, ids);
  return rows.map((row) => ({
    id: row.id,
    externalId: row.externalId,
    channel: row.channel,
    category: row.category,
    receivedAt: row.receivedAt,
    contactedAt: row.contactedAt,
    answeredAt: row.answeredAt,
    dueAt: {
      ...(row.contactDueAt === null ? {} : { complaint_contact: row.contactDueAt }),
      ...(row.answerDueAt === null ? {} : { complaint_answer: row.answerDueAt }),
    },
    customer:
      row.customerId === null || row.accountNo === null || row.place === null
        ? null
        : { id: row.customerId, accountNo: row.accountNo, place: row.place },
    repeats: repeats.get(row.id) ?? [],
    liveClusters: liveClusters.get(row.id) ?? [],
    cluster: clusters.get(row.id) ?? null,
  }));
}

async function loadRepeats(
  tx: Tx,
  ids: readonly number[],
  policy: Policy,
): Promise<Map<number, { id: number; receivedAt: number }[]>> {
  const rows = await tx.query<{ of: number; id: number; receivedAt: number }>(
    `select c.id as of, r.id, r.received_at as "receivedAt"
     from complaint c
     join complaint r on r.customer_id = c.customer_id and r.category = c.category
      and r.received_at <= c.received_at and r.received_at > c.received_at - $2 * interval '1 ms'
     where c.id = any($1) order by r.received_at, r.id`,
    [ids, policy.warnings.repeatWindowDays * DAY_MS],
  );
  const repeats = new Map<number, { id: number; receivedAt: number }[]>();
  for (const { of, ...repeat } of rows) repeats.set(of, [...(repeats.get(of) ?? []), repeat]);
  return repeats;
}

async function loadLiveClusters(tx: Tx, ids: readonly number[]): Promise<Map<number, ComplaintFacts['liveClusters']>> {
  const rows = await tx.query<{ of: number; assetId: number; unexplained: number }>(
    `select c.id as of, w.subject_id as "assetId", open.unexplained
     from unnest($1::bigint[]) as c(id)
     join warning w on w.kind = 'complaint_cluster' and w.subject_type = 'asset' and w.status <> 'resolved'
      and w.evidence -> 'complaintIds' @> to_jsonb(c.id)
     cross join lateral (
       select count(*)::integer as unexplained from jsonb_array_elements(w.evidence -> 'complaintIds') as one(id)
       where not exists (select from complaint_link l
                         where l.complaint_id = one.id::bigint and l.status in ('linked', 'confirmed'))) as open`,
    [ids],
  );
  const clusters = new Map<number, { assetId: number; unexplained: number }[]>();
  for (const { of, ...one } of rows) clusters.set(of, [...(clusters.get(of) ?? []), one]);
  return clusters;
}

/** For each complaint the deepest asset, up to the feeder, below which enough different customers called within the window. */
async function loadClusters(
  tx: Tx,
  ids: readonly number[],
  policy: Policy,
): Promise<Map<number, NonNullable<ComplaintFacts['cluster']>>> {
  const rows = await tx.query<{ of: number; place: Place; complaintIds: number[]; callers: number; firstAt: number }>(
    `with unexplained as (
       select c.id, c.customer_id, c.received_at, t.path
       from complaint c join customer k on k.id = c.customer_id join asset t on t.id = k.transformer_id
       where c.category = any($2)
         and c.received_at > (select min(received_at) from complaint where id = any($1)) - $3 * interval '1 ms'
         and c.received_at <= (select max(received_at) from complaint where id = any($1))
         and not exists (select from complaint_link l
                         where l.complaint_id = c.id and l.status in ('linked', 'confirmed'))
     )
     select distinct on (c.id) c.id as of, ${PLACE} as place, array_agg(near.id order by near.received_at) as "complaintIds",
            count(distinct near.customer_id)::integer as callers, min(near.received_at) as "firstAt"
     from unexplained c
     cross join lateral unnest(c.path) with ordinality as level(asset_id, depth)
     join asset a on a.id = level.asset_id and a.kind <> 'substation'
     join unexplained near on near.path @> array[level.asset_id]
      and near.received_at > c.received_at - $3 * interval '1 ms' and near.received_at <= c.received_at
     where c.id = any($1)
     group by c.id, a.id, level.depth
     having count(distinct near.customer_id) >= $4
     order by c.id, level.depth desc`,
    [ids, ABOUT_SUPPLY, policy.warnings.clusterWindowMinutes * MINUTE_MS, policy.warnings.clusterCustomers],
  );
  return new Map(rows.map(({ of, ...cluster }) => [of, cluster]));
}
