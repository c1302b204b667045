import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import type { Follower } from '../journal/follow.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { judgeDoneAgain, lapsePlans, recheckPlans } from './recheck-cuts.js';

/** Looks at planned cuts again at the instants of their deadlines, and at all cuts of an account when money came. */
@Injectable()
export class DisconnectionsFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow(disconnectionsFollower((now) => this.active.at(now)));
  }
}

export const disconnectionsFollower = (policyAt: (now: number) => PolicyInForce): Follower => ({
  name: 'disconnections',
  types: ['deadline_fired', 'payment_received', 'payment_reversed'],
  handle: (tx, entries) => handle(tx, policyAt(tx.now), entries),
});

async function handle(tx: Tx, active: PolicyInForce, entries: readonly JournalEntry[]): Promise<void> {
  const due = new Set<number>();
  const lapsed = new Set<number>();
  const paid = new Set<number>();
  const reversed = new Set<number>();
  for (const entry of entries) {
    if (entry.type === 'deadline_fired' && entry.data.kind === 'disconnection') {
      (entry.data.stage === 'lapse' ? lapsed : due).add(entry.subjectId);
    }
    if (entry.type === 'payment_received' && entry.data.settled) paid.add(entry.subjectId);
    if (entry.type === 'payment_reversed' && entry.data.settled) reversed.add(entry.subjectId);
  }
  await recheckPlans(tx, active, { ids: [...due] });
  // An outage of this hour says nothing about a cut in five days; payment in full does.
  await recheckPlans(tx, active, { customerIds: [...paid] }, ['debt']);
  await lapsePlans(tx, active, [...lapsed]);
  await judgeDoneAgain(tx, active, [...paid, ...reversed], 'system');
}
