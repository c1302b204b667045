import type { OutageDecisions } from '../../domain/outage-record.js';
import { Fault } from '../../fault.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { decisionsOn, markUndone } from './decision-log.js';
import type { Decision, Standing } from './decision-log.js';
import { addNews, OutageBoard, withNote } from './outage-board.js';
import type { BoardOutage } from './outage-board.js';
import type { Decider } from './outage-decisions.js';
import { lockOutages } from './outage-rows.js';
import { saveBoard } from './outage-save.js';

const DECISIONS_ZH: Readonly<Record<Decision['kind'], string>> = {
  change: '认定',
  merge: '合并',
  split: '拆分',
  discard: '作废',
};

/**
 * Takes back what a person decided about an outage: its members go back where they were, with all that became known of them since, and
 * the rules may work on it again as before. Decisions about the same outages are taken back in reverse order; fields that were set
 * since a merge or split stay set.
 * @throws Fault `not_found`; `not_allowed` (`undo_not_allowed`) naming what stands in the way
 */
export async function undoDecision(
  tx: Tx,
  outageId: number,
  decisionId: number,
  note: string,
  by: Decider,
): Promise<void> {
  await lockOutages(tx);
  const decision = (await decisionsOn(tx, [outageId])).find(({ id }) => id === decisionId);
  if (decision === undefined)
    throw new Fault(
      'not_found',
      `Outage ${outageId} has no decision ${decisionId}; GET /outages/${outageId} lists them.`,
    );
  const board = new OutageBoard();
  await board.load(tx, decision.outageIds);
  refuse(decision, await decisionsOn(tx, decision.outageIds), board);
  takeBack(decision, board);
  for (const outage of board.outages.values()) {
    outage.decision ??= 'fields';
    const why = {
      en: `${decision.kind} by ${decision.actor} undone by ${by.actor}`,
      zh: `${by.actor} 撤销 ${decision.actor} 的${DECISIONS_ZH[decision.kind]}`,
    };
    addNews(outage, withNote(why, note), tx.now);
  }
  await board.loadWorks(
    tx,
    [...board.outages.values()].flatMap(({ plannedOutageId }) => plannedOutageId ?? []),
  );
  await markUndone(tx, decision.id, by.actor, note);
  await append(tx, [
    {
      type: 'outage_decision_undone',
      subjectType: 'outage',
      subjectId: outageId,
      happenedAt: tx.now,
      actor: by.actor,
      data: { decisionId, kind: decision.kind, outageIds: decision.outageIds, note },
    },
  ]);
  await saveBoard(tx, board, by.active, by.actor);
}

function refuse(decision: Decision, all: readonly Decision[], board: OutageBoard): void {
  const not = (why: string): Fault => new Fault('not_allowed', why, { problem: 'undo_not_allowed' });
  const { id, kind, undoneAt, undoneBy, before } = decision;
  if (undoneAt !== null) throw not(`Decision ${id} was undone by ${undoneBy} already.`);
  const isChange = kind === 'change';
  if (isChange && before.fields?.includes('state') === true && before.ended === undefined)
    throw not(`Decision ${id} set a state that nothing can take back; discard the outage, or wait for measurement.`);
  const later = all.filter((one) => one.id > id && one.undoneAt === null);
  const inTheWay = later.filter((one) => isChange || one.kind !== 'change' || one.before.ended !== undefined);
  const last = inTheWay.at(-1);
  if (last !== undefined)
    throw not(`Undo decision ${last.id} (${last.kind} by ${last.actor}) first; it came after decision ${id}.`);
  const gone = new Set([kind === 'discard' ? before.outages[0]?.id : undefined, before.mergedId]);
  for (const { before: record } of board.outages.values()) {
    if (gone.has(record.id)) continue;
    if (record.mergedIntoId !== null)
      throw not(`Outage ${record.id} became part of outage ${record.mergedIntoId} since; decide there.`);
    if (record.state === 'discarded')
      throw not(`Outage ${record.id} was discarded since; there is nothing to go back to.`);
  }
}

function takeBack({ kind, before }: Decision, board: OutageBoard): void {
  const standings = new Map(before.outages.map((standing) => [standing.id, standing]));
  switch (kind) {
    case 'change':
      for (const standing of before.outages) {
        const outage = board.outages.get(standing.id);
        if (outage === undefined) continue;
        restore(outage, standing, standing.decided);
        for (const member of outage.members) {
          if (member.endSource !== 'dispatcher' || before.ended?.includes(member.rowId ?? -1) !== true) continue;
          member.endedAt = null;
          member.endSource = null;
        }
      }
      return;
    case 'discard':
      for (const { id } of before.outages) revive(board.outages.get(id));
      return;
    case 'merge': {
      const merged = board.outages.get(before.mergedId ?? -1);
      revive(merged);
      moveHome(board, standings);
      for (const [id, standing] of standings) {
        const outage = board.outages.get(id);
        if (outage === undefined) continue;
        restore(outage, standing, outage === merged ? standing.decided : withMembersOf(outage, standing));
      }
      return;
    }
    default: {
      // split; another kind would not compile
      const made = board.outages.get(before.madeId ?? -1);
      const [standing] = before.outages;
      const home = board.outages.get(standing?.id ?? -1);
      if (made === undefined || home === undefined || standing === undefined) return;
      home.members.push(...made.members.splice(0));
      restore(home, standing, withMembersOf(home, standing));
      made.mergedIntoId = home.before.id;
    }
  }
}

/** Fields set since stay; whether a person chose the members is as it was. */
function withMembersOf({ before: { decided } }: BoardOutage, standing: Standing): OutageDecisions {
  const { members: _, ...fields } = decided;
  return standing.decided.members === true ? { ...fields, members: true } : fields;
}

function restore(outage: BoardOutage, standing: Standing, decided: OutageDecisions): void {
  const cause = decided.cause ?? standing.cause;
  outage.before = { ...outage.before, decided, cause };
  outage.rootAssetId = standing.rootAssetId;
  outage.plannedOutageId = standing.plannedOutageId;
}

function revive(outage: BoardOutage | undefined): void {
  if (outage === undefined) return;
  outage.revived = true;
  outage.mergedIntoId = null;
  outage.before = { ...outage.before, mergedIntoId: null };
}

/** Puts every interruption that is still on record back into the outage that held it. */
function moveHome(board: OutageBoard, standings: ReadonlyMap<number, Standing>): void {
  const homes = new Map([...standings].flatMap(([id, { members }]) => members.map((rowId) => [rowId, id] as const)));
  for (const [id, outage] of board.outages) {
    const leaving = outage.members.filter(({ rowId }) => (homes.get(rowId ?? -1) ?? id) !== id);
    outage.members = outage.members.filter((member) => !leaving.includes(member));
    for (const member of leaving) board.outages.get(homes.get(member.rowId ?? -1) ?? -1)?.members.push(member);
  }
}
