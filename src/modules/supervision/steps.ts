import type { JournalData, NewJournalEntry } from '../../domain/journal-entry.js';
import { numberText } from '../../domain/supervision/causes.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { Fault } from '../../fault.js';

export interface StoredOrder {
  id: number;
  year: number;
  number: number;
  cause: string;
  kind: string;
  warningId: number;
  subjectType: string;
  subjectId: number;
  area: string;
  unit: string | null;
  level: number;
  state: 'open' | 'replied' | 'closed';
  replyDueAt: number | null;
}

/** Columns of `supervision_order` under the name it has in the query. */
export const storedColumns = (s: string): string =>
  `${s}.id, ${s}.year, ${s}.number, ${s}.cause, ${s}.kind, ${s}.warning_id as "warningId", ${s}.subject_type as "subjectType",
   ${s}.subject_id as "subjectId", ${s}.area, ${s}.unit, ${s}.level, ${s}.state, ${s}.reply_due_at as "replyDueAt"`;

export const STORED = storedColumns('supervision_order');

/** Locks an order until the transaction ends. @throws Fault `not_found` */
export async function lockOrder(tx: Tx, id: number): Promise<StoredOrder> {
  const [order] = await tx.query<StoredOrder>(`select ${STORED} from supervision_order where id = $1 for update`, [id]);
  if (order === undefined) throw new Fault('not_found', `There is no supervision order ${id}.`);
  return order;
}

type Action = 'opened' | 'revised' | 'reminded' | 'escalated' | 'replied' | 'assigned' | 'effect' | 'closed';

/** Who writes what no person does. */
export const BY_RULE = { actor: 'system', by: 'system' } as const;

/** One line of an order's trail, in both languages. What a person wrote stands in both. */
export const addStep = (tx: Tx, orderId: number, step: Omit<StepRow, 'orderId'>): Promise<void> =>
  addSteps(tx, [{ orderId, ...step }]);

export async function addSteps(tx: Tx, steps: readonly StepRow[]): Promise<void> {
  await tx.query(
    `insert into supervision_step (order_id, at, actor, by, action, text_zh, text_en)
     select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
    [
      steps.map(({ orderId }) => orderId),
      steps.map((step) => at(step.at)),
      steps.map(({ actor }) => actor),
      steps.map(({ by }) => by),
      steps.map(({ action }) => action),
      steps.map(({ zh }) => zh),
      steps.map(({ en }) => en),
    ],
  );
}

/** Who is responsible now, for the trail. */
export function assignedWords(unit: string, person: string | null): { zh: string; en: string } {
  const who = person === null ? unit : `${unit} ${person}`;
  return { zh: `责任单位：${who}`, en: `responsible: ${who}` };
}

export interface StepRow {
  orderId: number;
  at: number;
  actor: string;
  by: string;
  action: Action;
  zh: string;
  en: string;
}

export const stepsOf = (db: Queryable, orderIds: readonly number[]): Promise<StepRow[]> =>
  db.query<StepRow>(
    `select order_id as "orderId", at, actor, by, action, text_zh as zh, text_en as en
     from supervision_step where order_id = any($1) order by id`,
    [orderIds],
  );

type SupervisionType = Extract<keyof JournalData, `supervision_${string}`>;

/** The journal's word about an order. */
export const entryOf = <Type extends SupervisionType>(
  type: Type,
  order: StoredOrder,
  happenedAt: number,
  more: Omit<JournalData[Type], keyof JournalData['supervision_assigned']>,
  actor = 'system',
): NewJournalEntry =>
  ({
    type,
    subjectType: 'supervision_order',
    subjectId: order.id,
    happenedAt,
    actor,
    data: {
      number: numberText(order.year, order.number),
      cause: order.cause,
      kind: order.kind,
      causeType: order.subjectType,
      causeId: order.subjectId,
      unit: order.unit,
      ...more,
    },
  }) as unknown as NewJournalEntry;
