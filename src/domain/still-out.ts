import type { StillOutVerdict, Supply } from './journal-entry.js';

/** Customers who say that supply is still away after it was taken to be back. Pure; instants are epoch milliseconds. */

const NO_SUPPLY =
  /停电|断电|无电|缺电|没有?电|[没未不](?:有)?来电|[没未](?:有)?恢复|还停|仍停|停着|still (?:out|off)|no (?:power|supply|electricity)/i;
const BACK = /(?<![没未不有])来电了|已经?(?:来电|送电|复电|恢复)|恢复(?:供电)?了|(?<!没)有电了|power is back/i;
const STILL = /还|仍|又|没有?电|[没未不](?:有)?来电|[没未](?:有)?恢复|still|again/i;

/** A call about an outage that speaks of supply being back, and of nothing that is still away, says nothing against it. */
export const saysStillOut = (text: string): boolean => !BACK.test(text) || STILL.test(text.replace(BACK, ''));

/** A report of a fault, of whatever sort, that says that there is no supply. */
export const saysNoSupply = (text: string): boolean => NO_SUPPLY.test(text) && saysStillOut(text);

/** What is known of one transformer below an outage that is over, after it was taken to have supply again. */
export interface Restored {
  supply: Supply | 'unmetered';
  /** Different customers who say that supply is still away, since then. */
  callers: number;
  /** A person closed the outage. */
  isDecided: boolean;
}

export interface StillOutRules {
  /** So many where the transformer is not heard. */
  callers: number;
  /** So many on a transformer that is live are a fault on its low-voltage side. */
  cluster: number;
}

export interface StillOut {
  verdict: StillOutVerdict;
  why: string;
  whyZh: string;
}

/**
 * Measurement is stronger than a caller, a caller stronger than no measurement: a live transformer's customers have trouble of their
 * own; one that is not heard, or that only a word or its neighbours restored, is out still. Null = nobody, or too few, say so.
 */
export function judgeStillOut({ supply, callers, isDecided }: Restored, rules: StillOutRules): StillOut | null {
  if (callers === 0) return null;
  const say = `${callers} ${callers === 1 ? 'customer says' : 'customers say'} that supply is still away`;
  const sayZh = `${callers} 户来电称仍停电`;
  if (supply === 'live')
    return callers < rules.cluster
      ? {
          verdict: 'single_customer',
          why: `${say}, but the transformer is live: trouble of their own`,
          whyZh: `${sayZh}，但台区有电：属客户自身故障`,
        }
      : {
          verdict: 'low_voltage_side',
          why: `${say}, but the transformer is live: a fault on its low-voltage side`,
          whyZh: `${sayZh}，但台区有电：属低压侧故障`,
        };
  if (callers < rules.callers) return null;
  const measured = {
    dead: 'the transformer is measured dead',
    unknown: 'the transformer is silent',
    unmetered: 'the transformer has no terminal',
  }[supply];
  const measuredZh = { dead: '台区实测停电', unknown: '台区终端失联', unmetered: '台区无终端' }[supply];
  return isDecided
    ? {
        verdict: 'decided',
        why: `${say} and ${measured}, but a person closed the outage and must decide`,
        whyZh: `${sayZh}，${measuredZh}，但停电事件由人工关闭，须由人工认定`,
      }
    : { verdict: 'reopened', why: `${say} and ${measured}`, whyZh: `${sayZh}，${measuredZh}` };
}
