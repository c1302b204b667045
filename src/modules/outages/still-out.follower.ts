import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { judgeStillOutOn } from './still-out.js';
import { calledAfterEnd, transformersOfComplaints } from './still-out-facts.js';

const TYPES: readonly JournalType[] = ['complaint_received', 'repair_reported', 'outage_restored'];

/** Hears customers who say that supply is still away: see `followStillOut`. */
@Injectable()
export class StillOutFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow({
      name: 'still-out',
      types: TYPES,
      handle: (tx, entries) => followStillOut(tx, entries, this.active.at(tx.now)),
    });
  }
}

/** Complaints and fault reports are looked at when they come in, and again when the end of an outage is known. */
export async function followStillOut(tx: Tx, entries: readonly JournalEntry[], active: PolicyInForce): Promise<void> {
  const complaints: number[] = [];
  const transformers = new Set<number>();
  const over: number[] = [];
  for (const { type, subjectId, data } of entries) {
    if (type === 'complaint_received' && data.category === 'outage' && data.customerId !== null)
      complaints.push(subjectId);
    else if (type === 'repair_reported' && data.transformerId !== null) transformers.add(data.transformerId);
    else if (type === 'outage_restored') over.push(subjectId);
  }
  for (const id of await transformersOfComplaints(tx, complaints)) transformers.add(id);
  for (const id of await calledAfterEnd(tx, over)) transformers.add(id);
  await judgeStillOutOn(tx, [...transformers], active);
}
