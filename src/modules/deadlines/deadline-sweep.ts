import type { NewJournalEntry, SubjectType } from '../../domain/journal-entry.js';
import { at } from '../database/database.js';
import type { Database } from '../database/database.js';
import { append } from '../journal/append.js';

interface FiredDeadline {
  id: number;
  kind: string;
  stage: string;
  subjectType: SubjectType;
  subjectId: number;
  dueAt: number;
}

/** What one sweep did, for the metrics; known only once it is committed. */
export interface Sweep {
  now: number;
  fired: FiredDeadline[];
}

/** Rows per transaction: bounds the time that locks are held when very many are due at once. */
const BATCH = 500;

/**
 * Fires what is due: at most `limit` rows, their change of state and their journal entries in one commit. Rows that another
 * sweeper holds are passed over, so any number of sweepers run beside each other and each row fires once.
 */
export async function sweep(db: Database, limit = BATCH): Promise<Sweep> {
  return db.inTx(async (tx) => {
    const fired = await tx.query<FiredDeadline>(
      `with due as (
         select id from deadline where state = 'pending' and due_at <= $1
         order by due_at, id limit $2 for update skip locked)
       update deadline d set state = 'fired', settled_at = $1 from due where d.id = due.id
       returning d.id, d.kind, d.stage, d.subject_type as "subjectType", d.subject_id as "subjectId", d.due_at as "dueAt"`,
      [at(tx.now), limit],
    );
    fired.sort((a, b) => a.dueAt - b.dueAt || a.id - b.id);
    await append(
      tx,
      fired.map((row): NewJournalEntry => {
        const { id, kind, stage, subjectType, subjectId, dueAt } = row;
        const data = { deadlineId: id, kind, stage, subjectType, subjectId, dueAt };
        return { type: 'deadline_fired', subjectType, subjectId, happenedAt: dueAt, data };
      }),
    );
    return { now: tx.now, fired };
  });
}

/** Takes ends of deadlines that no replica has counted yet; each is counted by one. */
export async function takeUncounted(db: Database, limit = BATCH): Promise<{ kind: string; state: string }[]> {
  return db.query(
    `with ended as (
       select id from deadline where state <> 'pending' and not counted order by id limit $1 for update skip locked)
     update deadline d set counted = true from ended where d.id = ended.id returning d.kind, d.state`,
    [limit],
  );
}
