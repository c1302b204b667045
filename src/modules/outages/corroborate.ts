import { CORROBORATED, release, suspect } from '../../domain/corroboration.js';
import type { CorroborationRules, Evidence, Suspicion } from '../../domain/corroboration.js';
import { HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import { partition } from '../../domain/partition.js';
import type { OutageMember } from '../../domain/outage-record.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import {
  callersOn,
  feedersInDoubt,
  stationsOn,
  surroundingsOf,
  suspectedOutages,
  withWorks,
} from './corroborate-facts.js';
import type { PlacedStation } from './corroborate-facts.js';
import { tellCommunication } from './corroborate-communication.js';
import { layEvidence, standingEvidence } from './corroborate-evidence.js';
import { customersOn } from './network-at.js';
import { addNews, OutageBoard } from './outage-board.js';
import { lockOutages } from './outage-rows.js';
import { saveBoard } from './outage-save.js';
import { regroup } from './regroup.js';

export const rulesOf = ({ corroboration }: Policy): CorroborationRules => ({
  windowMs: corroboration.windowMinutes * MINUTE_MS,
  deadShare: corroboration.deadShare,
  callers: corroboration.callers,
  loneCallerMs: corroboration.loneCallerMinutes * MINUTE_MS,
  cellTerminals: corroboration.cellTerminals,
  cellIntervals: corroboration.cellIntervals,
  restShare: corroboration.restShare,
});

/**
 * Judges the silence on feeders as they stand now: what neighbours, callers or a planned work speak for becomes a suspected member of an outage, what
 * nothing speaks for any more is released, the rest is told as lost communication where it has that shape. About twenty statements,
 * whatever the number of feeders.
 */
export async function judgeFeeders(tx: Tx, feederIds: readonly number[], active: PolicyInForce): Promise<void> {
  await lockOutages(tx);
  const doubtful = await feedersInDoubt(tx, feederIds);
  const earlyMs = active.policy.outage.earlyStartMinutes * MINUTE_MS;
  const stations = await withWorks(tx, await stationsOn(tx, doubtful), earlyMs);
  const suspicions = doubtful.length === 0 ? [] : await suspectOn(tx, doubtful, stations, active.policy);
  const board = new OutageBoard();
  await releaseOn(tx, board, doubtful);
  const evidence = await add(tx, board, suspicions, active);
  layEvidence(board, evidence);
  await saveBoard(tx, board, active);
  await tellCommunication(tx, feederIds, active);
}

async function suspectOn(
  tx: Tx,
  feederIds: readonly number[],
  stations: readonly PlacedStation[],
  policy: Policy,
): Promise<Suspicion[]> {
  const around = await surroundingsOf(tx, [...new Set(stations.map(({ area }) => area))]);
  const callers = await callersOn(tx, feederIds, tx.now - policy.complaints.outageWindowHours * HOUR_MS);
  return [...partition(stations, ({ feederId }) => feederId).values()].flatMap((ofFeeder) =>
    suspect(ofFeeder, callers, around.get(ofFeeder[0]?.area ?? '') ?? { reports: 0, silent: [] }, rulesOf(policy)),
  );
}

/** Takes out of outages, or ends, what is in them by suspicion and has lost its reason. */
async function releaseOn(tx: Tx, board: OutageBoard, feederIds: readonly number[]): Promise<void> {
  const outages = await suspectedOutages(tx, feederIds);
  await board.load(tx, outages.keys());
  for (const [outageId, losses] of outages) {
    const outage = board.outages.get(outageId);
    if (outage === undefined || outage.before.decided.members === true) continue;
    const evidence = standingEvidence(outage);
    for (const loss of losses) {
      if (!loss.openHere || loss.source !== CORROBORATED) continue;
      const verdict = release(loss, losses, evidence);
      const member = board.members.get(loss.rowId);
      if (verdict === 'stays' || member === undefined) continue;
      if (verdict === 'withdrawn') {
        outage.members = outage.members.filter((one) => one !== member);
        addNews(outage, { en: 'silence that nothing speaks for any more', zh: '失联已无佐证' }, null);
      } else {
        member.endedAt = verdict.endedAt;
        member.endSource = CORROBORATED;
        addNews(outage, { en: 'its neighbours have supply again', zh: '相邻台区已恢复供电' }, verdict.endedAt);
      }
    }
  }
}

/** Puts suspicions that are in no outage yet into one. @returns transformer -> what speaks for it */
async function add(
  tx: Tx,
  board: OutageBoard,
  suspicions: readonly Suspicion[],
  active: PolicyInForce,
): Promise<Map<number, Evidence>> {
  const held = await inOutages(tx, suspicions);
  const added = suspicions.filter(({ transformerId }) => !held.has(transformerId));
  const customers = await customersOn(
    tx,
    added.map(({ transformerId }) => transformerId),
  );
  const members = added.map(({ transformerId, notBefore, startedAt }): OutageMember => ({
    rowId: null,
    transformerId,
    notBefore,
    startedAt,
    endedAt: null,
    source: CORROBORATED,
    endSource: null,
    customers: customers.get(transformerId) ?? 0,
  }));
  const reason = { en: 'silence corroborated', zh: '失联有佐证' };
  await regroup(tx, board, {
    added: members,
    outageIds: [],
    reason,
    policy: active.policy,
    policyVersion: active.version,
  });
  return new Map(added.map(({ transformerId, evidence }) => [transformerId, evidence]));
}

/** Those that are in an outage already, or were released or ended in one since they were last heard. */
async function inOutages(tx: Tx, suspicions: readonly Suspicion[]): Promise<Set<number>> {
  if (suspicions.length === 0) return new Set();
  const rows = await tx.query<{ id: number }>(
    `select ot.transformer_id as id from unnest($1::integer[], $2::bigint[]) as s(transformer_id, since)
     join outage_transformer ot on ot.transformer_id = s.transformer_id
      and (ot.ended_at is null or ot.ended_at > to_timestamp(s.since / 1000.0))`,
    [suspicions.map(({ transformerId }) => transformerId), suspicions.map(({ startedAt }) => startedAt)],
  );
  return new Set(rows.map(({ id }) => id));
}
