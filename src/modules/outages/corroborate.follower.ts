import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf } from '../deadlines/deadlines.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { judgeFeeders } from './corroborate.js';
import { feedersOf, newestSilence } from './corroborate-facts.js';

const KIND = 'corroboration';
/** A stage that has fired runs again only to an instant that is still to come. */
const SOONEST_MS = 1_000;
const TYPES: readonly JournalType[] = [
  'supply_changed',
  'supply_revised',
  'complaint_received',
  'repair_reported',
  'planned_outage_registered',
  'planned_outage_changed',
  'planned_outage_cancelled',
  'deadline_fired',
];

/** Judges silence: see `followSilence`. */
@Injectable()
export class CorroborateFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'corroboration',
      batchSize: 5_000,
      types: TYPES,
      handle: (tx, entries) => followSilence(tx, entries, this.active.at(tx.now)),
    });
  }
}

/** What changes supply on a feeder, who calls and what work is announced there starts its settling time; then its silence is judged. */
export async function followSilence(tx: Tx, entries: readonly JournalEntry[], active: PolicyInForce): Promise<void> {
  const changed = new Set<number>();
  const callers: number[] = [];
  const reported: number[] = [];
  const works: number[] = [];
  const due = new Set<number>();
  for (const { type, subjectId, data } of entries) {
    if (type === 'supply_changed' || type === 'supply_revised') changed.add(subjectId);
    else if (type === 'complaint_received') {
      if (data.category === 'outage' && data.customerId !== null) callers.push(data.customerId);
    } else if (type === 'repair_reported') {
      if (data.transformerId !== null) reported.push(data.transformerId);
    } else if (type === 'deadline_fired') {
      if (data.kind === KIND) due.add(subjectId);
    } else works.push(subjectId);
  }
  for (const id of await silentBelow(tx, works)) changed.add(id);
  const feeders = new Set((await feedersOf(tx, [...changed])).values());
  const called = new Set((await feedersOf(tx, [...(await transformersOf(tx, callers)), ...reported])).values());
  const settling = new Map([...feeders].map((id) => [id, tx.now]));
  const soonest = tx.now + SOONEST_MS - active.policy.corroboration.settleMinutes * MINUTE_MS;
  for (const { feederId, since } of await newestSilence(
    tx,
    [...called].filter((id) => !feeders.has(id)),
  ))
    settling.set(feederId, Math.max(since ?? tx.now, soonest));
  await settleLater(tx, settling, active);
  if (due.size > 0) await judgeFeeders(tx, [...due], active);
}

/**
 * A settling time that runs already is not prolonged, so that a feeder that never rests is judged all the same.
 * @param from feeder -> when its settling time begins; of a call about a silence that is old it is over at once
 */
async function settleLater(tx: Tx, from: ReadonlyMap<number, number>, active: PolicyInForce): Promise<void> {
  if (from.size === 0) return;
  const running = await tx.query<{ id: number }>(
    `select subject_id as id from deadline where kind = '${KIND}' and subject_type = 'asset' and state = 'pending'
     and subject_id = any($1::bigint[])`,
    [[...from.keys()]],
  );
  const isRunning = new Set(running.map(({ id }) => id));
  const { policy, sources, version } = active;
  const stagesFrom = (start: number) => {
    const receipt = receiptOf({
      startMeaning: 'supply changed on the feeder',
      start,
      limitMs: policy.corroboration.settleMinutes * MINUTE_MS,
      profile: policy.profile,
      source: sources['corroboration.settleMinutes'] ?? '',
    });
    return [{ stage: 'settled', dueAt: receipt.due, receipt }];
  };
  await setDeadlinesOf(
    tx,
    [...from]
      .filter(([id]) => !isRunning.has(id))
      .map(([subjectId, start]) => ({
        kind: KIND,
        subjectType: 'asset',
        subjectId,
        policyVersion: version,
        stages: stagesFrom(start),
      })),
  );
}

/** Transformers below the assets of works that are silent, or suspected to be without supply. */
async function silentBelow(tx: Tx, plannedIds: readonly number[]): Promise<number[]> {
  if (plannedIds.length === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `select distinct a.id from planned_outage_asset pa join asset a on a.path @> array[pa.asset_id]
     join transformer_state s on s.transformer_id = a.id and s.supply = 'unknown'
     where pa.planned_outage_id = any($1::bigint[])`,
    [plannedIds],
  );
  return rows.map(({ id }) => id);
}

async function transformersOf(tx: Tx, customerIds: readonly number[]): Promise<number[]> {
  if (customerIds.length === 0) return [];
  const rows = await tx.query<{ id: number }>(
    'select distinct transformer_id as id from customer where id = any($1::integer[])',
    [customerIds],
  );
  return rows.map(({ id }) => id);
}
