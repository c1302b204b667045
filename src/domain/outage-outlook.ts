import type { OutageNature } from './journal-entry.js';
import { partition } from './partition.js';
import { chanceOfLonger, survivalCurve } from './survival.js';
import type { Chance, Lasting, SurvivalCurve } from './survival.js';

/** How likely an outage is to pass the long-outage limit, by the utility's own record of outages. Pure. */

/** What is known of an outage while it lasts. */
export interface KnownOutage {
  nature: OutageNature;
  /** Of its root: urban, rural, remote. */
  setting: string;
  /** As a dispatcher wrote it; '' = not known. */
  cause: string;
  /** Length of the announced window; null = none. */
  windowMinutes: number | null;
}

export type OutageCase = KnownOutage & Lasting;

/** What cases have in common with the outage. The nature always; a window on the same side of the limit wherever there is one. */
export type Likeness = 'nature' | 'window' | 'cause' | 'setting';

export interface OutlookRules {
  limitMinutes: number;
  /** Fewer cases than this say nothing. */
  minimumCases: number;
}

export interface Outlook extends Chance {
  elapsedMinutes: number;
  limitMinutes: number;
  basis: Likeness[];
}

/** The record of outages, with one curve for each sort of outage that was asked for. */
export class OutageHistory {
  private readonly byNature: ReadonlyMap<OutageNature, OutageCase[]>;
  private readonly curves = new Map<string, SurvivalCurve>();

  constructor(cases: readonly OutageCase[]) {
    this.byNature = partition(cases, ({ nature }) => nature);
  }

  curveOf(known: KnownOutage, basis: readonly Likeness[], limitMinutes: number): SurvivalCurve {
    const keyOf = (one: KnownOutage): string => JSON.stringify(basis.map((what) => valueOf(one, what, limitMinutes)));
    const key = `${limitMinutes} ${basis.join()} ${keyOf(known)}`;
    let curve = this.curves.get(key);
    if (curve === undefined) {
      const wanted = keyOf(known);
      const alike = (this.byNature.get(known.nature) ?? []).filter((one) => keyOf(one) === wanted);
      curve = survivalCurve(alike, limitMinutes);
      this.curves.set(key, curve);
    }
    return curve;
  }
}

function valueOf(known: KnownOutage, what: Likeness, limitMinutes: number): unknown {
  if (what === 'window') return known.windowMinutes === null ? null : known.windowMinutes > limitMinutes;
  return known[what];
}

/** From the narrowest likeness to the widest. Natures are never pooled: works end by plan, faults do not. */
function likenessesOf({ cause, windowMinutes }: KnownOutage): Likeness[][] {
  const always: Likeness[] = windowMinutes === null ? ['nature'] : ['nature', 'window'];
  return [
    ...(cause === ''
      ? []
      : ([
          [...always, 'cause', 'setting'],
          [...always, 'cause'],
        ] as Likeness[][])),
    [...always, 'setting'],
    always,
  ];
}

interface LikeCases {
  basis: Likeness[];
  curve: SurvivalCurve;
}

const likeCases = (history: OutageHistory, known: KnownOutage, limitMinutes: number): LikeCases[] =>
  likenessesOf(known).map((basis) => ({ basis, curve: history.curveOf(known, basis, limitMinutes) }));

/** By the narrowest likeness with enough cases that lasted as long as this one has; null where there is none. */
export const outlookOf = (
  history: OutageHistory,
  known: KnownOutage,
  elapsedMinutes: number,
  rules: OutlookRules,
): Outlook | null => outlookBy(likeCases(history, known, rules.limitMinutes), elapsedMinutes, rules);

function outlookBy(
  alike: readonly LikeCases[],
  elapsedMinutes: number,
  { limitMinutes, minimumCases }: OutlookRules,
): Outlook | null {
  if (elapsedMinutes >= limitMinutes)
    return { probability: 1, cases: 0, longer: 0, elapsedMinutes, limitMinutes, basis: [] };
  for (const { basis, curve } of alike) {
    const chance = chanceOfLonger(curve, elapsedMinutes, limitMinutes);
    if (chance !== null && chance.cases >= minimumCases) return { ...chance, elapsedMinutes, limitMinutes, basis };
  }
  return null;
}

/** The first outlook from `fromMinutes` on, before the limit, that is at least `share`; null = it never gets there. */
export function likelyFrom(
  history: OutageHistory,
  known: KnownOutage,
  fromMinutes: number,
  rules: OutlookRules,
  share: number,
): Outlook | null {
  const alike = likeCases(history, known, rules.limitMinutes);
  for (let minute = fromMinutes; minute < rules.limitMinutes; minute += 1) {
    const outlook = outlookBy(alike, minute, rules);
    if (outlook !== null && outlook.probability >= share) return outlook;
  }
  return null;
}
