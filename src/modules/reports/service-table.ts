import type { JudgedCase } from '../../domain/service-quality/service-figures.js';
import type { Rate } from '../../domain/service-quality/rating.js';
import type { TableColumn } from '../http/spreadsheet.js';
import type { ServiceRow } from './service-report.js';

const share = ({ met, of }: Rate): number | null => (of === 0 ? null : met / of);

export const SERVICE_COLUMNS: readonly TableColumn<ServiceRow>[] = [
  { zh: '对象', en: 'who', kind: 'text', value: ({ key }) => key },
  { zh: '星级', en: 'stars', kind: 'count', value: ({ rating }) => rating.stars },
  { zh: '得分', en: 'score', kind: 'ratio', value: ({ rating }) => rating.score },
  { zh: '工单', en: 'cases', kind: 'count', value: ({ cases }) => cases },
  { zh: '任务', en: 'jobs', kind: 'count', value: ({ jobs }) => jobs },
  { zh: '有效工作时间(分)', en: 'effective min', kind: 'minutes', value: ({ effectiveMinutes }) => effectiveMinutes },
  { zh: '派单及时率', en: 'dispatch on time', kind: 'percent', value: ({ dispatch }) => share(dispatch) },
  {
    zh: '到场及时率(承诺)',
    en: 'arrival, promise',
    kind: 'percent',
    value: ({ arrivalPromise }) => share(arrivalPromise),
  },
  {
    zh: '到场及时率(规定)',
    en: 'arrival, regulation',
    kind: 'percent',
    value: ({ arrivalRegulation }) => share(arrivalRegulation),
  },
  { zh: '复电及时率', en: 'restored on time', kind: 'percent', value: ({ restoration }) => share(restoration) },
  { zh: '一次修复率', en: 'first-time fix', kind: 'percent', value: ({ firstFix }) => share(firstFix) },
  { zh: '回访及时率', en: 'call back on time', kind: 'percent', value: ({ callback }) => share(callback) },
  { zh: '回访满意率', en: 'satisfied', kind: 'percent', value: ({ satisfied }) => share(satisfied) },
  { zh: '意见传递及时率', en: 'passed on in time', kind: 'percent', value: ({ passOn }) => share(passOn) },
  { zh: '平均用时(分)', en: 'mean min', kind: 'minutes', value: ({ actualMinutes }) => actualMinutes },
  { zh: '应用时(分)', en: 'expected min', kind: 'minutes', value: ({ expectedMinutes }) => expectedMinutes },
];

const answer = (value: boolean | null): string | null => (value === null ? null : value ? '是 yes' : '否 no');

export const CASE_COLUMNS: readonly TableColumn<JudgedCase>[] = [
  { zh: '工单', en: 'order', kind: 'count', value: ({ orderId }) => orderId },
  { zh: '任务', en: 'job', kind: 'count', value: ({ jobId }) => jobId },
  { zh: '班组', en: 'crew', kind: 'text', value: ({ crew }) => crew },
  { zh: '单位', en: 'unit', kind: 'text', value: ({ unit }) => unit },
  { zh: '受理人', en: 'agent', kind: 'text', value: ({ agent }) => agent },
  { zh: '地区', en: 'area', kind: 'text', value: ({ area }) => area },
  { zh: '报修', en: 'reported', kind: 'instant', value: ({ startedAt }) => startedAt },
  { zh: '派单', en: 'dispatched', kind: 'instant', value: ({ dispatchedAt }) => dispatchedAt },
  { zh: '到场', en: 'arrived', kind: 'instant', value: ({ arrivedAt }) => arrivedAt },
  { zh: '复电', en: 'restored', kind: 'instant', value: ({ restoredAt }) => restoredAt },
  { zh: '用时(分)', en: 'minutes', kind: 'minutes', value: ({ actualMinutes }) => actualMinutes },
  { zh: '应用时(分)', en: 'expected min', kind: 'minutes', value: ({ expected }) => expected?.minutes ?? null },
  { zh: '派单及时', en: 'dispatch on time', kind: 'text', value: ({ onTime }) => answer(onTime.dispatch) },
  { zh: '到场及时', en: 'arrival on time', kind: 'text', value: ({ onTime }) => answer(onTime.arrivalPromise) },
  { zh: '一次修复', en: 'first-time fix', kind: 'text', value: ({ isFirstFix }) => answer(isFirstFix) },
  { zh: '回访', en: 'call back', kind: 'text', value: ({ outcome }) => outcome },
];
