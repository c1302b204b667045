/**
 * How long something lasts, from cases on record: the product-limit estimate of Kaplan and Meier (1958). Cases that are not over yet count
 * for as long as they have lasted so far (right-censored). Pure; durations are whole minutes.
 */

/** So many cases of one duration. What is over lasted at most `minutes`, what is not over at least. */
export interface Lasting {
  minutes: number;
  isOver: boolean;
  cases: number;
}

export interface SurvivalCurve {
  /** At index m the share of cases that last longer than m minutes; NaN from where on the record cannot tell. Never rises. */
  readonly longer: readonly number[];
  /** At index m the number of cases known to have lasted longer than m minutes, over or not. */
  readonly beyond: readonly number[];
}

/** @param upToMinutes the curve covers durations up to here. O(cases + minutes) */
export function survivalCurve(lastings: readonly Lasting[], upToMinutes: number): SurvivalCurve {
  const ended = Array.from({ length: upToMinutes + 1 }, () => 0);
  const left = Array.from({ length: upToMinutes + 1 }, () => 0);
  let atRisk = 0;
  for (const { minutes, isOver, cases } of lastings) {
    atRisk += cases;
    if (minutes > upToMinutes) continue;
    const at = isOver ? ended : left;
    at[minutes] = (at[minutes] ?? 0) + cases;
  }
  const longer: number[] = [];
  const beyond: number[] = [];
  let share = 1;
  for (let minute = 0; minute <= upToMinutes; minute += 1) {
    const over = ended[minute] ?? 0;
    if (atRisk > 0) share *= (atRisk - over) / atRisk;
    else if (share > 0) share = Number.NaN; // the last cases were not over: nobody knows how they go on
    atRisk -= over + (left[minute] ?? 0);
    longer.push(share);
    beyond.push(atRisk);
  }
  return { longer, beyond };
}

export interface Chance {
  /** That it lasts longer than the limit, given that it has lasted so far. */
  probability: number;
  /** Cases on record that lasted at least as long as this one has. */
  cases: number;
  /** Of these, known to have lasted longer than the limit. */
  longer: number;
}

/**
 * P(longer than `limitMinutes` | longer than `elapsedMinutes`). Both within the curve; beyond the limit the chance is 1. Null where the
 * record cannot tell.
 */
export function chanceOfLonger(curve: SurvivalCurve, elapsedMinutes: number, limitMinutes: number): Chance | null {
  const cases = curve.beyond[elapsedMinutes] ?? 0;
  const longer = curve.beyond[Math.max(limitMinutes, elapsedMinutes)] ?? 0;
  if (elapsedMinutes >= limitMinutes) return { probability: 1, cases, longer };
  const probability = (curve.longer[limitMinutes] ?? Number.NaN) / (curve.longer[elapsedMinutes] ?? Number.NaN);
  return cases === 0 || Number.isNaN(probability) ? null : { probability, cases, longer };
}
