import { receiptOf } from '../../domain/deadline-receipt.js';
import { MINUTE_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Tx } from '../database/database.js';
import { setDeadlines } from '../deadlines/deadlines.js';

/**
 * When a plan is looked at again: with the final notice (`final_check`), while it can still be called off before anybody is at the meter;
 * at the instant of the cut (`cut`); and when the announced time is over (`lapse`).
 */
export async function setCutDeadlines(
  tx: Tx,
  active: PolicyInForce,
  plan: { id: number; area: string; plannedAt: number },
): Promise<void> {
  const { profile, disconnection } = active.policyFor(plan.area);
  const sources = active.sourcesFor(plan.area);
  const stage = (name: string, meaning: readonly [string, string], start: number, limitMs: number, setting: string) => {
    const [startMeaning, startMeaningZh] = meaning;
    const source = sources[`disconnection.${setting}`] ?? 'policy';
    const receipt = receiptOf({ startMeaning, startMeaningZh, start, limitMs, profile, source });
    return { stage: name, dueAt: receipt.due, receipt };
  };
  const announced = ['announced time of the cut', '通知的停电时间'] as const;
  const finalNoticeAt = plan.plannedAt - disconnection.finalNoticeMinutes * MINUTE_MS;
  const leewayMs = disconnection.executeWithinMinutes * MINUTE_MS;
  await setDeadlines(tx, {
    kind: 'disconnection',
    subjectType: 'disconnection',
    subjectId: plan.id,
    policyVersion: active.version,
    stages: [
      stage('final_check', ['final notice before the cut', '停电前再次通知'], finalNoticeAt, 0, 'finalNoticeMinutes'),
      stage('cut', announced, plan.plannedAt, 0, 'finalNoticeMinutes'),
      stage('lapse', announced, plan.plannedAt, leewayMs, 'executeWithinMinutes'),
    ],
  });
}
