import type { Tx } from '../database/database.js';
import { at } from '../database/database.js';
import { append } from '../journal/append.js';

export type FindingKind = 'zero' | 'abnormal';

/** One customer's judgement by one month. */
export interface Judged {
  customerId: number;
  transformerId: number;
  /** The newest month that it rests on. */
  month: string;
  isFound: boolean;
  /** Line by line, see domain/consumption. */
  detail: object;
}

/**
 * Brings the findings in line with what was judged: new ones open, those that stand get the new judgement (a reviewed one stays reviewed),
 * those that no longer hold are over. Transformers whose open findings changed are journalled.
 */
export async function saveFindings(
  tx: Tx,
  kind: FindingKind,
  judged: readonly Judged[],
  policyVersion: number,
): Promise<void> {
  if (judged.length === 0) return;
  const changed = await tx.query<{ transformerId: number }>(
    `with judged as materialized (
       select r.customer_id, r.transformer_id, (r.month || '-01')::date as month, r.is_found, r.detail
       from jsonb_to_recordset($2) as r(customer_id integer, transformer_id integer, month text, is_found boolean, detail jsonb)),
     standing as materialized (
       select f.id, f.state, f.transformer_id as was_on, j.* from judged j join consumption_finding f on f.customer_id = j.customer_id and f.kind = $1
         and case when $1 = 'zero' then f.state <> 'over' else f.month = j.month end
       for update of f),
     kept as (
       update consumption_finding f set detail = s.detail, month = s.month, transformer_id = s.transformer_id, policy_version = $4,
         state = case when f.state = 'over' then 'open' else f.state end,
         ended_at = null
       from standing s where f.id = s.id and s.is_found
       returning s.state as before, f.state as after, f.transformer_id, s.was_on),
     ended as (
       update consumption_finding f set state = 'over', ended_at = $3, detail = s.detail
       from standing s where f.id = s.id and not s.is_found and f.state <> 'over'
       returning s.state as before, f.state as after, s.was_on as transformer_id, s.was_on),
     opened as (
       insert into consumption_finding (customer_id, transformer_id, kind, month, detail, found_at, policy_version)
       select j.customer_id, j.transformer_id, $1, j.month, j.detail, $3, $4 from judged j
       where j.is_found and not exists (select from standing s where s.customer_id = j.customer_id and s.month = j.month)
       returning 'over' as before, 'open' as after, transformer_id, transformer_id as was_on),
     touched as (table kept union all table ended union all table opened)
     select transformer_id as "transformerId" from touched where (before = 'open') <> (after = 'open') or transformer_id <> was_on
     union select was_on from touched where transformer_id <> was_on`,
    [kind, JSON.stringify(judged.map(snakeCase)), at(tx.now), policyVersion],
  );
  await tellTransformers(
    tx,
    kind,
    changed.map(({ transformerId }) => transformerId),
  );
}

const snakeCase = ({ customerId, transformerId, month, isFound, detail }: Judged): object => ({
  customer_id: customerId,
  transformer_id: transformerId,
  month,
  is_found: isFound,
  detail,
});

/** Accounts named in the journal and in a warning; the list has all. */
const NAMED = 20;

/** Journals how many findings of a kind are open on these transformers now. */
export async function tellTransformers(tx: Tx, kind: FindingKind, transformerIds: readonly number[]): Promise<void> {
  const rows = await tx.query<{ transformerId: number; open: number; accounts: string[]; month: string | null }>(
    `select t.id as "transformerId", count(f.id)::integer as open,
       coalesce((array_agg(c.account_no order by c.account_no) filter (where f.id is not null))[1:${NAMED}], '{}') as accounts,
       to_char(max(f.month), 'YYYY-MM') as month
     from unnest($1::integer[]) as t(id)
     left join consumption_finding f on f.transformer_id = t.id and f.kind = $2 and f.state = 'open'
     left join customer c on c.id = f.customer_id
     group by t.id order by t.id`,
    [transformerIds, kind],
  );
  await append(
    tx,
    rows.map(({ transformerId, ...data }) => ({
      type: 'consumption_findings_changed' as const,
      subjectType: 'transformer' as const,
      subjectId: transformerId,
      happenedAt: tx.now,
      data: { kind, ...data },
    })),
  );
}
