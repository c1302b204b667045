import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** The stages of one promise to one subject. Instants are epoch milliseconds. */
export interface DeadlineSet {
  kind: string;
  subjectType: string;
  subjectId: number;
  policyVersion: number;
  stages: readonly { stage: string; dueAt: number; receipt: object }[];
}

/**
 * Sets the stages of one promise, or moves them: see `setDeadlinesOf`.
 */
export async function setDeadlines(tx: Tx, deadlines: DeadlineSet): Promise<void> {
  await setDeadlinesOf(tx, [deadlines]);
}

/**
 * Sets or moves the stages of many promises in one statement. A stage that is new, pending or was taken out runs (again) to its new
 * instant. A stage that has fired stays fired, unless its instant moved into the future: then it will fire again.
 * Stages that are not named stay as they are.
 */
export async function setDeadlinesOf(tx: Tx, sets: readonly DeadlineSet[]): Promise<void> {
  const rows = sets.flatMap((set) => set.stages.map((stage) => ({ ...set, ...stage })));
  if (rows.length === 0) return;
  await tx.query(
    `insert into deadline as d (kind, subject_type, subject_id, stage, due_at, receipt, policy_version)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::integer[])
     on conflict (kind, subject_type, subject_id, stage) do update set
       due_at = excluded.due_at, receipt = excluded.receipt, policy_version = excluded.policy_version,
       state = case when d.state = 'fired' and excluded.due_at <= $8 then 'fired' else 'pending' end,
       settled_at = case when d.state = 'fired' and excluded.due_at <= $8 then d.settled_at end,
       counted = d.state = 'fired' and excluded.due_at <= $8 and d.counted`,
    [
      rows.map((row) => row.kind),
      rows.map((row) => row.subjectType),
      rows.map((row) => row.subjectId),
      rows.map((row) => row.stage),
      rows.map((row) => at(row.dueAt)),
      rows.map((row) => JSON.stringify(row.receipt)),
      rows.map((row) => row.policyVersion),
      at(tx.now),
    ],
  );
}

/**
 * Takes pending stages out.
 * @param endedAt the instant at which each subject's promise ended, in the order of `subjectIds`. With it, a pending stage that was
 *   already due by then is left, so that it still fires; and a stage that fired although the promise had ended before its instant
 *   (the news came late) is taken back to `outcome`. Without it every pending stage goes and what has fired stays fired.
 */
export async function settleDeadlines(
  tx: Tx,
  kind: string,
  subjectType: string,
  subjectIds: readonly number[],
  outcome: 'met' | 'cancelled',
  endedAt: readonly number[] | null = null,
): Promise<void> {
  if (subjectIds.length === 0) return;
  await tx.query(
    `update deadline d set state = $4, settled_at = $5, counted = false
     from unnest($3::bigint[], $6::timestamptz[]) as s(subject_id, ended_at)
     where d.kind = $1 and d.subject_type = $2 and d.subject_id = s.subject_id
       and case when s.ended_at is null then d.state = 'pending'
                else d.state in ('pending', 'fired') and d.due_at > s.ended_at end`,
    [
      kind,
      subjectType,
      subjectIds,
      outcome,
      at(tx.now),
      endedAt === null ? subjectIds.map(() => null) : endedAt.map(at),
    ],
  );
}
