import type { ComplaintCategory } from './complaint.js';

export const MISSED_REASONS = ['no_event_found', 'no_warning', 'warned_after_call', 'notice_not_sent'] as const;

export interface MissedWarning {
  reason: (typeof MISSED_REASONS)[number];
  text: string;
  textEn: string;
}

/** What was known and said of the event that a complaint is linked to. Instants are epoch milliseconds. */
export interface LinkedEvent {
  score: number;
  confirmed: boolean;
  /** When the service first raised a warning of it. */
  warnedAt: number | null;
  /** When the customer's first message about it was handed over; null = none. */
  noticedAt: number | null;
  /** Customers are told of outages and planned works; of voltage they are not. */
  customersAreTold: boolean;
}

/** Calls of these categories have an event behind them, or should have. */
const ABOUT_SUPPLY: readonly ComplaintCategory[] = ['outage', 'supply_quality', 'repair_quality'];

/** Why nobody warned before this customer called; null when somebody did, or there was nothing to warn of. */
export function missedWarning(
  complaint: { category: ComplaintCategory; receivedAt: number },
  events: readonly LinkedEvent[],
): MissedWarning | null {
  const [event] = events.toSorted((a, b) => Number(b.confirmed) - Number(a.confirmed) || b.score - a.score);
  if (event === undefined) {
    return ABOUT_SUPPLY.includes(complaint.category)
      ? {
          reason: 'no_event_found',
          text: '没有找到与来电对应的事件：该处可能没有终端，或事件未被识别',
          textEn: 'No event fits the call: there may be no terminal at the place, or the event was not recognised',
        }
      : null;
  }
  const { receivedAt } = complaint;
  if (event.warnedAt === null) {
    return {
      reason: 'no_warning',
      text: '事件已识别，但没有发出预警',
      textEn: 'The event was recognised, but no warning was raised',
    };
  }
  if (event.warnedAt > receivedAt) {
    const lateMinutes = Math.max(1, Math.round((event.warnedAt - receivedAt) / 60_000));
    return {
      reason: 'warned_after_call',
      text: `预警在来电之后 ${lateMinutes} 分钟才发出`,
      textEn: `The warning was raised ${lateMinutes} min after the call`,
    };
  }
  if (event.customersAreTold && (event.noticedAt === null || event.noticedAt > receivedAt)) {
    return event.noticedAt === null
      ? {
          reason: 'notice_not_sent',
          text: '已预警，但没有通知该客户',
          textEn: 'There was a warning, but the customer was not told',
        }
      : {
          reason: 'notice_not_sent',
          text: '已预警，但客户来电之后才收到通知',
          textEn: 'There was a warning, but the customer was told only after the call',
        };
  }
  return null;
}
