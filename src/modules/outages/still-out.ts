import { CORROBORATED } from '../../domain/corroboration.js';
import type { Evidence } from '../../domain/corroboration.js';
import { HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { OutageMember } from '../../domain/outage-record.js';
import type { Policy } from '../../domain/policy.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { judgeStillOut } from '../../domain/still-out.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { layEvidence } from './corroborate-evidence.js';
import { nestRest } from './nest.js';
import { customersOn } from './network-at.js';
import { addNews, OutageBoard } from './outage-board.js';
import type { BoardOutage } from './outage-board.js';
import { lockOutages } from './outage-rows.js';
import { saveBoard } from './outage-save.js';
import { callsFrom, restoredOf } from './still-out-facts.js';
import type { Call, RestoredTransformer } from './still-out-facts.js';

/**
 * Judges what customers say of transformers that were taken to have supply again. Where nothing measured speaks against them the outage
 * goes on with its original begin, or, where most of it is measured back, the transformer in a nested outage. What came of it stands in
 * the journal either way.
 */
export async function judgeStillOutOn(tx: Tx, transformerIds: readonly number[], active: PolicyInForce): Promise<void> {
  if (transformerIds.length === 0) return;
  await lockOutages(tx);
  const { policy, version } = active;
  const windowMs = policy.reopening.windowHours * HOUR_MS;
  const since = tx.now - 2 * windowMs; // the call may be known a while after it was made
  const restored = await restoredOf(tx, transformerIds, since);
  if (restored.length === 0) return;
  const calls = await callsFrom(
    tx,
    restored.map(({ transformerId }) => transformerId),
    since,
  );
  const board = new OutageBoard();
  await board.load(
    tx,
    restored.map(({ outageId }) => outageId),
  );
  const customers = await customersOn(tx, transformerIds);
  const entries: NewJournalEntry[] = [];
  const evidence = new Map<number, Evidence>();
  const goingOn = new Set<number>();
  for (const one of restored) {
    const outage = board.outages.get(one.outageId);
    const callers = callersAfter(calls.get(one.transformerId) ?? [], one.backAt, windowMs);
    const { supply, isDecided, transformerId, backAt } = one;
    const rules = { callers: policy.reopening.callers, cluster: policy.warnings.clusterCustomers };
    const judged = judgeStillOut({ supply, callers, isDecided }, rules);
    if (outage === undefined || judged === null) continue;
    if (judged.verdict === 'reopened') {
      if (!goOn(outage, one, customers.get(transformerId) ?? 0, policy)) continue;
      goingOn.add(one.outageId);
      addNews(outage, { en: judged.why, zh: judged.whyZh }, tx.now);
      if (supply === 'unknown' || supply === 'unmetered')
        evidence.set(transformerId, { by: 'still_out', assetId: transformerId, callers, supply, restoredAt: backAt });
    }
    const data = { transformerId, supply: supply === 'unmetered' ? ('unknown' as const) : supply, callers, ...judged };
    const about = { subjectType: 'outage' as const, subjectId: one.outageId, happenedAt: tx.now };
    entries.push({ ...about, type: 'still_out_judged', data });
  }
  await append(tx, entries);
  await nestRest(tx, board, goingOn, policy, version);
  layEvidence(board, evidence);
  await saveBoard(tx, board, active);
}

/** Different callers between the restoration and the end of the time in which they are heard. */
const callersAfter = (calls: readonly Call[], backAt: number, windowMs: number): number =>
  new Set(calls.filter((call) => call.at > backAt && call.at <= backAt + windowMs).map(({ who }) => who)).size;

/**
 * Takes back that a transformer was restored. What was measured live since and fell silent again later is another matter, which the
 * rules for silence judge.
 * @returns false when nothing is taken back
 */
function goOn(outage: BoardOutage, one: RestoredTransformer, customers: number, policy: Policy): boolean {
  const { transformerId, rowId, endSource, supply, supplySince, backAt, outageStartedAt } = one;
  const member = outage.members.find((each) => rowId !== null && each.rowId === rowId);
  if (member !== undefined && (endSource === 'dispatcher' || endSource === CORROBORATED)) {
    member.endedAt = null;
    member.endSource = null;
    return true;
  }
  const from = member === undefined ? outageStartedAt : backAt;
  const startedAt = supply === 'unmetered' ? from : Math.max(from, supplySince ?? from);
  const isOneTrouble =
    member === undefined ? startedAt <= backAt : startedAt <= backAt + policy.reopening.returnMinutes * MINUTE_MS;
  if (supply === 'dead' || !isOneTrouble) return false;
  outage.members.push(newMember(transformerId, startedAt, customers));
  return true;
}

const newMember = (transformerId: number, startedAt: number, customers: number): OutageMember => ({
  rowId: null,
  transformerId,
  notBefore: startedAt,
  startedAt,
  endedAt: null,
  source: CORROBORATED,
  endSource: null,
  customers,
});
