import { evidenceTogether } from '../../domain/corroboration.js';
import type { Evidence } from '../../domain/corroboration.js';
import type { Words } from '../../domain/words.js';
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

function wordsOf(evidence: Evidence): Words {
  const { assetId } = evidence;
  switch (evidence.by) {
    case 'dead_neighbours':
      return {
        en: `silence below asset ${assetId}: ${evidence.dead} dead, ${evidence.silent} silent, none live`,
        zh: `设备 ${assetId} 以下失联：停电 ${evidence.dead} 台，失联 ${evidence.silent} 台，无一有电`,
      };
    case 'callers':
      return {
        en: `silence of all ${evidence.silent} below asset ${assetId} with ${evidence.callers} callers, while ${evidence.restReports} around report`,
        zh: `设备 ${assetId} 以下 ${evidence.silent} 台全部失联，${evidence.callers} 户来电，周边 ${evidence.restReports} 台正常上报`,
      };
    case 'planned_work':
      return {
        en: `silence of ${evidence.silent} below asset ${assetId} in the window of planned work ${evidence.plannedOutageId}`,
        zh: `设备 ${assetId} 以下 ${evidence.silent} 台在停电计划 ${evidence.plannedOutageId} 的时段内失联`,
      };
    default: // still_out; another sort would not compile
      return {
        en: `${evidence.callers} callers say that transformer ${assetId} (${evidence.supply}) is still out`,
        zh: `${evidence.callers} 户来电称台区 ${assetId} 仍停电（${SUPPLY_ZH[evidence.supply]}）`,
      };
  }
}

const SUPPLY_ZH: Readonly<Record<Extract<Evidence, { by: 'still_out' }>['supply'], string>> = {
  unknown: '失联',
  unmetered: '无终端',
};
