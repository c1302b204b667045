import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { OutageMember } from '../../domain/outage-record.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Words } from '../../domain/words.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { customersOn } from './network-at.js';
import { nestRest } from './nest.js';
import { addNews, OutageBoard } from './outage-board.js';
import { lockOutages } from './outage-rows.js';
import { saveBoard } from './outage-save.js';
import { judgeOutlooks, OUTLOOK_KIND } from './outlook-deadlines.js';
import { outagesOfWorks } from './planned-scope.js';
import { recountCustomers } from './recount-customers.js';
import { regroup, withReportingTime } from './regroup.js';
import { returnToNested } from './returns.js';
import { supplyChanges } from './supply-changes.js';
import type { TransformerChanges } from './supply-changes.js';

/** Makes outages from changes of supply: see `followOutages`. */
@Injectable()
export class OutageFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'outages',
      // A storm is read in few large steps: each step looks at the whole of the feeders it touches. 20,000 transformers dead at once
      // took 10 s in steps of 5,000 and 107 s in steps of 500 (two cores).
      batchSize: 5_000,
      types: [
        'supply_changed',
        'supply_revised',
        'deadline_fired',
        'planned_outage_registered',
        'planned_outage_changed',
        'planned_outage_cancelled',
        'network_imported',
      ],
      handle: (tx, entries) => followOutages(tx, entries, this.active.at(tx.now)),
    });
  }
}

/**
 * Digests a batch of the journal. What entries say is only where to look: supply intervals, planned works and the rows of outages
 * are read as they are now, compared, and brought together. So the order and the size of batches do not matter, and an entry that
 * is handled late finds nothing left to do. About twenty statements a batch, whatever its size.
 */
export async function followOutages(tx: Tx, entries: readonly JournalEntry[], active: PolicyInForce): Promise<void> {
  await lockOutages(tx);
  const board = new OutageBoard();
  const { from, revised, works, outlasted, overran, nesting, outlooks, recount } = whereToLook(entries);
  const changes = await supplyChanges(tx, from);
  await board.load(
    tx,
    changes.flatMap(({ recorded }) => recorded.map(({ outageId }) => outageId)),
  );
  const moved = new Set<number>();
  for (const change of changes) applyChange(board, change, revised.get(change.transformerId) ?? null, moved);
  const losses = await newMembers(tx, changes);
  const added = await returnToNested(tx, board, losses, active.policy);
  const inWorks = await outagesOfWorks(tx, [...works]);
  await board.load(tx, inWorks);
  await board.load(tx, [...outlasted.keys(), ...overran, ...nesting]);
  if (recount) await recountCustomers(tx, board);
  for (const id of inWorks) addNews(board.outages.get(id), PLAN_CHANGED, null);
  const isLate = revised.size > 0 && added.every(({ transformerId }) => revised.has(transformerId));
  const reason = isLate ? lateData([...new Set(revised.values())].join(', ')) : FURTHER_LOSSES;
  const { policy, version } = active;
  await regroup(tx, board, { added, outageIds: [...moved, ...inWorks], reason, policy, policyVersion: version });
  for (const [id, dueAt] of outlasted) {
    const outage = board.outages.get(id);
    if (outage !== undefined) outage.confirmAt = dueAt;
  }
  for (const id of overran) {
    const outage = board.outages.get(id);
    if (outage === undefined) continue;
    outage.overran = true;
    addNews(outage, OVERRUN, null);
  }
  await nestRest(tx, board, nesting, policy, version);
  await saveBoard(tx, board, active);
  await judgeOutlooks(tx, outlooks, active);
}

const PLAN_CHANGED: Words = {
  en: 'the planned work was registered, changed or cancelled',
  zh: '停电计划登记、变更或取消',
};
const FURTHER_LOSSES: Words = { en: 'further transformers lost supply', zh: '又有台区停电' };
const OVERRUN: Words = { en: 'the announced end has passed without supply', zh: '已过公告的结束时间，仍未送电' };
const STILL_OUT: Words = { en: 'still without supply', zh: '仍未供电' };
const BACK: Words = { en: 'supply came back', zh: '恢复供电' };
const NEVER_LOST: Words = { en: 'supply was never lost', zh: '实际未停电' };
const lateData = (why: string): Words => ({ en: `late data: ${why}`, zh: '迟到数据' });

interface WhereToLook {
  /** Transformer -> the earliest instant that its supply changed at. */
  from: Map<number, number>;
  /** Transformer -> why its past was revised. */
  revised: Map<number, string>;
  works: Set<number>;
  /** Outages whose momentary limit has passed, and when. */
  outlasted: Map<number, number>;
  /** Outages whose announced end has passed. */
  overran: number[];
  /** Outages of which most has been back for so long that the rest is nested. */
  nesting: Set<number>;
  /** Outages that are likely by now to pass the long-outage limit. */
  outlooks: number[];
  /** Customers were imported. */
  recount: boolean;
}

function whereToLook(entries: readonly JournalEntry[]): WhereToLook {
  const found: WhereToLook = {
    from: new Map(),
    revised: new Map(),
    works: new Set(),
    outlasted: new Map(),
    overran: [],
    nesting: new Set(),
    outlooks: [],
    recount: false,
  };
  const lookFrom = (transformerId: number, moment: number): void => {
    found.from.set(transformerId, Math.min(found.from.get(transformerId) ?? moment, moment));
  };
  for (const { type, subjectId, happenedAt, data } of entries) {
    if (type === 'supply_changed') lookFrom(subjectId, happenedAt);
    else if (type === 'supply_revised') {
      lookFrom(subjectId, data.fromTs);
      found.revised.set(subjectId, data.why);
    } else if (type === 'deadline_fired') {
      if (data.kind === 'outage_momentary') found.outlasted.set(subjectId, data.dueAt);
      if (data.kind === 'planned_overrun') found.overran.push(subjectId);
      if (data.kind === 'outage_nested') found.nesting.add(subjectId);
      if (data.kind === OUTLOOK_KIND) found.outlooks.push(subjectId);
    } else if (type === 'network_imported') found.recount ||= data.kind === 'customers';
    else if (type.startsWith('planned_outage_')) found.works.add(subjectId);
  }
  return found;
}

/** Lays changed and withdrawn interruptions upon the members of the outages they are in. */
function applyChange(board: OutageBoard, change: TransformerChanges, lateWhy: string | null, moved: Set<number>): void {
  const late = lateWhy === null ? null : lateData(lateWhy);
  const homeOf = new Map(change.recorded.map(({ rowId, outageId }) => [rowId, outageId]));
  for (const { rowId, to } of change.changed) {
    const outage = board.outages.get(homeOf.get(rowId) ?? -1);
    const member = board.members.get(rowId);
    if (outage === undefined || member === undefined) continue;
    const isEndMoved = member.endedAt !== null && member.endedAt !== to.endedAt;
    if (member.startedAt !== to.startedAt || isEndMoved) moved.add(outage.before.id);
    Object.assign(member, to);
    addNews(outage, late ?? (to.endedAt === null ? STILL_OUT : BACK), to.endedAt ?? to.startedAt);
  }
  for (const rowId of change.withdrawn) {
    const outage = board.outages.get(homeOf.get(rowId) ?? -1);
    if (outage === undefined) continue;
    outage.members = outage.members.filter((one) => one.rowId !== rowId);
    addNews(outage, late ?? NEVER_LOST, null);
  }
}

async function newMembers(tx: Tx, changes: readonly TransformerChanges[]): Promise<OutageMember[]> {
  const losses = changes.flatMap(({ transformerId, added }) => added.map((loss) => ({ transformerId, ...loss })));
  if (losses.length === 0) return [];
  const customers = await customersOn(
    tx,
    losses.map(({ transformerId }) => transformerId),
  );
  const members = losses.map((loss) => ({ ...loss, rowId: null, customers: customers.get(loss.transformerId) ?? 0 }));
  return withReportingTime(tx, members);
}
