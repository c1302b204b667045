import { REPAIR_CLOCKS, repairClocks } from '../../domain/repairs/repair-clocks.js';
import type { RepairClock } from '../../domain/repairs/repair-clocks.js';
import type { LegTimes } from '../../domain/repairs/repair-legs.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';
import type { DeadlineSet } from '../deadlines/deadlines.js';
import type { JobOrder } from './job-order.js';

interface Row {
  orderId: number;
  kind: string;
  stage: string;
  dueAt: number;
  state: 'pending' | 'paused' | 'fired' | 'met' | 'cancelled';
}

/**
 * Moves the deadlines of a job's orders to where their legs put them: sets those that are new or moved, ends those whose leg is done (a
 * stage that was due before it stays, or still fires), takes out those whose begin is gone. Clocks of an earlier round stay as they are.
 */
export async function alignClocks(
  tx: Tx,
  active: PolicyInForce,
  orders: readonly JobOrder[],
  legs: LegTimes,
): Promise<void> {
  const rows = await tx.query<Row>(
    `select d.subject_id as "orderId", d.kind, d.stage, d.due_at as "dueAt", d.state from deadline d
     join unnest($1::bigint[], $3::smallint[]) as o(id, round) on o.id = d.subject_id and o.round = d.round
     where d.subject_type = 'repair_order' and d.kind = any($2)`,
    [orders.map(({ id }) => id), REPAIR_CLOCKS, orders.map(({ round }) => round)],
  );
  const byKey = new Map(rows.map((row) => [`${row.orderId}|${row.kind}|${row.stage}`, row]));
  const sets: DeadlineSet[] = [];
  const ended = new Map<string, { ids: number[]; at: number[] }>();
  const gone = new Map<string, number[]>();
  for (const order of orders) {
    // The limits are those of the version that was in force when the report came.
    const policy = active.policyAt(order.area, order.startedAt);
    const clocks = repairClocks({ ...order, legs }, policy, active.sourcesFor(order.area));
    for (const clock of clocks) {
      if (needsSetting(order.id, clock, byKey)) sets.push(setOf(order, clock, active.version));
      if (clock.endedAt === null) continue;
      const of = ended.get(clock.kind) ?? { ids: [], at: [] };
      of.ids.push(order.id);
      of.at.push(clock.endedAt);
      ended.set(clock.kind, of);
    }
    for (const kind of REPAIR_CLOCKS) {
      const isKnown = rows.some((row) => row.orderId === order.id && row.kind === kind);
      if (!isKnown || clocks.some((clock) => clock.kind === kind)) continue;
      gone.set(kind, [...(gone.get(kind) ?? []), order.id]);
    }
  }
  await setDeadlinesOf(tx, sets);
  for (const [kind, of] of ended) await settleDeadlines(tx, kind, 'repair_order', of.ids, 'met', of.at);
  for (const [kind, of] of gone) await settleDeadlines(tx, kind, 'repair_order', of, 'cancelled');
}

/** A stage that is new, stands elsewhere, or was taken out although its leg is not done or came after it. */
const needsSetting = (orderId: number, clock: RepairClock, known: ReadonlyMap<string, Row>): boolean =>
  clock.stages.some(({ stage, dueAt }) => {
    const row = known.get(`${orderId}|${clock.kind}|${stage}`);
    if (row === undefined || row.dueAt !== dueAt) return true;
    return (row.state === 'met' || row.state === 'cancelled') && (clock.endedAt === null || clock.endedAt >= dueAt);
  });

const setOf = (
  { id: subjectId, round, area }: JobOrder,
  { kind, stages }: RepairClock,
  policyVersion: number,
): DeadlineSet => ({
  kind,
  subjectType: 'repair_order',
  subjectId,
  round,
  area,
  policyVersion,
  stages,
});
