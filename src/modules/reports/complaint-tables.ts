import { CATEGORY_NAMES } from '../../domain/complaints/complaint.js';
import type { MissedWarning } from '../../domain/complaints/missed-warning.js';
import type { TableColumn } from '../http/spreadsheet.js';
import { CHANNEL_NAMES } from './complaint-report.js';
import type { ComplaintRow } from './complaint-report.js';
import type { MissedCase, MissedRow } from './missed-warnings.js';

const REASON_TITLES: readonly { reason: MissedWarning['reason']; zh: string; en: string }[] = [
  { reason: 'no_event_found', zh: '未找到事件', en: 'no event found' },
  { reason: 'no_warning', zh: '有事件无预警', en: 'event without a warning' },
  { reason: 'warned_after_call', zh: '预警晚于来电', en: 'warned after the call' },
  { reason: 'notice_not_sent', zh: '未通知客户', en: 'customer not told' },
];

type Row = TableColumn<ComplaintRow>;

const promise = (name: 'contact' | 'answer', zh: string, en: string): Row[] => [
  { zh: `${zh}及时`, en: `${en} on time`, kind: 'count', value: (row) => row[name].onTime },
  { zh: `${zh}超时`, en: `${en} late`, kind: 'count', value: (row) => row[name].late },
  { zh: `${zh}未到期`, en: `${en} not due yet`, kind: 'count', value: (row) => row[name].waiting },
  { zh: `${zh}及时率`, en: `${en} on time, share`, kind: 'percent', value: (row) => row[name].onTimeShare },
];

export const COMPLAINT_COLUMNS: readonly Row[] = [
  { zh: '编号', en: 'key', kind: 'text', value: ({ key }) => key },
  { zh: '名称', en: 'name', kind: 'text', value: ({ name }) => name },
  { zh: '投诉件数', en: 'complaints', kind: 'count', value: ({ complaints }) => complaints },
  { zh: '未办结', en: 'open', kind: 'count', value: ({ open }) => open },
  { zh: '已关联事件', en: 'traced to an event', kind: 'count', value: ({ linked }) => linked },
  { zh: '关联率', en: 'traced, share', kind: 'percent', value: ({ linkedShare }) => linkedShare },
  { zh: '重复投诉', en: 'repeats', kind: 'count', value: ({ repeats }) => repeats },
  { zh: '重复率', en: 'repeats, share', kind: 'percent', value: ({ repeatShare }) => repeatShare },
  ...promise('contact', '首次联系', 'first contact'),
  ...promise('answer', '答复', 'answer'),
];

export const MISSED_COLUMNS: readonly TableColumn<MissedRow>[] = [
  { zh: '编号', en: 'key', kind: 'text', value: ({ key }) => key },
  { zh: '名称', en: 'name', kind: 'text', value: ({ name }) => name },
  { zh: '投诉件数', en: 'complaints', kind: 'count', value: ({ complaints }) => complaints },
  { zh: '应预警', en: 'to warn of', kind: 'count', value: ({ toWarnOf }) => toWarnOf },
  { zh: '事前预警', en: 'warned before', kind: 'count', value: ({ warnedInTime }) => warnedInTime },
  { zh: '漏预警', en: 'missed', kind: 'count', value: ({ missed }) => missed },
  { zh: '漏预警率', en: 'missed, share', kind: 'percent', value: ({ missedShare }) => missedShare },
  ...REASON_TITLES.map(({ reason, zh, en }): TableColumn<MissedRow> => ({
    zh,
    en,
    kind: 'count',
    value: ({ reasons }) => reasons[reason],
  })),
];

export const CASE_COLUMNS: readonly TableColumn<MissedCase>[] = [
  { zh: '投诉编号', en: 'complaint', kind: 'text', value: ({ externalId }) => externalId },
  { zh: '受理时间', en: 'received', kind: 'instant', value: ({ receivedAt }) => receivedAt },
  { zh: '渠道', en: 'channel', kind: 'text', value: ({ channel }) => CHANNEL_NAMES[channel] ?? channel },
  { zh: '类别', en: 'category', kind: 'text', value: ({ category }) => CATEGORY_NAMES[category] },
  { zh: '地区', en: 'area', kind: 'text', value: ({ area }) => area },
  { zh: '台区', en: 'transformer', kind: 'text', value: ({ transformerCode }) => transformerCode },
  { zh: '户号', en: 'account', kind: 'text', value: ({ accountNo }) => accountNo },
  {
    zh: '原因',
    en: 'reason',
    kind: 'text',
    width: 30,
    value: (one) =>
      REASON_TITLES.filter(({ reason }) => reason === one.reason).map(({ zh, en }) => `${zh} ${en}`)[0] ?? null,
  },
  { zh: '说明', en: 'in words', kind: 'text', width: 80, value: ({ text, textEn }) => `${text} ${textEn}` },
];
