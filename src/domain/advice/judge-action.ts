import type { EffectVerdict } from '../journal-entry.js';
import { PHASES, percent, round } from './advice.js';
import type { ByPhase } from './advice.js';

/** One side (before or after) of an action, measured at the same hours of the day. */
export interface Side {
  hours: number;
  phases: ByPhase<{ p05: number; p95: number; readings: number; lowShare: number; highShare: number } | null>;
}

export interface Judgement {
  verdict: EffectVerdict;
  reason: string;
  reasonEn: string;
  before: Side;
  after: Side;
}

export interface JudgementLimits {
  minimumHours: number;
  /** A share out of limits that moves by less has not changed. */
  changeShare: number;
}

/** Shares out of limits of all phases together, weighted by readings; null = nothing measured. */
export function sharesOf({ phases }: Side): { low: number; high: number } | null {
  const measured = PHASES.map((phase) => phases[phase]).filter((one) => one !== null);
  const readings = measured.reduce((sum, one) => sum + one.readings, 0);
  if (readings === 0) return null;
  const weigh = (share: (one: (typeof measured)[number]) => number): number =>
    measured.reduce((sum, one) => sum + share(one) * one.readings, 0) / readings;
  return { low: weigh((one) => one.lowShare), high: weigh((one) => one.highShare) };
}

/**
 * Did it help? Improved: the share out of limits fell and neither side, low or high, got worse. Worse: the share rose. What cures one
 * side at the cost of the other is not an improvement. Too few hours on either side: pending.
 */
export function judgeAction(before: Side, after: Side, limits: JudgementLimits): Judgement {
  const was = sharesOf(before);
  const is = sharesOf(after);
  const sides = { before, after };
  const { minimumHours, changeShare } = limits;
  if (was === null || is === null || before.hours < minimumHours || after.hours < minimumHours) {
    return {
      verdict: 'pending',
      reason: `前后各需 ${minimumHours} 小时量测：动作前 ${before.hours} 小时，动作后 ${after.hours} 小时`,
      reasonEn: `Needs ${minimumHours} measured hours on each side: ${before.hours} before, ${after.hours} after.`,
      ...sides,
    };
  }
  const change = is.low + is.high - was.low - was.high;
  const worseSide = is.low - was.low >= changeShare || is.high - was.high >= changeShare;
  const verdict: EffectVerdict =
    change >= changeShare ? 'worse' : change <= -changeShare && !worseSide ? 'improved' : 'unchanged';
  const extent = round(Math.abs(change) * 100);
  const traded = worseSide && verdict === 'unchanged';
  return {
    verdict,
    reason: `越下限 ${percent(was.low)} → ${percent(is.low)}，越上限 ${percent(was.high)} → ${percent(is.high)}，合计变化 ${extent} 个百分点${traded ? '；一侧好转以另一侧变差为代价' : ''}`,
    reasonEn: `Low ${percent(was.low)} -> ${percent(is.low)}, high ${percent(was.high)} -> ${percent(is.high)}, together ${extent} percentage points${traded ? '; one side was cured at the cost of the other' : ''}.`,
    ...sides,
  };
}
