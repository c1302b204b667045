import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlinesOf } from '../deadlines/deadlines.js';

/**
 * When a plan is looked at again: with the final notice, while it can still be called off before anybody is at the meter; at the instant
 * of the cut; and when the announced time is over.
 */
export const CUT_STAGES = ['final_check', 'cut', 'lapse'] as const;

export async function setCutDeadlines(
  tx: Tx,
  active: PolicyInForce,
  plans: readonly { id: number; plannedAt: number }[],
): Promise<void> {
  const { finalNoticeMinutes, executeWithinMinutes } = active.policy.disconnection;
  const { profile } = active.policy;
  const source = (name: string): string => active.sources[`disconnection.${name}`] ?? 'policy';
  await setDeadlinesOf(
    tx,
    plans.map(({ id, plannedAt }) => {
      const stage = (
        name: (typeof CUT_STAGES)[number],
        startMeaning: string,
        start: number,
        limitMs: number,
        of: string,
      ) => {
        const receipt = receiptOf({ startMeaning, start, limitMs, profile, source: source(of) });
        return { stage: name, dueAt: receipt.due, receipt };
      };
      return {
        kind: 'disconnection',
        subjectType: 'disconnection',
        subjectId: id,
        policyVersion: active.version,
        stages: [
          stage(
            'final_check',
            'final notice before the cut',
            plannedAt - finalNoticeMinutes * MINUTE_MS,
            0,
            'finalNoticeMinutes',
          ),
          stage('cut', 'announced time of the cut', plannedAt, 0, 'finalNoticeMinutes'),
          stage(
            'lapse',
            'announced time of the cut',
            plannedAt,
            executeWithinMinutes * MINUTE_MS,
            'executeWithinMinutes',
          ),
        ],
      };
    }),
  );
}
