import type { Policy } from '../policy.js';
import { graver } from '../warnings/warning.js';
import type { SupervisedKind } from './causes.js';
import { minuteText } from './minute-text.js';

/** The clocks whose limit (`due`) is the broken promise that a warning speaks of. */
const CLOCKS: Readonly<Partial<Record<SupervisedKind, readonly string[]>>> = {
  reconnection_overdue: ['reconnection'],
  repair_dispatch_overdue: ['repair_dispatch'],
  repair_arrival_overdue: ['repair_arrival_promise', 'repair_arrival_regulation'],
  repair_overdue: ['repair_restoration'],
  complaint_contact_overdue: ['complaint_contact'],
  complaint_answer_overdue: ['complaint_answer'],
};

/** Those of them that open an order by this policy. The promised arrival is only minor: an average, no limit of each case. */
export const supervisedClocks = ({ openOn, fromSeverity }: Policy['supervision']): string[] =>
  openOn
    .flatMap((kind) => CLOCKS[kind] ?? [])
    .filter((clock) => clock !== 'repair_arrival_promise' || graver('minor', fromSeverity) === 'minor');

const NAMES: Readonly<Record<string, { zh: string; en: string }>> = {
  reconnection: { zh: '复电', en: 'reconnection' },
  repair_dispatch: { zh: '派单', en: 'dispatch' },
  repair_arrival_promise: { zh: '到达现场', en: 'arrival' },
  repair_arrival_regulation: { zh: '到达现场', en: 'arrival' },
  repair_restoration: { zh: '恢复供电', en: 'restoration' },
  complaint_contact: { zh: '首次联系', en: 'first contact' },
  complaint_answer: { zh: '答复', en: 'answer' },
};

/** Of a promise that was kept: when it ended, and by when it had to. Epoch milliseconds. */
export interface KeptPromise {
  kind: string;
  endedAt: number;
  dueAt: number;
}

/** Why an order needs nobody any more. */
export function keptWords(kept: readonly KeptPromise[]): { zh: string; en: string } {
  const say = (language: 'zh' | 'en', until: string): string =>
    kept
      .map(({ kind, endedAt, dueAt }) => {
        const name = NAMES[kind]?.[language] ?? kind;
        return `${name} ${minuteText(endedAt)}${until.replace('{due}', minuteText(dueAt))}`;
      })
      .join(language === 'zh' ? '、' : ', ');
  return {
    zh: `时间更正后并未超时：${say('zh', '（时限 {due}）')}`,
    en: `the corrected time shows that the promise was kept: ${say('en', ' (limit {due})')}`,
  };
}
