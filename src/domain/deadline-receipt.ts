import { HOUR_MS, MINUTE_MS, formatInstant } from './instants.js';

/** A stretch of time that does not count against a limit. Epoch milliseconds. */
interface Pause {
  from: number;
  to: number;
  why: string;
}

/** How a due instant came about. Instants are epoch milliseconds. */
export interface Receipt {
  /** What the clock starts with, for people: `beginning of the outage`. */
  startMeaning: string;
  start: number;
  /** The whole limit. */
  limitMs: number;
  /** The part of the limit after which this stage comes; 1 = the limit itself. */
  share: number;
  profile: string;
  /** Where the limit is written. */
  source: string;
  pauses: Pause[];
  due: number;
}

/** Works out a due instant: start + limit x share, then moved by every pause that begins before it (pauses in order of time, apart). */
export function receiptOf(given: Omit<Receipt, 'due' | 'share' | 'pauses'> & Partial<Receipt>): Receipt {
  const { share = 1, pauses = [] } = given;
  let due = given.start + Math.round(given.limitMs * share);
  for (const pause of pauses) if (pause.from < due) due += Math.max(0, pause.to - Math.max(pause.from, given.start));
  return { ...given, share, pauses, due };
}

/** One line of the arithmetic, in both languages. */
export interface ReceiptStep {
  zh: string;
  en: string;
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
  const limitMs = number(receipt.limitMs);
  const share = number(receipt.share) ?? 1;
  const meaning = text(receipt.startMeaning);
  if (start !== null)
    steps.push({
      zh: `计时起点：${formatInstant(start)}${meaning === null ? '' : `（${meaning}）`}`,
      en: `Start: ${formatInstant(start)}${meaning === null ? '' : ` (${meaning})`}`,
    });
  if (limitMs !== null) steps.push({ zh: `时限：${durationZh(limitMs)}`, en: `Limit: ${durationEn(limitMs)}` });
  if (limitMs !== null && share !== 1)
    steps.push({
      zh: `本阶段：时限的 ${share * 100}% = ${durationZh(limitMs * share)}`,
      en: `This stage: ${share * 100} % of the limit = ${durationEn(limitMs * share)}`,
    });
  const profile = text(receipt.profile);
  if (profile !== null) steps.push({ zh: `规则集：${profile}`, en: `Profile: ${profile}` });
  const source = text(receipt.source);
  if (source !== null) steps.push({ zh: `时限依据：${source}`, en: `Source of the limit: ${source}` });
  steps.push(...explainPauses(receipt.pauses));
  for (const [key, value] of Object.entries(receipt)) {
    if (!KNOWN.has(key) && value !== null) {
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      steps.push({ zh: `${key}：${shown}`, en: `${key}: ${shown}` });
    }
  }
  steps.push({ zh: `到期：${formatInstant(dueAt)}`, en: `Due: ${formatInstant(dueAt)}` });
  return steps;
}

const KNOWN = new Set(['start', 'startMeaning', 'limitMs', 'share', 'profile', 'source', 'pauses', 'due']);

function explainPauses(pauses: unknown): ReceiptStep[] {
  if (!Array.isArray(pauses) || pauses.length === 0) return [{ zh: '暂停：无', en: 'Pauses: none' }];
  return (pauses as Pause[]).map(({ from, to, why }) => ({
    zh: `暂停：${formatInstant(from)} 至 ${formatInstant(to)}，+${durationZh(to - from)}（${why}）`,
    en: `Pause: ${formatInstant(from)} to ${formatInstant(to)}, +${durationEn(to - from)} (${why})`,
  }));
}
