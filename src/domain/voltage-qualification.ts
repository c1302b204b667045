/**
 * Voltage qualification rate 电压合格率 (GB/T 12325-2008): of the minutes in which a voltage was monitored, the share in which it was
 * neither above the upper nor below the lower limit. Time outside the assessment band (考核, OI 4030 of DL/T 698.45) is not monitored: a
 * phase that is dead or lost is no low voltage. Pure.
 */
export interface PhaseMinutes {
  monitored: number;
  over: number;
  under: number;
}

/** (1 - (over + under) / monitored) x 100; null where nothing was monitored. */
export function qualificationRate({ monitored, over, under }: PhaseMinutes): number | null {
  return monitored === 0 ? null : (1 - (over + under) / monitored) * 100;
}

/** Minutes of several phases, transformers or months together: a rate of many is the rate of their sums, never a mean of rates. */
export function sumOfMinutes(parts: readonly PhaseMinutes[]): PhaseMinutes {
  const sum = { monitored: 0, over: 0, under: 0 };
  for (const { monitored, over, under } of parts) {
    sum.monitored += monitored;
    sum.over += over;
    sum.under += under;
  }
  return sum;
}
