import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { confirmedLate, reviseOutage } from '../../domain/outage-lifecycle.js';
import { outageData } from '../../domain/outage-record.js';
import type { OutageMember } from '../../domain/outage-record.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { areasOf } from './network-at.js';
import type { BoardOutage, OutageBoard, SavedOutage } from './outage-board.js';
import { setOutageDeadlines } from './outage-deadlines.js';
import { setOutlookDeadlines } from './outlook-deadlines.js';
import { writeMembers, writeOutages } from './outage-write.js';

/**
 * Works out the new record of every outage on the board and writes what differs: outages, members, journal, deadlines.
 * A fixed number of statements, whatever the number of outages.
 * @param actor who decided; 'system' for the rules
 */
export async function saveBoard(
  tx: Tx,
  board: OutageBoard,
  active: PolicyInForce,
  actor = 'system',
): Promise<SavedOutage[]> {
  const outages = [...board.outages.values()].sort((a, b) => a.before.id - b.before.id);
  const roots = outages
    .filter(({ before, rootAssetId }) => before.revision < 0 || before.rootAssetId !== rootAssetId)
    .map(({ rootAssetId }) => rootAssetId);
  const areas = await areasOf(tx, [...new Set(roots)]);
  const storedOf = partition(board.stored.values(), ({ outageId }) => outageId);
  const revised = outages.map((outage) =>
    revise(outage, storedOf.get(outage.before.id) ?? [], board, areas, active, tx.now),
  );
  const saved = revised.filter(
    ({ outage, happenings }) => happenings.length > 0 || outage.decision !== null || isNewlyMerged(outage),
  );
  await writeOutages(tx, saved);
  await writeMembers(tx, board);
  await append(
    tx,
    saved.flatMap((one) => entriesOf(one, board, actor, tx.now)),
  );
  await setOutageDeadlines(tx, saved, board.works, active);
  await setOutlookDeadlines(tx, saved, active);
  return saved;
}

const isNewlyMerged = (outage: BoardOutage): boolean => outage.mergedIntoId !== outage.before.mergedIntoId;

function revise(
  outage: BoardOutage,
  stored: readonly OutageMember[],
  board: OutageBoard,
  areas: ReadonlyMap<number, string>,
  active: PolicyInForce,
  now: number,
): SavedOutage {
  const { before, rootAssetId, plannedOutageId, members, overran, mergedIntoId, revived } = outage;
  const area =
    rootAssetId === before.rootAssetId && before.revision >= 0 ? before.area : (areas.get(rootAssetId) ?? '');
  const momentaryMs = active.policyFor(area).outage.momentaryMinutes * MINUTE_MS;
  const confirmAt = outage.confirmAt ?? confirmedLate(before, members, momentaryMs, now);
  if (mergedIntoId !== null) {
    // Its facts live on in the other outage; this row stays so that whoever knows its number finds the way.
    const revision = before.revision + (isNewlyMerged(outage) ? 1 : 0);
    return { outage, after: { ...before, state: 'discarded', mergedIntoId, revision }, happenings: [] };
  }
  if (outage.decision === 'discard') {
    const after = { ...before, state: 'discarded' as const, revision: before.revision + 1 };
    return { outage, after, happenings: [{ type: 'outage_discarded' }] };
  }
  const planned = plannedOutageId === null ? null : (board.works.get(plannedOutageId) ?? null);
  const facts = { rootAssetId, area, planned, members, confirmAt, overran, revived };
  const { after, happenings } = reviseOutage(before, facts, momentaryMs);
  if (happenings.length === 0 && after.state !== 'discarded' && areIntervalsMoved(members, stored)) {
    after.revision += 1;
    happenings.push({ type: 'outage_changed', changed: ['intervals'] });
  }
  return { outage, after, happenings };
}

/**
 * Transformers came back, were out at other times than was thought, or one was out in another's place, though no sum of the outage
 * tells: nobody is registered there, or one loss took the place of another.
 */
function areIntervalsMoved(members: readonly OutageMember[], stored: readonly OutageMember[]): boolean {
  const lossOf = ({ transformerId, startedAt, endedAt }: OutageMember): string =>
    `${transformerId} ${startedAt} ${endedAt}`;
  const losses = new Set(stored.map(lossOf));
  return members.length !== stored.length || members.some((member) => !losses.has(lossOf(member)));
}

const UNNAMED: ReadonlyMap<string, string> = new Map([['the network or the rules changed', '台账或规则有变']]);

function entriesOf(
  { outage, after, happenings }: SavedOutage,
  board: OutageBoard,
  actor: string,
  now: number,
): NewJournalEntry[] {
  const about = { subjectType: 'outage' as const, subjectId: after.id, actor };
  const reasons = outage.reasons.size > 0 ? outage.reasons : UNNAMED;
  const why = { why: [...reasons.keys()].join('; '), whyZh: [...reasons.values()].join('；') };
  const newsAt = outage.newsAt ?? now;
  if (isNewlyMerged(outage) && after.mergedIntoId !== null) {
    const intoId = after.mergedIntoId;
    const happenedAt = board.outages.get(intoId)?.newsAt ?? now;
    return [{ ...about, type: 'outage_merged', happenedAt, data: { ...outageData(after), intoId } }];
  }
  return happenings.map((happening): NewJournalEntry => {
    const data = outageData(after);
    if (happening.type === 'outage_changed') {
      const { type, changed } = happening;
      return { ...about, type, happenedAt: newsAt, data: { ...data, changed, ...why } };
    }
    if (happening.type === 'outage_discarded' || happening.type === 'outage_reopened')
      return { ...about, type: happening.type, happenedAt: newsAt, data: { ...data, ...why } };
    return { ...about, type: happening.type, happenedAt: happening.at, data: { ...data, ...asOf[happening.type] } };
  });
}

/** How the outage stood at that step; what came after it the next entries say. */
const asOf = {
  outage_opened: { state: 'suspected', endedAt: null },
  outage_confirmed: { state: 'confirmed', endedAt: null },
  outage_restored: { state: 'restored' },
  outage_closed: {},
} as const;
