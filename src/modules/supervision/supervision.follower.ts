import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Follower } from '../journal/follow.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { byOneVersion } from '../policy/one-version.js';
import { escalate } from './escalate.js';
import { openOrders } from './open-orders.js';
import { weighPromises } from './kept-promises.js';
import type { Subject } from './kept-promises.js';
import { routeOrders } from './route-orders.js';
import { loadWarnings } from './warning-rows.js';

/** After these a promise may stand otherwise than it was told before. */
const FACTS = [
  'repair_dispatched',
  'repair_arrived',
  'repair_done',
  'reconnection_met',
  'complaint_contacted',
  'complaint_answered',
  'deadline_paused',
  'deadline_resumed',
  'deadline_fired',
] as const satisfies readonly JournalType[];
const TYPES = [
  'warning_raised',
  'warning_changed',
  'routes_imported',
  ...FACTS,
] as const satisfies readonly JournalType[];
const isFact = (type: string): boolean => FACTS.some((one) => one === type);

/**
 * The follower `supervision`: every cause of an order is a warning first (a long outage, a broken promise, repeats), so orders follow the
 * warnings, with their evidence.
 */
@Injectable()
export class SupervisionFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow(byOneVersion(this.active, supervisionFollower));
  }
}

export const supervisionFollower = (active: PolicyInForce): Follower => ({
  name: 'supervision',
  types: TYPES,
  async handle(tx, entries) {
    const supervised = new Set<string>(active.policy.supervision.openOn);
    const ids = new Set<number>();
    for (const entry of entries) {
      const isWarning = entry.type === 'warning_raised' || entry.type === 'warning_changed';
      if (isWarning && supervised.has(entry.data.kind)) ids.add(entry.subjectId);
    }
    if (ids.size > 0) {
      const rows = await loadWarnings(tx, [...ids]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      // In the order in which they were raised: that is the order of the numbers.
      await openOrders(
        tx,
        active,
        [...ids].flatMap((id) => byId.get(id) ?? []),
      );
    }
    for (const entry of entries) {
      if (entry.type === 'deadline_fired' && entry.subjectType === 'supervision_order')
        await escalate(tx, active, entry);
    }
    await weighPromises(tx, active, entries.flatMap(promiseOf));
    if (entries.some(({ type }) => type === 'routes_imported')) await routeOrders(tx);
  },
});

/** Whose promises an entry may change: of a fact its subject, of a warning what it speaks of. */
function promiseOf(entry: JournalEntry): Subject[] {
  if (entry.type === 'warning_raised' || entry.type === 'warning_changed')
    return [{ type: entry.data.subjectType, id: entry.data.subjectId }];
  return isFact(entry.type) ? [{ type: entry.subjectType, id: entry.subjectId }] : [];
}
