import type { Pause } from './deadline-receipt.js';
import { HOUR_MS, MINUTE_MS, formatInstant, formatInstants } from './instants.js';
import { isWorking, limitText } from './limit.js';
import type { Limit } from './limit.js';
import type { WorkingDetail } from './working-time.js';

/** One line of the arithmetic, in both languages. */
export interface ReceiptStep {
  zh: string;
  en: string;
}

/** The fixed phrases of receipts: what a clock starts with, and where a limit comes from when no rule writes it. */
const PHRASES_ZH: Readonly<Record<string, string>> = {
  'beginning of the outage': '停电开始',
  'announced end of the work': '公告的停电结束时间',
  'expected restoration': '预计恢复供电时间',
  'most of the outage was back': '大部分已恢复供电',
  'last news of the outage': '最近一次停电消息',
  'supply changed on the feeder': '馈线供电状态变化',
  'terminal silent, supply unknown': '终端静默，供电状态不明',
  'a counted outage leaves a window': '一次停电移出统计窗口',
  'the end of a local day on which low voltage counts': '计入低电压的当日结束',
  'payment in full': '费用结清',
  'payment in full received': '结清款项到账',
  'arrears and penalty settled': '欠费和违约金结清',
  'debt settled without a payment': '欠费减免、核销或抵扣结清，无需缴费',
  'command requested': '下达远程合闸指令',
  'acknowledgement asked for': '请客户确认可以送电',
  'command sent without an answer': '指令已发，没有应答',
  'final notice before the cut': '停电前最后通知',
  'announced time of the cut': '通知的停电时间',
  'enough hours will have been measured': '实测时数届时足够',
  'action taken': '采取处置措施',
  'complaint received': '收到投诉',
  'set by a dispatcher': '调度员填写',
  'the planned outage as registered': '停电计划登记',
  policy: '规则文件',
};

/** The Chinese of a phrase; null when it has none, so that a test can ask. */
export function phraseZh(phrase: string): string | null {
  const known = PHRASES_ZH[phrase];
  if (known !== undefined) return known;
  const [, before, minutes] = /^(.+) less (\d+) min$/.exec(phrase) ?? [];
  const whole = before === undefined ? undefined : PHRASES_ZH[before];
  return whole === undefined || minutes === undefined ? null : `${whole}前 ${minutes} 分钟`;
}

const durationZh = (ms: number): string => inUnits(ms, ' 小时', ' 分钟', ' 秒');
const durationEn = (ms: number): string => inUnits(ms, ' h', ' min', ' s');

function inUnits(ms: number, hour: string, minute: string, second: string): string {
  const parts = [
    [Math.floor(ms / HOUR_MS), hour],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), minute],
    [(ms % MINUTE_MS) / 1_000, second],
  ] as const;
  const text = parts.filter(([amount]) => amount !== 0).map(([amount, unit]) => `${amount}${unit}`);
  return text.length === 0 ? `0${second}` : text.join(' ');
}

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * The arithmetic of a stored receipt, step by step. Stored receipts may be older or richer than `Receipt`: what is missing is left
 * out, further fields are shown as they are, so that nothing that was decided is hidden.
 */
export function explainReceipt(receipt: Readonly<Record<string, unknown>>, dueAt: number): ReceiptStep[] {
  const steps: ReceiptStep[] = [];
  const start = number(receipt.start);
  const meaning = text(receipt.startMeaning);
  const meaningZh = text(receipt.startMeaningZh) ?? (meaning === null ? null : (phraseZh(meaning) ?? meaning));
  if (start !== null)
    steps.push({
      zh: `计时起点：${formatInstant(start)}${meaningZh === null ? '' : `（${meaningZh}）`}`,
      en: `Start: ${formatInstant(start)}${meaning === null ? '' : ` (${meaning})`}`,
    });
  const working = (receipt.working ?? null) as WorkingDetail | null;
  steps.push(...explainLimit(receipt, working));
  const profile = text(receipt.profile);
  if (profile !== null) steps.push({ zh: `规则集：${profile}`, en: `Profile: ${profile}` });
  const source = text(receipt.source);
  if (source !== null)
    steps.push({ zh: `时限依据：${phraseZh(source) ?? source}`, en: `Source of the limit: ${source}` });
  if (working !== null) steps.push(...explainDays(working));
  steps.push(...explainPauses(receipt.pauses));
  for (const [key, value] of Object.entries(receipt)) {
    if (!KNOWN.has(key) && value !== null) {
      const said = formatInstants(value, key);
      const shown = typeof said === 'string' ? said : JSON.stringify(said);
      steps.push({ zh: `${key}：${shown}`, en: `${key}: ${shown}` });
    }
  }
  steps.push({ zh: `到期：${formatInstant(dueAt)}`, en: `Due: ${formatInstant(dueAt)}` });
  return steps;
}

const KNOWN = new Set([
  'start',
  'startMeaning',
  'startMeaningZh',
  'limit',
  'limitMs',
  'share',
  'profile',
  'source',
  'pauses',
  'working',
  'due',
]);

function explainLimit(receipt: Readonly<Record<string, unknown>>, working: WorkingDetail | null): ReceiptStep[] {
  const limitMs = number(receipt.limitMs);
  if (limitMs === null) return [];
  const limit = (receipt.limit ?? null) as Limit | null;
  const steps: ReceiptStep[] = [];
  if (limit === null || !isWorking(limit) || working === null) {
    steps.push({ zh: `时限：${durationZh(limitMs)}`, en: `Limit: ${durationEn(limitMs)}` });
  } else {
    const { zh, en } = limitText(limit);
    const wholeDays = limit.unit === 'working_days';
    steps.push({
      zh: `时限：${zh}（工作时间 ${working.hours.join('、')}${wholeDays ? '，当日不计' : ''}）`,
      en: `Limit: ${en} (working hours ${working.hours.join(', ')}${wholeDays ? ', the day of the start not counted' : ''})`,
    });
  }
  const share = number(receipt.share) ?? 1;
  if (share !== 1) {
    const percent = Math.round(share * 1_000) / 10;
    const [ofZh, ofEn] = working === null ? ['', ''] : ['工作时间', ' of working time'];
    steps.push({
      zh: `本阶段：时限的 ${percent}% = ${durationZh(Math.round(limitMs * share))}${ofZh}`,
      en: `This stage: ${percent} % of the limit = ${durationEn(Math.round(limitMs * share))}${ofEn}`,
    });
  }
  return steps;
}

function explainDays({ calendars, skipped, madeUp, withoutCalendar }: WorkingDetail): ReceiptStep[] {
  const steps: ReceiptStep[] = [];
  if (calendars.length > 0)
    steps.push({ zh: `日历依据：${calendars.join('；')}`, en: `Source of the calendar: ${calendars.join('; ')}` });
  for (const { from, to, days, zh, en } of skipped) {
    const dates = from === to ? [from, from] : [`${from} 至 ${to}`, `${from} to ${to}`];
    steps.push({
      zh: `不计：${dates[0]}，${days} 天（${zh}）`,
      en: `Not counted: ${dates[1]}, ${days} ${days === 1 ? 'day' : 'days'} (${en})`,
    });
  }
  if (madeUp.length > 0)
    steps.push({
      zh: `调休上班，计入：${madeUp.join('、')}`,
      en: `Weekend days on which work is made up, counted: ${madeUp.join(', ')}`,
    });
  for (const year of withoutCalendar)
    steps.push({
      zh: `注意：没有 ${year} 年的日历，该年只扣除周末，到期时间是暂定的；录入日历后自动重算`,
      en: `Caution: there is no calendar of ${year}; only its weekends are left out and the due instant is provisional until the calendar is entered`,
    });
  return steps;
}

function explainPauses(pauses: unknown): ReceiptStep[] {
  if (!Array.isArray(pauses) || pauses.length === 0) return [{ zh: '暂停：无', en: 'Pauses: none' }];
  return (pauses as Pause[]).map(({ from, to, why, evidence }) => {
    const [proofZh, proofEn] =
      evidence === undefined || evidence === '' ? ['', ''] : [`；凭据：${evidence}`, `; evidence: ${evidence}`];
    if (to === null)
      return {
        zh: `暂停：${formatInstant(from)} 起，尚未恢复计时（${why}${proofZh}）`,
        en: `Pause: from ${formatInstant(from)}, still running (${why}${proofEn})`,
      };
    return {
      zh: `暂停：${formatInstant(from)} 至 ${formatInstant(to)}，+${durationZh(to - from)}（${why}${proofZh}）`,
      en: `Pause: ${formatInstant(from)} to ${formatInstant(to)}, +${durationEn(to - from)} (${why}${proofEn})`,
    };
  });
}
