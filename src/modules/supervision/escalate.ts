import type { JournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { ROLE_NAMES } from '../../domain/escalation.js';
import { levelOf } from '../../domain/supervision/reply-clock.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { effectOf } from './effects.js';
import { addStep, BY_RULE, entryOf, STORED } from './steps.js';
import type { StoredOrder } from './steps.js';

/**
 * A stage of the reply's clock fired: a reminder, or the next step of the escalation. A stage that was moved meanwhile (a reply came), or
 * of an order that is closed, says nothing; where the effect is measured by now, nobody is called any more.
 */
export async function escalate(
  tx: Tx,
  active: PolicyInForce,
  entry: Extract<JournalEntry, { type: 'deadline_fired' }>,
): Promise<void> {
  const { stage, deadlineId, dueAt, escalation } = entry.data;
  const [order] = await tx.query<StoredOrder & { category: string | null }>(
    `select ${STORED}, facts ->> 'category' as category from supervision_order
     where id = $1 and state <> 'closed'
       and exists (select from deadline d where d.id = $2 and d.state = 'fired'
                   and d.due_at = to_timestamp($3::double precision / 1000))
     for update`,
    [entry.subjectId, deadlineId, dueAt],
  );
  if (order === undefined) return;
  const effect = await effectOf(tx, active, order, tx.now);
  if (effect.measured) {
    await settleDeadlines(tx, 'supervision', 'supervision_order', [order.id], 'cancelled');
    await tx.query('update supervision_order set reply_due_at = null where id = $1', [order.id]);
    await addStep(tx, order.id, { ...BY_RULE, at: dueAt, action: 'effect', zh: effect.zh, en: effect.en });
    return;
  }
  const level = levelOf(stage);
  const role = escalation === undefined ? null : ROLE_NAMES[escalation.role];
  const names = (escalation?.persons ?? []).join('、');
  const to = {
    zh: `${role?.zh ?? '责任单位'}${names === '' ? '' : `（${names}）`}`,
    en: `${role?.en ?? 'the unit'}${names === '' ? '' : ` (${names})`}`,
  };
  if (level === 0) {
    await addStep(tx, order.id, {
      ...BY_RULE,
      at: dueAt,
      action: 'reminded',
      zh: `回复时限临近，提醒${to.zh}`,
      en: `a reply is due soon; reminded ${to.en}`,
    });
    return;
  }
  await tx.query('update supervision_order set level = greatest(level, $2) where id = $1', [order.id, level]);
  await addStep(tx, order.id, {
    ...BY_RULE,
    at: dueAt,
    action: 'escalated',
    zh: `逾期未回复，升级第 ${level} 级：${to.zh}`,
    en: `no reply in time, taken to level ${level}: ${to.en}`,
  });
  await append(tx, [entryOf('supervision_escalated', order, dueAt, { level, to: escalation?.role ?? '' })]);
}
