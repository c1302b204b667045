import type { NewJournalEntry, WarningData } from '../../domain/journal-entry.js';
import type { WarningStatus } from '../../domain/warnings/warning.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';

export type WarningAction = 'acknowledge' | 'assign' | 'comment' | 'resolve';

interface Given {
  note: string;
  assignee?: string | undefined;
}

interface Row extends WarningData {
  id: number;
  status: WarningStatus;
}

/**
 * What a person does with a warning, in the caller's transaction: the row, the comment that keeps who and why, the journal.
 * @throws Fault `not_found`; `conflict` where its state does not allow it; `invalid_input` where something is missing
 */
export async function act(tx: Tx, id: number, action: WarningAction, given: Given, actor: string): Promise<void> {
  const [row] = await tx.query<Row>(
    `select id, kind, severity, status, subject_type as "subjectType", subject_id as "subjectId", asset_id as "assetId",
            outage_id as "outageId"
     from warning where id = $1 for update`,
    [id],
  );
  if (row === undefined) throw new Fault('not_found', `There is no warning ${id}.`);
  refuse(row, action, given);
  if (action === 'acknowledge') {
    await tx.query(`update warning set status = 'acknowledged', acknowledged_at = $2 where id = $1`, [id, at(tx.now)]);
  } else if (action === 'assign') {
    await tx.query('update warning set assignee = $2 where id = $1', [id, given.assignee]);
  } else if (action === 'resolve') {
    await tx.query(`update warning set status = 'resolved', resolved_at = $2 where id = $1`, [id, at(tx.now)]);
  }
  const note = action === 'assign' ? [`→ ${given.assignee ?? ''}`, given.note].filter(Boolean).join(' ') : given.note;
  await tx.query('insert into warning_comment (warning_id, actor, at, action, note) values ($1, $2, $3, $4, $5)', [
    id,
    actor,
    at(tx.now),
    action,
    note,
  ]);
  await append(tx, [entryOf(row, action, given, actor, tx.now)]);
}

function refuse({ id, status }: Row, action: WarningAction, given: Given): void {
  if (action === 'assign' && given.assignee === undefined) {
    throw new Fault('invalid_input', 'body.assignee: name who shall take the warning', {
      errors: [{ path: 'body.assignee', message: 'name who shall take the warning' }],
    });
  }
  if (action === 'comment' && given.note === '') {
    throw new Fault('invalid_input', 'body.note: a comment needs a text', {
      errors: [{ path: 'body.note', message: 'a comment needs a text' }],
    });
  }
  if (action !== 'comment' && status === 'resolved') {
    throw new Fault('conflict', `Warning ${id} is resolved; it can only be commented on.`);
  }
  if (action === 'acknowledge' && status === 'acknowledged') {
    throw new Fault('conflict', `Warning ${id} is already acknowledged; assign it or comment on it instead.`);
  }
}

function entryOf(row: Row, action: WarningAction, given: Given, actor: string, now: number): NewJournalEntry {
  const { id, ...warning } = row;
  const head = { subjectType: 'warning' as const, subjectId: id, happenedAt: now, actor };
  const { note } = given;
  switch (action) {
    case 'acknowledge':
      return { ...head, type: 'warning_acknowledged', data: { ...warning, status: 'acknowledged', note } };
    case 'assign':
      return { ...head, type: 'warning_assigned', data: { ...warning, assignee: given.assignee ?? '', note } };
    case 'comment':
      return { ...head, type: 'warning_commented', data: { ...warning, note } };
    default: // resolve
      return { ...head, type: 'warning_resolved', data: { ...warning, status: 'resolved', note } };
  }
}
