import { DAY_MS, HOUR_MS, MINUTE_MS } from './instants.js';

/**
 * A limit as a rule writes it. Minutes, hours and days (of 24 h) pass always; working minutes and hours pass within the working hours of
 * working days; working days are whole: the day on which the clock starts is not counted, due is the end of the last one.
 */
export interface Limit {
  amount: number;
  unit: LimitUnit;
}

export const LIMIT_UNITS = ['minutes', 'hours', 'days', 'working_minutes', 'working_hours', 'working_days'] as const;
export type LimitUnit = (typeof LIMIT_UNITS)[number];

export const isWorking = ({ unit }: Limit): boolean => unit.startsWith('working_');

/** Milliseconds of the limit, elapsed or of working time. @param dayMs the working time of a working day */
export function lengthOf({ amount, unit }: Limit, dayMs: number): number {
  const ofUnit: Readonly<Record<LimitUnit, number>> = {
    minutes: MINUTE_MS,
    hours: HOUR_MS,
    days: DAY_MS,
    working_minutes: MINUTE_MS,
    working_hours: HOUR_MS,
    working_days: dayMs,
  };
  return Math.round(amount * ofUnit[unit]);
}

const WRITTEN = /^(\d{1,6}(?:\.\d{1,3})?) (working )?(minute|hour|day)s?$/;

/** Reads `4 working days`, `24 hours`; null for anything else, and for nothing at all of a unit. */
export function readLimit(text: string): Limit | null {
  const [, amount, working = '', unit] = WRITTEN.exec(text.trim()) ?? [];
  if (unit === undefined || Number(amount) === 0) return null;
  return { amount: Number(amount), unit: `${working.replace(' ', '_')}${unit}s` as LimitUnit };
}

const ZH: Readonly<Record<LimitUnit, string>> = {
  minutes: '分钟',
  hours: '小时',
  days: '天',
  working_minutes: '分钟工作时间',
  working_hours: '小时工作时间',
  working_days: '个工作日',
};

export const limitText = ({ amount, unit }: Limit): { zh: string; en: string } => ({
  zh: `${amount} ${ZH[unit]}`,
  en: `${amount} ${(amount === 1 ? unit.slice(0, -1) : unit).replace('_', ' ')}`,
});
