import type { Policy } from '../policy.js';
import {
  announcedTime,
  authorityCopy,
  approval,
  debt,
  dunning,
  finalNotice,
  notice,
  promise,
} from './cut-procedure.js';
import { days, dispute, hours, lifeSupport, outage, protection, state } from './cut-protection.js';
import type { CutFacts, CutFinding, CutRule } from './cut-facts.js';
import type { CutLaw, Judge } from './cut-law.js';

/** Shown in this order. */
const JUDGES: Readonly<Record<CutRule, Judge>> = {
  state,
  debt,
  dunning,
  promise,
  approval,
  notice,
  important: authorityCopy,
  final_notice: finalNotice,
  announced_time: announcedTime,
  life_support: lifeSupport,
  protection,
  outage,
  dispute,
  hours,
  days,
};

/**
 * Everything that stands against a cut, at once; nothing = it may be cut. A cut that was done is judged by the instant at which it was
 * done.
 */
export function judgeCut(facts: CutFacts, law: CutLaw): CutFinding[] {
  const rules = rulesFor(facts.reason, law.policy);
  return (Object.entries(JUDGES) as [CutRule, Judge][])
    .filter(([rule]) => rules === 'all' || rules.includes(rule))
    .flatMap(([rule, judge]) => judge(facts, law).map((finding) => ({ rule, ...finding })));
}

/** Cuts for violation or theft have their own procedure. */
function rulesFor(reason: CutFacts['reason'], policy: Policy['disconnection']): readonly CutRule[] | 'all' {
  if (reason === 'violation') return policy.violationRules;
  return reason === 'theft' ? policy.theftRules : 'all';
}
