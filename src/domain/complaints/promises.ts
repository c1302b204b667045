import { receiptOf } from '../deadline-receipt.js';
import type { Receipt } from '../deadline-receipt.js';
import type { Limit } from '../limit.js';
import type { Policy } from '../policy.js';
import type { WorkingCalendar } from '../working-calendar.js';
import type { Channel } from './complaint.js';

/** What is promised to who complains: a first word, and an answer. Each ends with the step of the same name in the past tense. */
export const COMPLAINT_PROMISES = {
  complaint_contact: 'contacted',
  complaint_answer: 'answered',
} as const;
export type ComplaintPromise = keyof typeof COMPLAINT_PROMISES;
export type ComplaintStep = (typeof COMPLAINT_PROMISES)[ComplaintPromise];

interface Stage {
  stage: string;
  dueAt: number;
  receipt: Receipt;
}

/** The stages of both promises of a complaint, counted from when it was received. */
export function complaintStages(
  complaint: { channel: Channel; receivedAt: number },
  calendar: WorkingCalendar,
  policy: Policy,
  sources: Readonly<Record<string, string>>,
): Record<ComplaintPromise, Stage[]> {
  const { contact, answer, warnAtShares } = policy.complaintPromises;
  const stages = (limit: Limit, path: string): Stage[] =>
    [...warnAtShares.toSorted((a, b) => a - b), 1].map((share) => {
      const receipt = receiptOf({
        startMeaning: 'complaint received',
        start: complaint.receivedAt,
        limit,
        calendar,
        share,
        profile: policy.profile,
        source: sources[path] ?? 'policy',
      });
      return { stage: share === 1 ? 'due' : `${Math.round(share * 100)}%`, dueAt: receipt.due, receipt };
    });
  return {
    complaint_contact: stages(contact, 'complaintPromises.contact'),
    complaint_answer: stages(answer[complaint.channel], `complaintPromises.answer.${complaint.channel}`),
  };
}
