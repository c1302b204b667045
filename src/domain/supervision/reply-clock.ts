import { receiptOf } from '../deadline-receipt.js';
import type { Receipt } from '../deadline-receipt.js';
import { HOUR_MS } from '../instants.js';
import type { Policy } from '../policy.js';

/** What a reply is due after. */
const STARTS = {
  opened: { en: 'supervision order issued', zh: '督办单签发', setting: 'replyHours' },
  replied: { en: 'last reply', zh: '上次回复', setting: 'progressHours' },
} as const;
export type ReplyStart = keyof typeof STARTS;

/** The stages of a reply: a reminder before it is due, `due`, and the steps of the escalation after it (`level2`, ...). */
export function replyStages(
  from: ReplyStart,
  start: number,
  policy: Policy,
  sources: Readonly<Record<string, string>>,
): { stage: string; dueAt: number; receipt: Receipt }[] {
  const { supervision } = policy;
  const { en, zh, setting } = STARTS[from];
  const limitMs = supervision[setting] * HOUR_MS;
  const stage = (name: string, afterMs: number, path: string): { stage: string; dueAt: number; receipt: Receipt } => {
    const receipt = receiptOf({
      startMeaning: en,
      startMeaningZh: zh,
      start,
      limitMs: afterMs,
      profile: policy.profile,
      source: sources[`supervision.${path}`] ?? 'policy',
    });
    return { stage: name, dueAt: receipt.due, receipt };
  };
  const { remindAtShare } = supervision;
  return [
    stage(`${Math.round(remindAtShare * 100)}%`, limitMs * remindAtShare, 'remindAtShare'),
    stage('due', limitMs, setting),
    ...supervision.escalateAfterHours.map((hours, index) =>
      stage(`level${index + 2}`, limitMs + hours * HOUR_MS, 'escalateAfterHours'),
    ),
  ];
}

/** `75%` -> 0, a reminder; `due` -> 1; `level2` -> 2. */
export const levelOf = (stage: string): number => (stage === 'due' ? 1 : Number(/^level(\d+)$/.exec(stage)?.[1] ?? 0));
