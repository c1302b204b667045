import { receiptOf } from '../deadline-receipt.js';
import type { Receipt } from '../deadline-receipt.js';
import { HOUR_MS, MINUTE_MS } from '../instants.js';
import type { Policy } from '../policy.js';
import type { LegTimes } from './repair-legs.js';

/** Arrival has two clocks: what the utility promises on average, and what the regulation demands of each case. */
export const REPAIR_CLOCKS = [
  'repair_dispatch',
  'repair_arrival_promise',
  'repair_arrival_regulation',
  'repair_restoration',
  'repair_callback',
] as const;
export type RepairClockKind = (typeof REPAIR_CLOCKS)[number];

export type Setting = 'urban' | 'rural' | 'remote';

/** An order as its clocks see it. Instants are epoch milliseconds. */
export interface ClockedOrder {
  /** The report; of an order that went back, the call that said so. */
  startedAt: number;
  setting: Setting;
  /** False: the place is not in the register, and the strictest setting is taken. */
  settingKnown: boolean;
  legs: LegTimes;
  /** Supply back: measured, or the crew's word that nothing contradicts. */
  restoredAt: number | null;
  /** Called back for good: reached, or tried often enough. */
  calledBackAt: number | null;
}

export interface RepairClock {
  kind: RepairClockKind;
  stages: { stage: string; dueAt: number; receipt: Receipt }[];
  endedAt: number | null;
}

interface Meaning {
  en: string;
  zh: string;
}

interface Limit {
  kind: RepairClockKind;
  meaning: Meaning;
  start: number | null;
  limitMs: number;
  /** Path of the setting in the policy, for its source. */
  path: string;
  endedAt: number | null;
}

/**
 * All clocks of an order that have begun. The same legs give the same clocks, in whatever order they became known: a leg that is booked
 * late or corrected moves what hangs on it.
 */
export function repairClocks(
  order: ClockedOrder,
  policy: Policy,
  sources: Readonly<Record<string, string>>,
): RepairClock[] {
  const { repairs } = policy;
  const { startedAt, setting, legs, restoredAt, calledBackAt } = order;
  const meaning = { en: 'fault report', zh: '客户报修' };
  // Whoever arrived was sent, and what is repaired was reached: a leg that nobody booked ends with the next one.
  const arrivedAt = legs.arrived ?? restoredAt;
  const dispatchedAt = legs.dispatched ?? arrivedAt;
  const limits: Limit[] = [
    {
      kind: 'repair_dispatch',
      meaning,
      start: startedAt,
      limitMs: repairs.dispatchMinutes * MINUTE_MS,
      path: 'repairs.dispatchMinutes',
      endedAt: dispatchedAt,
    },
    {
      kind: 'repair_arrival_promise',
      meaning,
      start: startedAt,
      limitMs: repairs.arrivalPromiseMinutes[setting] * MINUTE_MS,
      path: `repairs.arrivalPromiseMinutes.${setting}`,
      endedAt: arrivedAt,
    },
    {
      kind: 'repair_arrival_regulation',
      meaning,
      start: startedAt,
      limitMs: repairs.arrivalRegulationMinutes[setting] * MINUTE_MS,
      path: `repairs.arrivalRegulationMinutes.${setting}`,
      endedAt: arrivedAt,
    },
    {
      kind: 'repair_restoration',
      meaning: { en: 'arrival of the crew', zh: '抢修人员到达现场' },
      start: legs.arrived,
      limitMs: repairs.restorationHours[setting] * HOUR_MS,
      path: `repairs.restorationHours.${setting}`,
      endedAt: restoredAt,
    },
    {
      kind: 'repair_callback',
      meaning: { en: 'supply restored', zh: '恢复供电' },
      start: restoredAt,
      limitMs: repairs.callbackHours * HOUR_MS,
      path: 'repairs.callbackHours',
      endedAt: calledBackAt,
    },
  ];
  return limits.flatMap(({ kind, start, endedAt, ...limit }) => {
    if (start === null) return [];
    const stage = (name: string, share: number): RepairClock['stages'][number] => {
      const receipt = receiptOf({
        startMeaning: limit.meaning.en,
        startMeaningZh: limit.meaning.zh,
        start,
        limitMs: limit.limitMs,
        share,
        profile: policy.profile,
        source: sourceOf(order, limit.path, sources),
      });
      return { stage: name, dueAt: receipt.due, receipt };
    };
    const { warnAtShare } = repairs;
    return [{ kind, stages: [stage(`${Math.round(warnAtShare * 100)}%`, warnAtShare), stage('due', 1)], endedAt }];
  });
}

function sourceOf(order: ClockedOrder, path: string, sources: Readonly<Record<string, string>>): string {
  const source = sources[path] ?? 'policy';
  const isBySetting = path.endsWith(`.${order.setting}`);
  return order.settingKnown || !isBySetting
    ? source
    : `${source}; the place is not in the register, so the limit of towns is taken`;
}
