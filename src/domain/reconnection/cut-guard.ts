import { DAY_MS, MINUTE_MS } from '../instants.js';
import type { Policy } from '../policy.js';
import { dayOfDate, dayOfInstant, startOfDate } from './days.js';

/** One step of the procedure before a cut for arrears that is missing or was taken wrongly. */
export interface MissingStep {
  step:
    | 'arrears'
    | 'overdue'
    | 'dunning'
    | 'approval'
    | 'notice'
    | 'notice_too_late'
    | 'notice_too_early'
    | 'final_notice'
    | 'final_notice_too_late'
    | 'cut_before_planned';
  /** The field of the report that the step concerns. */
  field: string;
  zh: string;
  en: string;
  /** Where the rule is written. */
  source: string;
}

/** What is on record about a cut. Instants are epoch milliseconds. */
export interface CutFacts {
  plannedAt: number;
  /** When it was done; null = it is planned. */
  disconnectedAt: number | null;
  approvedBy: string | null;
  noticeServedAt: number | null;
  finalNoticeAt: number | null;
  /** Every debt on record: its due day (`2026-06-30`) and when it was paid in full. */
  arrears: readonly { dueOn: string; clearedAt: number | null }[];
  dunning: readonly { at: number }[];
}

/** The debts that were not paid at an instant and whose due day had passed. */
export const owedAt = <Debt extends CutFacts['arrears'][number]>(arrears: readonly Debt[], moment: number): Debt[] =>
  arrears.filter(
    (debt) => (debt.clearedAt === null || debt.clearedAt > moment) && dayOfDate(debt.dueOn) < dayOfInstant(moment),
  );

/**
 * Which steps are missing for a cut for arrears: all at once, none = it may be cut. A cut that was done is judged by the instant
 * at which it was done.
 * @param sources path -> source of the policy's numbers
 */
export function missingSteps(
  facts: CutFacts,
  policy: Policy['disconnection'],
  sources: Readonly<Record<string, string>>,
): MissingStep[] {
  const cutAt = facts.disconnectedAt ?? facts.plannedAt;
  const source = (name: keyof Policy['disconnection']): string => sources[`disconnection.${name}`] ?? 'policy';
  const owed = owedAt(facts.arrears, cutAt).sort((a, b) => a.dueOn.localeCompare(b.dueOn));
  const oldest = owed[0];
  return [
    ...debtSteps(oldest?.dueOn ?? null, cutAt, policy.overdueDays, source('overdueDays')),
    ...dunningSteps(facts, oldest?.dueOn ?? null, cutAt),
    ...approvalSteps(facts),
    ...noticeSteps(facts, cutAt, policy, source),
    ...finalNoticeSteps(facts, cutAt, policy, source),
    ...(facts.disconnectedAt !== null && facts.disconnectedAt < facts.plannedAt
      ? [
          {
            step: 'cut_before_planned' as const,
            field: 'disconnectedAt',
            zh: '停电早于通知的时间',
            en: 'the supply was cut before the announced time',
            source: source('finalNoticeMinutes'),
          },
        ]
      : []),
  ];
}

function debtSteps(oldestDueOn: string | null, cutAt: number, overdueDays: number, source: string): MissingStep[] {
  const field = 'accountNo';
  if (oldestDueOn === null) {
    return [{ step: 'arrears', field, zh: '无逾期未交的电费记录', en: 'no unpaid overdue bill is on record', source }];
  }
  const days = dayOfInstant(cutAt) - dayOfDate(oldestDueOn);
  if (days > overdueDays) return [];
  return [
    {
      step: 'overdue',
      field,
      zh: `欠费逾期 ${days} 天，未超过 ${overdueDays} 天`,
      en: `the bill is ${days} days overdue at the cut, it must be more than ${overdueDays}`,
      source,
    },
  ];
}

/** Only collection of this debt counts: from its due day on, before the cut. */
function dunningSteps(facts: CutFacts, oldestDueOn: string | null, cutAt: number): MissingStep[] {
  const from = oldestDueOn === null ? Number.NEGATIVE_INFINITY : startOfDate(oldestDueOn);
  if (facts.dunning.some((step) => step.at >= from && step.at < cutAt)) return [];
  return [
    {
      step: 'dunning',
      field: 'accountNo',
      zh: '无非现场或现场催收记录',
      en: 'no remote or on-site collection of this debt is on record',
      source: '三级催收制: no cut without off-site or on-site collection (Qujing, Southern Grid)',
    },
  ];
}

function approvalSteps(facts: CutFacts): MissingStep[] {
  if (facts.approvedBy !== null && facts.approvedBy.trim() !== '') return [];
  return [
    {
      step: 'approval',
      field: 'approvedBy',
      zh: '无停电审批',
      en: 'nobody has approved it',
      source: '供电营业规则 art. 67: customer, reason and time are approved by the head of the unit',
    },
  ];
}

function noticeSteps(
  { noticeServedAt }: CutFacts,
  cutAt: number,
  { noticeMinDays, noticeMaxDays }: Policy['disconnection'],
  sourceOf: (name: 'noticeMinDays' | 'noticeMaxDays') => string,
): MissingStep[] {
  const field = 'noticeServedAt';
  const source = sourceOf('noticeMinDays');
  if (noticeServedAt === null)
    return [{ step: 'notice', field, zh: '未送达书面停电通知', en: 'no written notice was served', source }];
  if (cutAt - noticeServedAt < noticeMinDays * DAY_MS) {
    return [
      {
        step: 'notice_too_late',
        field,
        zh: `书面通知距停电不足 ${noticeMinDays} 天`,
        en: `the written notice was served less than ${noticeMinDays} days before the cut`,
        source,
      },
    ];
  }
  // The upper bound counts calendar days, so that a bound equal to the lower one (7 and 7) leaves a day and not an instant.
  if (dayOfInstant(cutAt) - dayOfInstant(noticeServedAt) > noticeMaxDays) {
    return [
      {
        step: 'notice_too_early',
        field,
        zh: `书面通知距停电超过 ${noticeMaxDays} 天，须重新通知`,
        en: `the written notice was served more than ${noticeMaxDays} days before the cut; serve it anew`,
        source: sourceOf('noticeMaxDays'),
      },
    ];
  }
  return [];
}

function finalNoticeSteps(
  { finalNoticeAt }: CutFacts,
  cutAt: number,
  { finalNoticeMinutes }: Policy['disconnection'],
  sourceOf: (name: 'finalNoticeMinutes') => string,
): MissingStep[] {
  const field = 'finalNoticeAt';
  const source = sourceOf('finalNoticeMinutes');
  if (finalNoticeAt === null) {
    return [
      {
        step: 'final_notice',
        field,
        zh: `停电前 ${finalNoticeMinutes} 分钟未再次通知`,
        en: `no final notice ${finalNoticeMinutes} min before the cut`,
        source,
      },
    ];
  }
  if (cutAt - finalNoticeAt >= finalNoticeMinutes * MINUTE_MS) return [];
  return [
    {
      step: 'final_notice_too_late',
      field,
      zh: `再次通知距停电不足 ${finalNoticeMinutes} 分钟`,
      en: `the final notice is less than ${finalNoticeMinutes} min before the cut`,
      source,
    },
  ];
}
