import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { keptWords, supervisedClocks } from '../../domain/supervision/kept.js';
import type { KeptPromise } from '../../domain/supervision/kept.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { effectOf } from './effects.js';
import { reopenOrder } from './open-orders.js';
import { addStep, BY_RULE, entryOf, storedColumns } from './steps.js';
import type { StoredOrder } from './steps.js';

export interface Subject {
  type: string;
  id: number;
}

/**
 * Facts about these promises arrived late or were corrected. An order about a promise that was kept after all closes itself, with the
 * reason; it comes back when a later correction shows that it was broken.
 */
export async function weighPromises(tx: Tx, active: PolicyInForce, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return;
  const orders = await tx.query<StoredOrder & { broken: boolean; kept: KeptPromise[] }>(
    `select ${storedColumns('s')}, p.broken, p.kept
     from supervision_order s
     cross join lateral (
       select coalesce(bool_or(d.state = 'fired' or d.state = 'pending' and d.due_at <= $4), false) as broken,
              coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'endedAt', (extract(epoch from d.ended_at) * 1000)::bigint,
                'dueAt', (extract(epoch from d.due_at) * 1000)::bigint) order by d.due_at)
                filter (where d.state = 'met' and d.ended_at is not null), '[]') as kept
       from deadline d where d.subject_type = s.subject_type and d.subject_id = s.subject_id and d.kind = any($3) and d.stage = 'due') p
     where s.cause = 'breached_promise' and (s.subject_type, s.subject_id) in (select * from unnest($1::text[], $2::bigint[]))
       and (s.closed_on = 'kept' and p.broken or s.state <> 'closed' and not p.broken and p.kept <> '[]')
     order by s.id for update of s`,
    [
      subjects.map(({ type }) => type),
      subjects.map(({ id }) => id),
      supervisedClocks(active.policy.supervision),
      at(tx.now),
    ],
  );
  for (const order of orders) {
    if (order.broken)
      await reopenOrder(tx, active, order, {
        zh: '时间再次更正后超时，重新督办',
        en: 'corrected once more: too late, opened again',
      });
    else await closeKept(tx, active, order);
  }
}

async function closeKept(
  tx: Tx,
  active: PolicyInForce,
  { kept, ...order }: StoredOrder & { kept: KeptPromise[] },
): Promise<void> {
  const { zh, en } = keptWords(kept);
  const effect = await effectOf(tx, active, { ...order, category: null }, tx.now);
  await tx.query(
    `update supervision_order set state = 'closed', closed_at = $2, closed_by = 'system', closed_on = 'kept', close_note = $3,
       effect = $4, reply_due_at = null where id = $1`,
    [order.id, at(tx.now), `${zh}（${en}）`, JSON.stringify(effect)],
  );
  await addStep(tx, order.id, {
    ...BY_RULE,
    at: tx.now,
    action: 'closed',
    zh: `自动办结：${zh}`,
    en: `closed by itself: ${en}`,
  });
  await settleDeadlines(tx, 'supervision', 'supervision_order', [order.id], 'cancelled');
  await append(tx, [entryOf('supervision_closed', order, tx.now, { closedOn: 'kept' })]);
}
