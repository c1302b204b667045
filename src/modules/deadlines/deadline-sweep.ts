import { roleFor } from '../../domain/escalation.js';
import type { Role } from '../../domain/escalation.js';
import type { NewJournalEntry, SubjectType } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Database, Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { personsOf } from './duty-persons.js';

interface FiredDeadline {
  id: number;
  kind: string;
  stage: string;
  subjectType: SubjectType;
  subjectId: number;
  dueAt: number;
  area: string;
}

/** What one sweep did, for the metrics; known only once it is committed. */
export interface Sweep {
  now: number;
  fired: FiredDeadline[];
}

/** Rows per transaction: bounds the time that locks are held when very many are due at once. */
const BATCH = 500;

/**
 * Fires what is due by the transaction's `now`: at most a batch of rows, their change of state and their journal entries in one commit.
 * Rows that another sweeper holds are passed over, so any number of sweepers run beside each other and each row fires once.
 * A clock that is put back makes rows wait that are not due by it; what has fired stays fired.
 * @param active whose ladder says to whom a stage is taken; without it to nobody
 */
export async function sweep(
  db: Database,
  active: { at(moment: number): Pick<PolicyInForce, 'policy'> } | null = null,
): Promise<Sweep> {
  return db.inTx(async (tx) => {
    const fired = await tx.query<FiredDeadline>(
      `with due as (
         select id from deadline where state = 'pending' and due_at <= $1
         order by due_at, id limit $2 for update skip locked)
       update deadline d set state = 'fired', settled_at = $1 from due where d.id = due.id
       returning d.id, d.kind, d.stage, d.subject_type as "subjectType", d.subject_id as "subjectId", d.due_at as "dueAt", d.area`,
      [at(tx.now), BATCH],
    );
    fired.sort((a, b) => a.dueAt - b.dueAt || a.id - b.id);
    const escalations = active === null ? new Map() : await escalate(tx, fired, active.at(tx.now).policy.promises);
    await append(
      tx,
      fired.map((row): NewJournalEntry => {
        const { id, kind, stage, subjectType, subjectId, dueAt } = row;
        const escalation = escalations.get(id);
        const data = {
          deadlineId: id,
          kind,
          stage,
          subjectType,
          subjectId,
          dueAt,
          ...(escalation === undefined ? {} : { escalation }),
        };
        return { type: 'deadline_fired', subjectType, subjectId, happenedAt: dueAt, data };
      }),
    );
    return { now: tx.now, fired };
  });
}

/** Notes with each fired stage that has a role on the ladder who that is now. */
async function escalate(
  tx: Tx,
  fired: readonly FiredDeadline[],
  { escalation: rules }: PolicyInForce['policy']['promises'],
): Promise<Map<number, { role: Role; persons: string[] }>> {
  const taken = fired.flatMap(({ id, kind, stage, area }) => {
    const role = roleFor(kind, stage, rules);
    return role === null ? [] : [{ id, role, area }];
  });
  if (taken.length === 0) return new Map();
  const persons = await personsOf(tx, taken);
  await tx.query(
    `update deadline d set escalated_role = e.role, escalated_to = array(select jsonb_array_elements_text(e.persons))
     from unnest($1::bigint[], $2::text[], $3::jsonb[]) as e(id, role, persons) where d.id = e.id`,
    [taken.map(({ id }) => id), taken.map(({ role }) => role), persons.map((names) => JSON.stringify(names))],
  );
  return new Map(taken.map(({ id, role }, index) => [id, { role, persons: persons[index] ?? [] }]));
}

/** Takes ends of deadlines that no replica has counted yet; each is counted by one. */
export async function takeUncounted(db: Database, limit = BATCH): Promise<{ kind: string; state: string }[]> {
  return db.query(
    `with ended as (
       select id from deadline where state not in ('pending', 'paused') and not counted order by id limit $1 for update skip locked)
     update deadline d set counted = true from ended where d.id = ended.id returning d.kind, d.state`,
    [limit],
  );
}
