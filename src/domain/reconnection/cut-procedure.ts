import { dateOf } from '../calendar.js';
import { DAY_MS, formatInstant, MINUTE_MS } from '../instants.js';
import { cutAtOf } from './cut-facts.js';
import type { Judge } from './cut-law.js';
import { dateOfDay, dayOfDate, dayOfInstant, daysAfter, startOfDate } from './days.js';
import { oldestOf, owedAt } from './debts.js';
import { promisedUntil, STAGE_NAMES } from './dunning.js';

/** The rules about what must be done before a cut: who owes since when, collection, approval, notices, the announced time. */

export const debt: Judge = (facts, { policy: { overdueDays }, sourceOf }) => {
  const cutAt = cutAtOf(facts);
  const oldest = oldestOf(owedAt(facts.arrears, cutAt));
  const about = { field: 'accountNo', source: sourceOf('overdueDays') };
  if (oldest === null) {
    const clearedAt = Math.max(...facts.arrears.map((bill) => bill.clearedAt ?? -Infinity));
    return [
      clearedAt <= cutAt && clearedAt > -Infinity
        ? {
            ...about,
            step: 'paid',
            kind: 'blocking',
            zh: `欠费已于 ${formatInstant(clearedAt)} 交清`,
            en: `the arrears were paid in full at ${formatInstant(clearedAt)}`,
            remedy: { zh: '不得停电；已停电的立即复电', en: 'do not cut; restore supply at once if it is cut' },
          }
        : {
            ...about,
            step: 'arrears',
            kind: 'missing',
            zh: '无逾期未交的电费记录',
            en: 'no unpaid overdue bill is on record',
            remedy: {
              zh: '核对户号；确有欠费的，先登记欠费（POST /arrears）',
              en: 'check the account; if it owes, record the bill first (POST /arrears)',
            },
          },
    ];
  }
  const overdue = dayOfInstant(cutAt) - dayOfDate(oldest.dueOn);
  if (overdue > overdueDays) return [];
  const from = daysAfter(oldest.dueOn, overdueDays + 1);
  return [
    {
      ...about,
      step: 'overdue',
      kind: 'missing',
      zh: `欠费逾期 ${overdue} 天，未超过 ${overdueDays} 天`,
      en: `the bill is ${overdue} days overdue at the cut, it must be more than ${overdueDays}`,
      remedy: { zh: `停电时间安排在 ${from} 及以后`, en: `plan the cut for ${from} or later` },
    },
  ];
};

/** Only collection of this debt counts: from its due day on, before the cut. */
export const dunning: Judge = (facts, { policy: { dunningStages, dunningResults }, sourceOf }) => {
  const cutAt = cutAtOf(facts);
  const oldest = oldestOf(owedAt(facts.arrears, cutAt));
  const from = oldest === null ? -Infinity : startOfDate(oldest.dueOn);
  const tried = facts.dunning.filter((step) => step.at >= from && step.at < cutAt);
  if (
    tried.some((step) => dunningStages.includes(step.stage) && dunningResults.some((result) => result === step.result))
  )
    return [];
  const about = { kind: 'missing', field: 'accountNo', source: sourceOf('dunningStages') } as const;
  const remedy = {
    zh: `先催收并登记结果（${dunningStages.map((stage) => STAGE_NAMES[stage]).join('、')}）`,
    en: `collect first and record the result (${dunningStages.join(', ')})`,
  };
  return [
    tried.length === 0
      ? {
          ...about,
          step: 'dunning',
          zh: '无非现场或现场催收记录',
          en: 'no remote or on-site collection of this debt is on record',
          remedy,
        }
      : {
          ...about,
          step: 'dunning_failed',
          zh: `已催收 ${tried.length} 次，均未到达客户`,
          en: `collection was tried ${tried.length} times and did not reach the customer`,
          remedy,
        },
  ];
};

/** A promise to pay that is still running holds the cut back. */
export const promise: Judge = (facts, { policy: { promiseDays }, sourceOf }) => {
  const cutAt = cutAtOf(facts);
  const last = promisedUntil(
    facts.dunning.filter((step) => step.at < cutAt),
    promiseDays,
  );
  if (last === null || last < dayOfInstant(cutAt)) return [];
  const day = dateOfDay(last);
  return [
    {
      step: 'payment_promised',
      kind: 'blocking',
      field: 'accountNo',
      zh: `客户承诺 ${day} 前交费，期限未过`,
      en: `the customer promised to pay by ${day}, and that day is not over`,
      remedy: { zh: `${day} 之后仍未交费再停电`, en: `cut after ${day} if it is still unpaid` },
      source: sourceOf('promiseDays'),
    },
  ];
};

export const approval: Judge = ({ approvedBy }) =>
  approvedBy !== null && approvedBy.trim() !== ''
    ? []
    : [
        {
          step: 'approval',
          kind: 'missing',
          field: 'approvedBy',
          zh: '无停电审批',
          en: 'nobody has approved it',
          remedy: { zh: '报本单位负责人批准后填写批准人', en: 'have the head of the unit approve it and name them' },
          source: '供电营业规则 art. 67: customer, reason and time are approved by the head of the unit',
        },
      ];

export const notice: Judge = (facts, { policy: { noticeMinDays, noticeMaxDays }, sourceOf }) => {
  const { noticeServedAt } = facts;
  const cutAt = cutAtOf(facts);
  const about = { kind: 'missing', field: 'noticeServedAt', source: sourceOf('noticeMinDays') } as const;
  if (noticeServedAt === null) {
    const remedy = {
      zh: `送达书面停电通知，${noticeMinDays} 至 ${noticeMaxDays} 天后停电`,
      en: `serve a written notice and cut ${noticeMinDays} to ${noticeMaxDays} days later`,
    };
    return [{ ...about, step: 'notice', zh: '未送达书面停电通知', en: 'no written notice was served', remedy }];
  }
  if (cutAt - noticeServedAt < noticeMinDays * DAY_MS) {
    const from = formatInstant(noticeServedAt + noticeMinDays * DAY_MS);
    return [
      {
        ...about,
        step: 'notice_too_late',
        zh: `书面通知距停电不足 ${noticeMinDays} 天`,
        en: `the written notice was served less than ${noticeMinDays} days before the cut`,
        remedy: { zh: `停电时间推迟到 ${from} 以后`, en: `put the cut off until ${from}` },
      },
    ];
  }
  // The upper bound counts calendar days, so that a bound equal to the lower one (7 and 7) leaves a day and not an instant.
  if (dayOfInstant(cutAt) - dayOfInstant(noticeServedAt) <= noticeMaxDays) return [];
  return [
    {
      ...about,
      step: 'notice_too_early',
      zh: `书面通知距停电超过 ${noticeMaxDays} 天，须重新通知`,
      en: `the written notice was served more than ${noticeMaxDays} days before the cut; serve it anew`,
      remedy: {
        zh: `重新送达书面通知，或停电时间提前到 ${daysAfter(dateOf(noticeServedAt), noticeMaxDays)} 及以前`,
        en: `serve the notice anew, or cut on ${daysAfter(dateOf(noticeServedAt), noticeMaxDays)} at the latest`,
      },
      source: sourceOf('noticeMaxDays'),
    },
  ];
};

/** The authority gets a copy of the notice to an important customer. */
export const authorityCopy: Judge = (facts, { policy: { importantCategories }, sourceOf }) => {
  const { authorityInformedAt, category } = facts;
  if (!importantCategories.some((one) => one === category)) return [];
  if (authorityInformedAt !== null && authorityInformedAt < cutAtOf(facts)) return [];
  return [
    {
      step: 'important_customer',
      kind: 'blocking',
      field: 'authorityInformedAt',
      zh: '重要用户，停电通知未抄送电力管理部门',
      en: 'an important customer, and the authority has no copy of the notice',
      remedy: {
        zh: '停电通知书抄送同级电力管理部门后填写抄送时间',
        en: 'send the authority a copy of the notice and give its instant',
      },
      source: sourceOf('importantCategories'),
    },
  ];
};

export const finalNotice: Judge = (facts, { policy: { finalNoticeMinutes }, sourceOf }) => {
  const { finalNoticeAt } = facts;
  const about = { kind: 'missing', field: 'finalNoticeAt', source: sourceOf('finalNoticeMinutes') } as const;
  if (finalNoticeAt === null) {
    return [
      {
        ...about,
        step: 'final_notice',
        zh: `停电前 ${finalNoticeMinutes} 分钟未再次通知`,
        en: `no final notice ${finalNoticeMinutes} min before the cut`,
        remedy: {
          zh: `停电前 ${finalNoticeMinutes} 分钟再次通知客户`,
          en: `tell the customer once more ${finalNoticeMinutes} min before the cut`,
        },
      },
    ];
  }
  if (cutAtOf(facts) - finalNoticeAt >= finalNoticeMinutes * MINUTE_MS) return [];
  const from = formatInstant(finalNoticeAt + finalNoticeMinutes * MINUTE_MS);
  return [
    {
      ...about,
      step: 'final_notice_too_late',
      zh: `再次通知距停电不足 ${finalNoticeMinutes} 分钟`,
      en: `the final notice is less than ${finalNoticeMinutes} min before the cut`,
      remedy: { zh: `${from} 以后方可停电`, en: `cut at ${from} or later` },
    },
  ];
};

/** It may be cut at the announced time only, and not at all once the plan was called off. */
export const announcedTime: Judge = (facts, { policy: { executeWithinMinutes }, sourceOf }) => {
  const { plannedAt, disconnectedAt, cancelledAt } = facts;
  if (disconnectedAt === null) return [];
  const about = { kind: 'blocking', field: 'disconnectedAt' } as const;
  const remedy = { zh: '重新通知后按通知时间停电', en: 'announce the time anew and keep to it' };
  return [
    ...(disconnectedAt < plannedAt
      ? [
          {
            ...about,
            step: 'cut_before_planned',
            zh: '停电早于通知的时间',
            en: 'the supply was cut before the announced time',
            remedy,
            source: sourceOf('finalNoticeMinutes'),
          },
        ]
      : []),
    ...(disconnectedAt > plannedAt + executeWithinMinutes * MINUTE_MS
      ? [
          {
            ...about,
            step: 'cut_after_planned',
            zh: `停电晚于通知的时间 ${executeWithinMinutes} 分钟以上`,
            en: `the supply was cut more than ${executeWithinMinutes} min after the announced time`,
            remedy,
            source: sourceOf('executeWithinMinutes'),
          },
        ]
      : []),
    ...(cancelledAt !== null && cancelledAt <= disconnectedAt
      ? [
          {
            ...about,
            step: 'cut_after_cancellation',
            zh: `停电计划已于 ${formatInstant(cancelledAt)} 取消`,
            en: `the plan was called off at ${formatInstant(cancelledAt)}`,
            remedy: { zh: '立即复电，查明为何仍然停电', en: 'restore supply at once and find out why it was cut' },
            source: sourceOf('finalNoticeMinutes'),
          },
        ]
      : []),
  ];
};
