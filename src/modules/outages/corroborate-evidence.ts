import { evidenceTogether } from '../../domain/corroboration.js';
import type { Evidence } from '../../domain/corroboration.js';
import { addNews } from './outage-board.js';
import type { BoardOutage, OutageBoard } from './outage-board.js';

/** What speaks for the suspected members of an outage. Of a planned work only while the outage is that work's. */
export const standingEvidence = ({ before, plannedOutageId }: BoardOutage): Evidence[] =>
  ((before.evidence.corroboration ?? []) as Evidence[]).filter(
    (one) => one.by !== 'planned_work' || one.plannedOutageId === plannedOutageId,
  );

/** Writes down, with each outage on the board, what speaks for its members. @param evidence by transformer */
export function layEvidence(board: OutageBoard, evidence: ReadonlyMap<number, Evidence>): void {
  for (const outage of board.outages.values()) {
    const own = evidenceTogether(...outage.members.flatMap(({ transformerId }) => evidence.get(transformerId) ?? []));
    if (own.length === 0) continue;
    const corroboration = evidenceTogether(...standingEvidence(outage), ...own);
    outage.before = { ...outage.before, evidence: { ...outage.before.evidence, corroboration } };
    for (const one of own) addNews(outage, wordsOf(one), null);
  }
}

function wordsOf(evidence: Evidence): string {
  const { assetId } = evidence;
  switch (evidence.by) {
    case 'dead_neighbours':
      return `silence below asset ${assetId}: ${evidence.dead} dead, ${evidence.silent} silent, none live`;
    case 'callers':
      return `silence of all ${evidence.silent} below asset ${assetId} with ${evidence.callers} callers, while ${evidence.restReports} around report`;
    case 'planned_work':
      return `silence of ${evidence.silent} below asset ${assetId} in the window of planned work ${evidence.plannedOutageId}`;
    default: // still_out; another sort would not compile
      return `${evidence.callers} callers say that transformer ${assetId} (${evidence.supply}) is still out`;
  }
}
