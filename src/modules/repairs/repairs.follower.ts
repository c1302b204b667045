import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { JournalType } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import type { Follower } from '../journal/follow.js';
import { Workers } from '../journal/workers.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { byOneVersion } from '../policy/one-version.js';
import { alignJobsAt, linkJobs } from './link-jobs.js';

const TYPES = [
  'supply_changed',
  'supply_revised',
  'outage_opened',
  'outage_confirmed',
  'outage_changed',
  'outage_merged',
  'outage_discarded',
  // Once more, after its commit: what was being recorded while the report came in was not seen then.
  'repair_reported',
] as const satisfies readonly JournalType[];

/** The follower `repairs`: what telemetry sees of a repair, and which reports turn out to be of one outage. */
@Injectable()
export class RepairsFollower implements OnModuleInit {
  constructor(
    private readonly workers: Workers,
    private readonly active: ActivePolicy,
  ) {}

  onModuleInit(): void {
    this.workers.follow(byOneVersion(this.active, repairsFollower));
  }
}

export const repairsFollower = (active: PolicyInForce): Follower => ({
  name: 'repairs',
  types: TYPES,
  async handle(tx, entries) {
    const idsOf = (type: string): number[] => [
      ...new Set(entries.filter((entry) => entry.subjectType === type).map((entry) => entry.subjectId)),
    ];
    const reported = await placesOf(tx, idsOf('repair_order'));
    const outageIds = [...idsOf('outage'), ...reported.flatMap(({ outageId }) => outageId ?? [])];
    if (outageIds.length > 0) await linkJobs(tx, active, outageIds);
    const transformerIds = [...idsOf('transformer'), ...reported.map(({ transformerId }) => transformerId)];
    if (transformerIds.length > 0) await alignJobsAt(tx, active, transformerIds);
  },
});

/** Where new reports come from, and the open outage there. */
async function placesOf(
  tx: Tx,
  orderIds: readonly number[],
): Promise<{ transformerId: number; outageId: number | null }[]> {
  if (orderIds.length === 0) return [];
  return tx.query(
    `select r.transformer_id as "transformerId", t.outage_id as "outageId"
     from repair_order o join fault_report r on r.id = o.report_id
     left join outage_transformer t on t.transformer_id = r.transformer_id and t.ended_at is null
     where o.id = any($1) and r.transformer_id is not null`,
    [orderIds],
  );
}
