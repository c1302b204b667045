/** Words of the reports about complaints. */
const zh = {
  complaints: '投诉统计',
  missed: '漏预警',
  received: '投诉',
  open: '未办结',
  linked: '溯源到事件',
  repeats: '重复投诉',
  contact: '按时联系',
  answer: '按时答复',
  late: (n: number) => `超时 ${n}`,
  waiting: (n: number) => `未到期 ${n}`,
  toWarnOf: '应预警',
  inTime: '事前已预警',
  missedCount: '漏预警',
  reason: {
    no_event_found: '未发现事件',
    no_warning: '未产生预警',
    warned_after_call: '投诉后才预警',
    notice_not_sent: '短信未送出',
  },
  cases: '逐件',
  everyReason: '全部原因',
  noCases: '没有漏预警的投诉',
  at: '受理时间',
  where: '地点',
  category: '类别',
  why: '原因',
  text: '说明',
};

export type ComplaintReportTexts = typeof zh;

const en: ComplaintReportTexts = {
  complaints: 'Complaints',
  missed: 'Missed warnings',
  received: 'Complaints',
  open: 'Open',
  linked: 'Traced to an event',
  repeats: 'Repeated',
  contact: 'Contacted in time',
  answer: 'Answered in time',
  late: (n) => `${n} late`,
  waiting: (n) => `${n} not due`,
  toWarnOf: 'To be warned of',
  inTime: 'Warned before',
  missedCount: 'Missed',
  reason: {
    no_event_found: 'no event found',
    no_warning: 'no warning',
    warned_after_call: 'warned after the call',
    notice_not_sent: 'message not sent',
  },
  cases: 'One by one',
  everyReason: 'Every reason',
  noCases: 'No complaint came without a warning before it',
  at: 'Received',
  where: 'Where',
  category: 'Category',
  why: 'Reason',
  text: 'In words',
};

export const COMPLAINT_REPORT_TEXTS = { 'zh-CN': zh, en };
