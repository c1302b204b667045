/** Words of what was published and of what is known otherwise since. */
const zh = {
  publish: '发布',
  publishAsk: '发布当前期间和口径的合计？发布后不能撤回，此后补到的数据会与它对比。',
  publishHint: '发布的是上面所统计期间、区域和口径的合计，数值按此刻所知重新计算并保存。',
  note: '说明，例如：报监管 2026 年 10 月',
  published: '已发布',
  title: '已发布报告与更正',
  none: '还没有发布过报告',
  when: '发布',
  changed: '有变化',
  same: '无变化',
  before: '发布时',
  after: '现在所知',
  difference: '差',
  figure: '指标',
  tiny: '变化小于显示的位数，或只涉及其他指标的未知区间。',
  outage: '停电',
  minutes: '户·分钟',
  interruptions: '停电户次',
  learnt: '之后得知',
  otherwise: '差异不来自停电事件：用户台账、规则或失联时段有变。',
  moreOutages: (n: number) => `另有 ${n} 起`,
  older: '更早的报告',
  again: '重新对比',
};

export type RestatementTexts = typeof zh;

const en: RestatementTexts = {
  publish: 'Publish',
  publishAsk: 'Publish the total of this period? It cannot be taken back; what becomes known later is held against it.',
  publishHint:
    'Published is the total of the period, area and limit above, counted anew as it is known at this moment.',
  note: 'Note, for example: October 2026, to the regulator',
  published: 'Published',
  title: 'Published reports and what is known now',
  none: 'Nothing was published yet',
  when: 'Published',
  changed: 'changed',
  same: 'unchanged',
  before: 'Published',
  after: 'Known now',
  difference: 'Difference',
  figure: 'Figure',
  tiny: 'It changed by less than the last place shown, or only in the unknown band of other figures.',
  outage: 'Outage',
  minutes: 'Customer minutes',
  interruptions: 'Interruptions',
  learnt: 'Learnt since',
  otherwise: 'No outage makes the difference: the register, the policy or silent times have changed.',
  moreOutages: (n) => `and ${n} more`,
  older: 'Earlier reports',
  again: 'Compare again',
};

export const RESTATEMENT_TEXTS = { 'zh-CN': zh, en };
