import type { Language } from '../register/customer-rows.js';
import type { Cause, SupervisedKind } from './causes.js';

type Text = Readonly<Record<Language, string>>;

export const CAUSE_TEXTS: Readonly<Record<Cause, Text>> = {
  long_outage: { 'zh-CN': '长时间停电', en: 'Long outage' },
  breached_promise: { 'zh-CN': '服务承诺超时', en: 'Broken promise' },
  repeat_complaint: { 'zh-CN': '重复投诉', en: 'Repeated complaint' },
};

export const KIND_TEXTS: Readonly<Record<SupervisedKind, string>> = {
  outage_over_8h_expected: 'Outage expected to last too long',
  outage_over_8h: 'Outage that has lasted too long',
  reconnection_overdue: 'Supply not restored in time after payment',
  repair_dispatch_overdue: 'Fault report not dispatched in time',
  repair_arrival_overdue: 'Crew not on site in time',
  repair_overdue: 'Supply not restored in time after arrival of the crew',
  complaint_contact_overdue: 'Complainant not contacted in time',
  complaint_answer_overdue: 'Complaint not answered in time',
  repeat_complaint: 'The same complaint again and again',
};

/** What an order is about, in English; the Chinese title is that of its warning. */
export const englishTitle = (kind: SupervisedKind, { name, code }: { name: string; code: string }): string =>
  [`${KIND_TEXTS[kind]}:`, name, code].filter((part) => part !== '').join(' ');

/** What the responsible unit is asked to do, and to say in its reply. */
export const MEASURES: Readonly<Record<Cause, Readonly<Record<Language, readonly string[]>>>> = {
  long_outage: {
    'zh-CN': [
      '立即核实抢修（检修）进度，采取转供电、发电车等措施尽快恢复供电',
      '更新预计恢复时间，通知受影响客户，重要客户由客户经理逐户联系',
      '在回复时限内书面回复原因、措施和预计恢复时间，恢复前按时报告进展',
      '恢复供电以实测为准，恢复后分析原因并制定防范措施',
    ],
    en: [
      'Check the progress of the works at once; restore supply by switching over or by mobile generation where possible',
      'Give a new expected restoration and tell the customers; important customers are phoned by their manager',
      'Reply in writing with cause, measures and expected restoration by the time above, then report progress until supply is back',
      'Restoration counts when it is measured; afterwards name the cause and what prevents it',
    ],
  },
  breached_promise: {
    'zh-CN': [
      '立即办理，联系客户说明原因并致歉',
      '在回复时限内书面回复超时原因、责任人和处理结果',
      '查明超时环节，落实整改措施，防止再次发生',
    ],
    en: [
      'Do what was promised at once; tell the customer why it is late and apologise',
      'Reply in writing with the reason, who was responsible and the result by the time above',
      'Find the step that was late and change what made it so',
    ],
  },
  repeat_complaint: {
    'zh-CN': [
      '由负责人与客户面谈，一次解决根本原因',
      '在回复时限内书面回复历次诉求、原因、治理措施和完成时间',
      '治理后回访客户，观察期内不再重复投诉方可办结',
    ],
    en: [
      'The head of the unit meets the customer and cures the root cause',
      'Reply in writing with all earlier complaints, the cause, the cure and its date by the time above',
      'Call the customer after the cure; the order is closed when no complaint follows within the time of watching',
    ],
  },
};

/** Names of what a warning's evidence holds; what is not named here is not printed. */
export const FACT_LABELS: Readonly<Record<string, Text>> = {
  nature: { 'zh-CN': '停电性质', en: 'Nature' },
  reason: { 'zh-CN': '事由', en: 'Reason' },
  startedAt: { 'zh-CN': '停电开始', en: 'Outage began' },
  startsAt: { 'zh-CN': '计划开始', en: 'Planned begin' },
  endsAt: { 'zh-CN': '计划结束', en: 'Planned end' },
  estimatedRestorationAt: { 'zh-CN': '预计恢复', en: 'Expected restoration' },
  plannedEndAt: { 'zh-CN': '计划结束', en: 'Planned end' },
  customersAffected: { 'zh-CN': '影响户数', en: 'Customers affected' },
  limitHours: { 'zh-CN': '时限（小时）', en: 'Limit (h)' },
  limitMinutes: { 'zh-CN': '时限（分钟）', en: 'Limit (min)' },
  paidAt: { 'zh-CN': '费用结清', en: 'Paid in full' },
  reportedAt: { 'zh-CN': '客户报修', en: 'Fault reported' },
  dispatchedAt: { 'zh-CN': '派单', en: 'Dispatched' },
  arrivedAt: { 'zh-CN': '到达现场', en: 'Crew on site' },
  receivedAt: { 'zh-CN': '收到投诉', en: 'Complaint received' },
  category: { 'zh-CN': '投诉类别', en: 'Category' },
  windowDays: { 'zh-CN': '统计天数', en: 'Window (days)' },
};

export const NATURE_TEXTS: Readonly<Record<string, Text>> = {
  fault: { 'zh-CN': '故障停电', en: 'fault' },
  planned: { 'zh-CN': '计划停电', en: 'planned' },
  temporary: { 'zh-CN': '临时停电', en: 'temporary' },
  rationing: { 'zh-CN': '错峰限电', en: 'rationing' },
};
