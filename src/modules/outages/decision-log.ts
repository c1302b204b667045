import type { OutageDecisions } from '../../domain/outage-record.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import type { BoardOutage } from './outage-board.js';

export type DecisionKind = 'change' | 'merge' | 'split' | 'discard';

/** How one outage stood before a decision. */
export interface Standing {
  id: number;
  decided: OutageDecisions;
  cause: string;
  rootAssetId: number;
  plannedOutageId: number | null;
  /** Rows of outage_transformer. */
  members: number[];
}

export interface BeforeDecision {
  outages: Standing[];
  /** Of a change: the fields that were set. */
  fields?: string[];
  /** Of a word that power is back: the interruptions that it ended. */
  ended?: number[];
  /** Of a split: the outage that it made. */
  madeId?: number;
  /** Of a merge: the outage that went into the other. */
  mergedId?: number;
}

export interface Decision {
  id: number;
  kind: DecisionKind;
  outageIds: number[];
  at: number;
  actor: string;
  note: string;
  before: BeforeDecision;
  undoneAt: number | null;
  undoneBy: string | null;
}

/** Taken before the decision is laid upon the board. */
export const standingOf = ({ before, plannedOutageId, members }: BoardOutage): Standing => ({
  id: before.id,
  decided: before.decided,
  cause: before.cause,
  rootAssetId: before.rootAssetId,
  plannedOutageId,
  members: members.flatMap(({ rowId }) => rowId ?? []),
});

export async function recordDecision(
  tx: Tx,
  decision: Pick<Decision, 'kind' | 'outageIds' | 'actor' | 'note' | 'before'>,
): Promise<void> {
  const { kind, outageIds, actor, note, before } = decision;
  await tx.query(
    'insert into outage_decision (kind, outage_ids, at, actor, note, before) values ($1, $2, $3, $4, $5, $6)',
    [kind, outageIds, at(tx.now), actor, note, JSON.stringify(before)],
  );
}

const COLUMNS = `id, kind, outage_ids as "outageIds", at, actor, note, before, undone_at as "undoneAt", undone_by as "undoneBy"`;

/** Decisions that touched any of these outages, oldest first. */
export const decisionsOn = (db: Queryable, outageIds: readonly number[]): Promise<Decision[]> =>
  db.query<Decision>(`select ${COLUMNS} from outage_decision where outage_ids && $1::bigint[] order by id`, [
    outageIds,
  ]);

export async function markUndone(tx: Tx, id: number, actor: string, note: string): Promise<void> {
  await tx.query('update outage_decision set undone_at = $2, undone_by = $3, undone_note = $4 where id = $1', [
    id,
    at(tx.now),
    actor,
    note,
  ]);
}
