import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { minuteText } from '../../domain/supervision/minute-text.js';
import { replyStages } from '../../domain/supervision/reply-clock.js';
import { refusal } from '../../fault.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { effectOf } from './effects.js';
import { setReplyClock } from './open-orders.js';
import { addStep, assignedWords, entryOf, lockOrder } from './steps.js';
import type { StoredOrder } from './steps.js';

/** @throws Fault `conflict` when the order is closed */
function refuseClosed(order: StoredOrder): void {
  if (order.state !== 'closed') return;
  throw refusal('conflict', {
    rule: 'order_closed',
    path: 'path.id',
    zh: `督办单 ${order.id} 已办结：之后的情况另行督办`,
    en: `Supervision order ${order.id} is closed; what happens now belongs to a new one.`,
    source: 'own: an order is closed on its measured effect and stays as it was then',
  });
}

const categoryOf = async (tx: Tx, id: number): Promise<string | null> => {
  const [row] = await tx.query<{ category: string | null }>(
    `select facts ->> 'category' as category from supervision_order where id = $1`,
    [id],
  );
  return row?.category ?? null;
};

/**
 * The responsible unit says what it found and does. The clock of the next progress reply starts, unless the effect is measured already.
 * @throws Fault `not_found`, `conflict` (`order_closed`)
 */
export async function replyToOrder(
  tx: Tx,
  active: PolicyInForce,
  id: number,
  reply: { note: string; by: string; expectedAt: number | null },
  actor: string,
): Promise<void> {
  const order = await lockOrder(tx, id);
  refuseClosed(order);
  const expected = reply.expectedAt === null ? '' : minuteText(reply.expectedAt);
  await addStep(tx, id, {
    at: tx.now,
    actor,
    by: reply.by,
    action: 'replied',
    zh: expected === '' ? reply.note : `${reply.note}（预计 ${expected} 完成）`,
    en: expected === '' ? reply.note : `${reply.note} (expected by ${expected})`,
  });
  await settleDeadlines(tx, 'supervision', 'supervision_order', [id], 'met', [tx.now]);
  const effect = await effectOf(tx, active, { ...order, category: await categoryOf(tx, id) }, tx.now);
  let replyDueAt: number | null = null;
  if (!effect.measured) {
    const stages = replyStages('replied', tx.now, active.policy, active.sources);
    await setReplyClock(tx, active, order, stages);
    replyDueAt = stages.find(({ stage }) => stage === 'due')?.dueAt ?? null;
  }
  await tx.query(`update supervision_order set state = 'replied', reply_due_at = $2 where id = $1`, [
    id,
    atOrNull(replyDueAt),
  ]);
  await append(tx, [entryOf('supervision_replied', order, tx.now, { replyDueAt }, actor)]);
}

/**
 * Names the responsible unit and person by hand, where the routing table says nothing or the wrong thing.
 * @throws Fault `not_found`, `conflict` (`order_closed`)
 */
export async function assignOrder(
  tx: Tx,
  id: number,
  given: { unit: string; person: string | null; note: string },
  actor: string,
): Promise<void> {
  const order = await lockOrder(tx, id);
  refuseClosed(order);
  await tx.query('update supervision_order set unit = $2, person = $3, route_note = null where id = $1', [
    id,
    given.unit,
    given.person,
  ]);
  const who = assignedWords(given.unit, given.person);
  await addStep(tx, id, {
    at: tx.now,
    actor,
    by: actor,
    action: 'assigned',
    zh: `${who.zh}${given.note === '' ? '' : `（${given.note}）`}`,
    en: `${who.en}${given.note === '' ? '' : ` (${given.note})`}`,
  });
  await append(tx, [entryOf('supervision_assigned', { ...order, unit: given.unit }, tx.now, {}, actor)]);
}

/**
 * Closes an order on its measured effect. Where nothing is measured it can be closed only with a reason, and stays marked as closed on
 * a word.
 * @throws Fault `not_found`, `conflict` (`order_closed`), `not_allowed` (`effect_not_measured`)
 */
export async function closeOrder(
  tx: Tx,
  active: PolicyInForce,
  id: number,
  given: { note: string; withoutMeasurement: string | null },
  actor: string,
): Promise<void> {
  const order = await lockOrder(tx, id);
  refuseClosed(order);
  const effect = await effectOf(tx, active, { ...order, category: await categoryOf(tx, id) }, tx.now);
  if (!effect.measured && given.withoutMeasurement === null) {
    throw refusal('not_allowed', {
      rule: 'effect_not_measured',
      path: 'body.withoutMeasurement',
      zh: `成效未经实测：${effect.zh}。请等待实测，或填写未实测而办结的理由`,
      en: `The effect is not measured: ${effect.en}. Wait for it, or give the reason in withoutMeasurement; the order is then marked as closed on a word.`,
      source: `supervised until the effect is there: ${active.sources['supervision.openOn'] ?? 'policy'}`,
    });
  }
  const closedOn = effect.measured ? ('measured' as const) : ('word' as const);
  const note = [given.note, effect.measured ? '' : (given.withoutMeasurement ?? '')].filter(Boolean).join('；');
  await tx.query(
    `update supervision_order set state = 'closed', closed_at = $2, closed_by = $3, closed_on = $4, close_note = $5, effect = $6,
       reply_due_at = null where id = $1`,
    [id, at(tx.now), actor, closedOn, note, JSON.stringify(effect)],
  );
  await addStep(tx, id, {
    at: tx.now,
    actor,
    by: actor,
    action: 'closed',
    zh: `${effect.measured ? `办结，实测：${effect.zh}` : `办结，未经实测（${effect.zh}）`}${note === '' ? '' : `。${note}`}`,
    en: `${effect.measured ? `closed, measured: ${effect.en}` : `closed on a word (${effect.en})`}${note === '' ? '' : `. ${note}`}`,
  });
  await settleDeadlines(tx, 'supervision', 'supervision_order', [id], 'met', [tx.now]);
  await append(tx, [entryOf('supervision_closed', order, tx.now, { closedOn }, actor)]);
}
