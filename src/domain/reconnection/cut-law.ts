import type { Policy } from '../policy.js';
import type { WorkingCalendar } from '../working-calendar.js';
import type { CutFacts, CutFinding } from './cut-facts.js';

/** What a rule judges by. */
export interface CutLaw {
  policy: Policy['disconnection'];
  /** Where a setting is written. */
  sourceOf: (name: keyof Policy['disconnection']) => string;
  calendar: WorkingCalendar;
}

/** What one rule finds wrong. Rules know nothing of each other, so that all of it is found at once, in whatever order. */
export type Judge = (facts: CutFacts, law: CutLaw) => Omit<CutFinding, 'rule'>[];
