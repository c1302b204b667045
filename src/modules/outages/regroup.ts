import { assignGroups } from '../../domain/outage-assignment.js';
import { groupDead, groupedFrom } from '../../domain/outage-grouping.js';
import type { DeadTransformer, GroupingRules } from '../../domain/outage-grouping.js';
import { HOUR_MS, MINUTE_MS } from '../../domain/instants.js';
import type { OutageMember } from '../../domain/outage-record.js';
import { windowOf } from '../../domain/planned-window.js';
import type { Policy } from '../../domain/policy.js';
import type { Words } from '../../domain/words.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { pathsAt, reportingMs, transformersBelow, windowsOn } from './network-at.js';
import type { PathAt } from './network-at.js';
import { addNews, newRecord } from './outage-board.js';
import type { OutageBoard } from './outage-board.js';
import { takeIds } from './outage-rows.js';

/** What makes the rules look at groups again. */
export interface Regrouping {
  /** Losses of supply that are in no outage yet. */
  added: readonly OutageMember[];
  /** Outages on the board whose begin moved, or whose planned work changed. */
  outageIds: readonly number[];
  reason: Words;
  policy: Policy;
  policyVersion: number;
}

/**
 * Groups new losses together with those of the same time on the same feeders, opens, grows, re-roots and merges outages on the board.
 * Outages whose members a person chose or that a person closed, and nested ones, are left alone. A fixed number of statements; O(losses on the feeders x depth) in memory.
 */
export async function regroup(tx: Tx, board: OutageBoard, what: Regrouping): Promise<void> {
  const seeds = [...what.added, ...what.outageIds.flatMap((id) => board.outages.get(id)?.members ?? [])];
  if (seeds.length === 0) return;
  const rules = groupingRules(what.policy);
  const earlyMs = what.policy.outage.earlyStartMinutes * MINUTE_MS;
  const reachMs = Math.max(rules.windowMs, earlyMs);
  const seedPaths = await pathsAt(tx, seeds.map(placeOf));
  const seedWorks = await worksAround(tx, seedPaths, seeds, reachMs);
  const contextIds = await contextOf(tx, topsOf(seedPaths), seeds, rules, seedWorks);
  await board.load(tx, contextIds);
  const taking = new Set(
    [...contextIds, ...heldOnBoard(board, seeds), ...what.outageIds].filter((id) => isForRules(board, id)),
  );
  const heldBy = new Map<OutageMember, number>();
  for (const id of taking) for (const member of board.outages.get(id)?.members ?? []) heldBy.set(member, id);

  const members = [...what.added, ...heldBy.keys()];
  const paths = await pathsAt(tx, members.map(placeOf));
  const windows = await windowsOn(tx, [...new Set(paths.flatMap(({ path }) => path))], ...spanOf(members, reachMs));
  const losses = new Map<DeadTransformer, OutageMember>();
  members.forEach((member, index) => {
    const { path, substations } = paths[index] ?? { path: [member.transformerId], substations: 0 };
    const window = windowOf(path, member.startedAt, windows, earlyMs);
    const loss: DeadTransformer = {
      transformerId: member.transformerId,
      path: path.slice(substations),
      since: member.startedAt,
      notBefore: groupedFrom(member),
      endedAt: member.endedAt,
      outageId: heldBy.get(member) ?? null,
      window,
    };
    losses.set(loss, member);
  });
  await board.loadWorks(
    tx,
    [...losses.keys()].flatMap(({ window }) => window?.plannedOutageId ?? []),
  );
  const groups = groupDead([...losses.keys()], await transformersBelow(tx, topsOf(paths)), rules);
  const standing = [...taking].flatMap((id) => board.outages.get(id)?.before ?? []);
  const assignments = assignGroups(groups, standing);
  const newIds = await takeIds(tx, assignments.filter(({ outageId }) => outageId === null).length);
  for (const id of taking) board.outages.get(id)?.members.splice(0);
  for (const { group, outageId, rootAssetId, mergedIds } of assignments) {
    const since = group.members.reduce((least, member) => Math.min(least, member.since), Number.POSITIVE_INFINITY);
    const outage =
      board.outages.get(outageId ?? -1) ??
      board.put(newRecord(newIds.shift() ?? 0, rootAssetId, since, what.policyVersion));
    outage.rootAssetId = rootAssetId;
    outage.plannedOutageId = group.plannedOutageId;
    for (const loss of group.members) {
      const member = losses.get(loss);
      if (member !== undefined) outage.members.push(member);
      if (loss.outageId !== outage.before.id) addNews(outage, what.reason, loss.since);
    }
    for (const id of mergedIds) {
      const merged = board.outages.get(id);
      if (merged !== undefined) merged.mergedIntoId = outage.before.id;
    }
  }
}

export const groupingRules = ({ outage, reopening }: Policy): GroupingRules => ({
  windowMs: outage.groupWindowMinutes * MINUTE_MS,
  share: outage.groupShare,
  minTransformers: outage.groupMinTransformers,
  returnMs: reopening.returnMinutes * MINUTE_MS,
  momentaryMs: outage.momentaryMinutes * MINUTE_MS,
});

/** The earliest instant at which a loss that was seen in a reading can have begun: one reporting interval before. */
export async function withReportingTime(tx: Tx, added: readonly OutageMember[]): Promise<OutageMember[]> {
  const intervals = await reportingMs(
    tx,
    added.map(({ transformerId }) => transformerId),
  );
  return added.map((member) =>
    member.source === 'power_off'
      ? member
      : {
          ...member,
          notBefore: Math.min(member.notBefore, member.startedAt - (intervals.get(member.transformerId) ?? 0)),
        },
  );
}

const placeOf = ({ transformerId, startedAt }: OutageMember): { transformerId: number; moment: number } => ({
  transformerId,
  moment: startedAt,
});

const topsOf = (paths: readonly PathAt[]): number[] => [
  ...new Set(paths.flatMap(({ path, substations }) => path[substations] ?? [])),
];

function isForRules(board: OutageBoard, id: number): boolean {
  const before = board.outages.get(id)?.before;
  return (
    before !== undefined &&
    before.state !== 'discarded' &&
    before.decided.members !== true &&
    before.decided.state !== 'closed' &&
    before.parentId === null
  );
}

/** Outages on the board that hold an interruption of the same transformers: it may have ended a moment ago, and not be written yet. */
function heldOnBoard(board: OutageBoard, seeds: readonly OutageMember[]): number[] {
  const concerned = new Set(seeds.map(({ transformerId }) => transformerId));
  return [...board.outages]
    .filter(([, { members }]) => members.some(({ transformerId }) => concerned.has(transformerId)))
    .map(([id]) => id);
}

/** The stretch of time that can matter to the grouping of these losses; an hour for readings that come rarely. */
function spanOf(losses: readonly OutageMember[], windowMs: number): [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const loss of losses) {
    from = Math.min(from, groupedFrom(loss));
    to = Math.max(to, loss.startedAt);
  }
  return [from - windowMs, to + windowMs + HOUR_MS];
}

async function worksAround(
  tx: Tx,
  paths: readonly PathAt[],
  losses: readonly OutageMember[],
  windowMs: number,
): Promise<number[]> {
  const assets = [...new Set(paths.flatMap(({ path }) => path))];
  const windows = await windowsOn(tx, assets, ...spanOf(losses, windowMs));
  return [...new Set([...windows.values()].flat().map(({ plannedOutageId }) => plannedOutageId))];
}

/**
 * Outages that began around the same time on the same feeders, those of the works around, and those that the same transformers were in
 * shortly before or after.
 */
async function contextOf(
  tx: Tx,
  tops: readonly number[],
  losses: readonly OutageMember[],
  { windowMs, returnMs }: GroupingRules,
  works: readonly number[],
): Promise<number[]> {
  const [from, to] = spanOf(losses, windowMs);
  const rows = await tx.query<{ id: number }>(
    `select distinct ot.outage_id as id from asset a join outage_transformer ot on ot.transformer_id = a.id
     where a.kind = 'transformer' and a.path && $1::integer[] and ot.started_at between $2 and $3
     union select id from outage where planned_outage_id = any($4::bigint[])
     union select ot.outage_id
     from unnest($5::integer[], $6::timestamptz[], $7::timestamptz[]) as s(transformer_id, started_at, ended_at)
     join outage_transformer ot on ot.transformer_id = s.transformer_id
      and (ot.ended_at between s.started_at - $8 * interval '1 ms' and s.started_at
           or ot.started_at between s.ended_at and s.ended_at + $8 * interval '1 ms')`,
    [
      tops,
      at(from),
      at(to),
      works,
      losses.map(({ transformerId }) => transformerId),
      losses.map(({ startedAt }) => at(startedAt)),
      losses.map(({ endedAt }) => atOrNull(endedAt)),
      returnMs,
    ],
  );
  return rows.map(({ id }) => id);
}
