import type { z } from 'zod';
import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import type { listFindings, readConsumption, reviewFinding } from './consumption.schemas.js';
import { tellTransformers } from './save-findings.js';
import type { FindingKind } from './save-findings.js';

type Page = z.input<(typeof listFindings)['response']>;
type View = Page['items'][number];

const SELECT = `select f.id, f.kind, c.account_no as "accountNo",
    jsonb_build_object('code', a.code, 'name', a.name, 'area', a.area) as transformer,
    to_char(f.month, 'YYYY-MM') as month, f.state, f.detail, f.found_at as "foundAt", f.ended_at as "endedAt", f.review,
    f.policy_version as "policyVersion"
  from consumption_finding f join customer c on c.id = f.customer_id join asset a on a.id = f.transformer_id`;

export async function findFindings(db: Queryable, { query }: InputOf<typeof listFindings>): Promise<Page> {
  const after = decodeCursor(query.cursor, 2);
  const rows = await db.query<View>(
    `${SELECT}
     where ($1::text is null or f.kind = $1) and ($2::text is null or f.state = $2) and ($3::text is null or a.area = $3)
       and ($4::text is null or a.code = $4) and ($5::text is null or c.account_no = $5)
       and ($6::timestamptz is null or (f.found_at, f.id) < ($6, $7::bigint))
     order by f.found_at desc, f.id desc limit $8`,
    [
      query.kind ?? null,
      query.state ?? null,
      query.area ?? null,
      query.transformer ?? null,
      query.accountNo ?? null,
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.limit + 1,
    ],
  );
  return page(rows, query.limit, (row) => [row.foundAt, row.id]);
}

/** @throws Fault `not_found`, `conflict` when it is over */
export async function review(tx: Tx, { params, body }: InputOf<typeof reviewFinding>, reviewer: string): Promise<View> {
  const [row] = await tx.query<{ kind: FindingKind; state: string; transformerId: number }>(
    'select kind, state, transformer_id as "transformerId" from consumption_finding where id = $1 for update',
    [params.id],
  );
  if (row === undefined) throw new Fault('not_found', `There is no finding ${params.id}.`);
  if (row.state === 'over') {
    throw refusal(
      'conflict',
      {
        rule: 'finding_over',
        path: 'path.id',
        zh: `核查项 ${params.id} 已失效：其依据不再成立`,
        en: `Finding ${params.id} is over: what it rested on does not hold any more.`,
        source: 'own: what is looked at must still be so',
      },
      'conflict',
    );
  }
  await tx.query(`update consumption_finding set state = 'reviewed', review = $2 where id = $1`, [
    params.id,
    JSON.stringify({ ...body, by: reviewer, at: tx.now }),
  ]);
  if (row.state === 'open') await tellTransformers(tx, row.kind, [row.transformerId]);
  const [view] = await tx.query<View>(`${SELECT} where f.id = $1`, [params.id]);
  if (view === undefined) throw new Fault('not_found', `There is no finding ${params.id}.`);
  return view;
}

/** @throws Fault `not_found` */
export async function monthsOfAccount(
  db: Queryable,
  accountNo: string,
): Promise<z.input<(typeof readConsumption)['response']>> {
  const [customer] = await db.query<{ id: number }>('select id from customer where account_no = $1', [accountNo]);
  if (customer === undefined) throw new Fault('not_found', `There is no customer ${accountNo}.`);
  const months = await db.query<z.input<(typeof readConsumption)['response']>['months'][number]>(
    `select to_char(month, 'YYYY-MM') as month, kwh, reading, recorded_at as "recordedAt"
     from monthly_energy where customer_id = $1 order by monthly_energy.month desc limit 60`,
    [customer.id],
  );
  return { accountNo, months };
}
