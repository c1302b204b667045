import { yearOf } from '../../domain/calendar.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { replyStages } from '../../domain/supervision/reply-clock.js';
import { businessOf, responsibleFor } from '../../domain/supervision/responsible.js';
import { englishTitle } from '../../domain/supervision/sheet-texts.js';
import { causeOf, numberText } from '../../domain/supervision/causes.js';
import { openingOf } from '../../domain/supervision/opening.js';
import type { SupervisedKind } from '../../domain/supervision/causes.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { setDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { routeFor } from '../repairs/routes.js';
import { addStep, BY_RULE, entryOf, STORED } from './steps.js';
import type { StoredOrder } from './steps.js';
import type { WarningRow } from './warning-rows.js';

/**
 * Opens an order for each warning that asks for one, or brings the order of its cause up to date. The same warning again, and another
 * warning of the same cause, open no second order.
 */
export async function openOrders(tx: Tx, active: PolicyInForce, warnings: readonly WarningRow[]): Promise<void> {
  for (const warning of warnings) {
    const opening = openingOf(warning, active.policy.supervision);
    if (opening.kind === null) continue;
    const known = await orderOfCause(tx, opening.causeKey, warning);
    if (known === null) await openOrder(tx, active, warning, opening.kind, opening.causeKey);
    else await reviseOrder(tx, active, known, warning, opening.kind);
  }
}

/** The order of a cause; of an outage also that of one that was merged into it. */
async function orderOfCause(tx: Tx, causeKey: string, warning: WarningRow): Promise<StoredOrder | null> {
  const [order] = await tx.query<StoredOrder>(
    `select ${STORED} from supervision_order
     where cause_key = $1 or (subject_type = 'outage' and subject_id = any($2) and state <> 'closed')
     order by cause_key = $1 desc, id limit 1 for update`,
    [causeKey, warning.mergedIds],
  );
  return order ?? null;
}

/** The next number of the year. Its row stays locked until the commit, and a rollback gives the number back: no gaps. */
async function nextNumber(tx: Tx, year: number): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `insert into supervision_number as n (year, last) values ($1, 1)
     on conflict (year) do update set last = n.last + 1 returning last`,
    [year],
  );
  return row?.last ?? 1;
}

async function openOrder(
  tx: Tx,
  active: PolicyInForce,
  warning: WarningRow,
  kind: SupervisedKind,
  causeKey: string,
): Promise<void> {
  const routed = await routeFor(tx, businessOf(kind, warning.category), warning.area);
  const { unit, person, note } = responsibleFor(kind, routed, warning.people);
  const stages = replyStages('opened', tx.now, active.policy, active.sources);
  const replyDueAt = stages.find(({ stage }) => stage === 'due')?.dueAt ?? tx.now;
  const year = yearOf(tx.now);
  const number = await nextNumber(tx, year);
  const [order] = await tx.query<StoredOrder>(
    `insert into supervision_order (year, number, cause_key, cause, kind, warning_id, subject_type, subject_id, subject_code,
       subject_name, area, asset_id, title, facts, happened_at, due_at, opened_at, unit, person, route_note, reply_due_at, policy_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
     returning ${STORED}`,
    [
      year,
      number,
      causeKey,
      causeOf(kind),
      kind,
      warning.id,
      warning.subjectType,
      warning.subjectId,
      warning.subjectCode,
      warning.subjectName,
      warning.area,
      warning.assetId,
      warning.title,
      JSON.stringify(warning.evidence),
      at(warning.happenedAt),
      atOrNull(warning.dueAt),
      at(tx.now),
      unit,
      person,
      note === null ? null : JSON.stringify(note),
      at(replyDueAt),
      active.version,
    ],
  );
  if (order === undefined) throw new Error('an insert returns its row');
  const text = numberText(year, number);
  await addStep(tx, order.id, {
    ...BY_RULE,
    at: tx.now,
    action: 'opened',
    zh: `签发 ${text}：${warning.title}${note === null ? '' : `。${note.zh}`}`,
    en: `${text} issued: ${titleIn(kind, warning)}${note === null ? '' : `; ${note.en}`}`,
  });
  await setReplyClock(tx, active, order, stages);
  await append(tx, [entryOf('supervision_opened', order, tx.now, { replyDueAt })]);
}

const titleIn = (kind: SupervisedKind, { subjectName: name, subjectCode: code }: WarningRow): string =>
  englishTitle(kind, { name, code });

/** Sets the clock of the next reply. */
export const setReplyClock = (
  tx: Tx,
  active: PolicyInForce,
  order: Pick<StoredOrder, 'id' | 'area'>,
  stages: ReturnType<typeof replyStages>,
): Promise<void> =>
  setDeadlines(tx, {
    kind: 'supervision',
    subjectType: 'supervision_order',
    subjectId: order.id,
    policyVersion: active.version,
    area: order.area,
    stages,
  });

/** Another warning of the cause speaks now, or the same one changed: the facts of the order follow; a closed one comes back. */
async function reviseOrder(
  tx: Tx,
  active: PolicyInForce,
  order: StoredOrder,
  warning: WarningRow,
  kind: SupervisedKind,
): Promise<void> {
  // A closed order comes back with another warning, not with the late news of its own (of a kept promise: kept-promises.ts).
  const comesBack = order.state === 'closed' && warning.status !== 'resolved' && warning.id !== order.warningId;
  if (order.state === 'closed' && !comesBack) return;
  const [before] = await tx.query<{ title: string }>(
    `with old as (select title from supervision_order where id = $1)
     update supervision_order s set kind = $2, warning_id = $3, subject_type = $4, subject_id = $5, subject_code = $6,
       subject_name = $7, title = $8, facts = $9, due_at = $10
     from old where s.id = $1 returning old.title`,
    [
      order.id,
      kind,
      warning.id,
      warning.subjectType,
      warning.subjectId,
      warning.subjectCode,
      warning.subjectName,
      warning.title,
      JSON.stringify(warning.evidence),
      atOrNull(warning.dueAt),
    ],
  );
  const now = { ...order, kind, subjectType: warning.subjectType, subjectId: warning.subjectId };
  const said = titleIn(kind, warning);
  if (comesBack)
    return reopenOrder(tx, active, now, {
      zh: `再次发生，重新督办：${warning.title}`,
      en: `happened again, opened again: ${said}`,
    });
  if (before?.title === warning.title) return;
  await addStep(tx, order.id, {
    ...BY_RULE,
    at: tx.now,
    action: 'revised',
    zh: `情况变化：${warning.title}`,
    en: `the facts changed: ${said}`,
  });
  await append(tx, [entryOf('supervision_revised', now, tx.now, { why: 'facts_changed' })]);
}

/** A closed order is open again, as if it was issued now; its number and its trail stay. */
export async function reopenOrder(
  tx: Tx,
  active: PolicyInForce,
  order: StoredOrder,
  why: { zh: string; en: string },
): Promise<void> {
  const stages = replyStages('opened', tx.now, active.policy, active.sources);
  await tx.query(
    `update supervision_order set state = 'open', reply_due_at = $2, level = 0, closed_at = null, closed_by = null, closed_on = null,
       close_note = null, effect = null where id = $1`,
    [order.id, atOrNull(stages.find(({ stage }) => stage === 'due')?.dueAt ?? null)],
  );
  await addStep(tx, order.id, { ...BY_RULE, at: tx.now, action: 'revised', ...why });
  await setReplyClock(tx, active, order, stages);
  await append(tx, [entryOf('supervision_revised', order, tx.now, { why: 'happened_again' })]);
}
