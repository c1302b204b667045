import type { Phase } from '../journal-entry.js';

/** What can be advised about a voltage that is out of limits, in the order of how urgent it is to try. */
export const ADVICE_KINDS = [
  'neutral',
  'hv_side',
  'insufficient_data',
  'phase_balance',
  'field_check',
  'load_shift',
  'no_fixed_tap',
  'tap',
  'tap_unregistered',
  'action_without_effect',
] as const;
export type AdviceKind = (typeof ADVICE_KINDS)[number];

/** One line of arithmetic that a person can follow with a pocket calculator. */
export interface AdviceStep {
  step: string;
  stepEn: string;
  formula: string;
  values: Readonly<Record<string, number | string>>;
  result: string;
}

export interface Advice {
  kind: AdviceKind;
  /** Chinese, as the dispatch centre reads it. */
  text: string;
  textEn: string;
  arithmetic: readonly AdviceStep[];
  /** Where the rule comes from. */
  source: string;
}

export const PHASES = ['A', 'B', 'C'] as const satisfies readonly Phase[];
export type ByPhase<Value> = Readonly<Record<Phase, Value>>;

/** Off-load tap changer on the HV side. Tap I (1) has the most turns: the highest HV voltage, so the lowest LV voltage. */
export interface TapChanger {
  position: number;
  count: number;
  stepPercent: number;
}

/** What was measured at the outgoing end of one transformer, over the window of the policy (7 days). Volts line to neutral, amperes. */
export interface Picture {
  kind: 'low_voltage' | 'high_voltage';
  /** Different clock hours with readings in the window. */
  hours: number;
  /** 5th and 95th percentile of each phase while it had supply; null = not measured. */
  percentiles: ByPhase<{ p05: number; p95: number } | null>;
  /** Hours of the day (0 to 23) with the lowest p05 and the highest p95. */
  lowestHour: number | null;
  highestHour: number | null;
  /** The readings since the warning became true in which a phase was wrong in the warning's sense; null = none left to see. */
  abnormal: {
    readings: number;
    /** Share of them in which one phase was low and another high at once. */
    lowAndHighShare: number;
    phases: ByPhase<{ lowShare: number; highShare: number; meanV: number | null; meanA: number | null }>;
  } | null;
  /** The highest mean of two hours that follow each other. */
  peakKva: number | null;
  capacityKva: number | null;
  connection: 'Yyn0' | 'Dyn11';
  tap: TapChanger | null;
  /** Other measured transformers of the feeder, and how many of them have an episode of the same kind at the same time. */
  neighbours: { measured: number; alike: number };
}

export interface AdviceLimits {
  lowV: number;
  highV: number;
  /** A tap fits only when it keeps this much away from both limits. */
  marginV: number;
  minimumHours: number;
  loadShare: number;
  /** By connection group. */
  unbalanceShare: Readonly<Record<Picture['connection'], number>>;
  feederShare: number;
  feederTransformers: number;
}

/** For sums shown to people. */
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
export const percent = (share: number): string => `${round(share * 100)} %`;

/** Of the standard that says what voltage is right. */
export const BAND = 'GB/T 12325: 220 V -10 %/+7 %';

export const step = (
  name: string,
  stepEn: string,
  formula: string,
  values: AdviceStep['values'],
  result: string,
): AdviceStep => ({ step: name, stepEn, formula, values, result });
