import { formatInstant, HOUR_MS, MINUTE_MS } from '../instants.js';

/** What an order's place in the queue says about its end. */
export interface Forecast {
  /** Null when nothing is known that one could reckon with. */
  expectedAt: number | null;
  arithmetic: { zh: string; en: string };
}

export interface ForecastFacts {
  /** From 1: place among the unrestored field orders of the area, in due order. */
  position: number;
  /** Restorations of the area within the last `paceHours`. */
  restored: number;
  /** From payment to restoration, the middle of the last 30 days of the area; null without any. Milliseconds. */
  typicalMs: number | null;
  paidAt: number;
  /** The remote switch is tried until then; null = a crew is needed. */
  remoteUntil: number | null;
}

/**
 * Expected = now + place in the queue x mean time between restorations of the area. Where the area restored too few lately to have a pace:
 * payment + the typical time from payment to restoration, not before now. While the remote switch is tried: the end of the try.
 */
export function forecastOf(
  facts: ForecastFacts,
  now: number,
  rules: { paceHours: number; paceRestorations: number },
): Forecast {
  const { position, restored, typicalMs, paidAt, remoteUntil } = facts;
  if (remoteUntil !== null)
    return {
      expectedAt: remoteUntil,
      arithmetic: {
        zh: `远程合闸最迟 ${formatInstant(remoteUntil)} 有结果`,
        en: `the remote switch answers by ${formatInstant(remoteUntil)}`,
      },
    };
  if (restored >= rules.paceRestorations) {
    const betweenMs = (rules.paceHours * HOUR_MS) / restored;
    const expectedAt = Math.round(now + position * betweenMs);
    const minutes = Math.round(betweenMs / MINUTE_MS);
    return {
      expectedAt,
      arithmetic: {
        zh: `现在 + 排第 ${position} × ${minutes} 分钟/户（本区近 ${rules.paceHours} 小时复电 ${restored} 户）= ${formatInstant(expectedAt)}`,
        en: `now + place ${position} x ${minutes} min each (${restored} restored in the area within ${rules.paceHours} h) = ${formatInstant(expectedAt)}`,
      },
    };
  }
  if (typicalMs === null)
    return {
      expectedAt: null,
      arithmetic: {
        zh: `无法预测：本区近 ${rules.paceHours} 小时复电 ${restored} 户，近 30 天无复电记录`,
        en: `no forecast: ${restored} restored in the area within ${rules.paceHours} h and none within 30 days`,
      },
    };
  const expectedAt = Math.max(now, Math.round(paidAt + typicalMs));
  const hours = (typicalMs / HOUR_MS).toFixed(1);
  return {
    expectedAt,
    arithmetic: {
      zh: `缴清 + 本区近 30 天中位时长 ${hours} 小时 = ${formatInstant(expectedAt)}`,
      en: `payment + ${hours} h, the middle of the area within 30 days = ${formatInstant(expectedAt)}`,
    },
  };
}
