import { receiptOf } from '../../domain/deadline-receipt.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf, settleDeadlines } from '../deadlines/deadlines.js';

/** When a transformer is to be judged again without any news. */
export interface Review {
  transformerId: number;
  /** Epoch milliseconds; null = only news can change the judgement. */
  at: number | null;
  /** The number of the policy that sets the instant. */
  source: string;
}

/** What the reviews of one kind of warning are for; the kind of their deadline is that of the warning. */
interface Purpose {
  kind: string;
  stage: string;
  startMeaning: string;
}

/** Sets the next review of each transformer; one that needs none loses the review that was set. */
export async function setReviews(
  tx: Tx,
  { kind, stage, startMeaning }: Purpose,
  reviews: readonly Review[],
  { policy, sources, version }: PolicyInForce,
): Promise<void> {
  await setDeadlinesOf(
    tx,
    reviews.flatMap(({ transformerId, at, source }) => {
      if (at === null) return [];
      const { profile } = policy;
      const receipt = receiptOf({ startMeaning, start: at, limitMs: 0, profile, source: sources[source] ?? 'policy' });
      const stages = [{ stage, dueAt: at, receipt }];
      return [{ kind, subjectType: 'transformer', subjectId: transformerId, policyVersion: version, stages }];
    }),
  );
  const without = reviews.filter(({ at }) => at === null).map(({ transformerId }) => transformerId);
  await settleDeadlines(tx, kind, 'transformer', without, 'met');
}
