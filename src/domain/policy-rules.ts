import type { Policy } from './policy.js';

/** A setting that is wrong: where it stands in the tree (`outage.longHours`, `areas.north.voltage.lowV`), and what it must be. */
export interface PolicyError {
  path: string;
  message: string;
}

type Rule = (policy: Policy) => PolicyError[];

/** Settings that must grow from left to right; `atLeast`: equal ones are right, too. */
const rising =
  (section: keyof Policy, names: readonly string[], how: 'above' | 'atLeast' = 'above'): Rule =>
  (policy) => {
    const settings = policy[section] as unknown as Record<string, number>;
    return names.slice(1).flatMap((name, index) => {
      const lower = names[index] ?? '';
      const [value, floor] = [settings[name] ?? NaN, settings[lower] ?? NaN];
      if (how === 'above' ? value > floor : value >= floor) return [];
      const words = how === 'above' ? 'above' : 'at least';
      return [{ path: `${section}.${name}`, message: `must be ${words} ${section}.${lower} (${floor}), not ${value}` }];
    });
  };

const ladderHasTheLimit: Rule = ({ outage: { ladderHours, longHours } }) =>
  ladderHours.includes(longHours)
    ? []
    : [
        {
          path: 'outage.ladderHours',
          message: `must contain outage.longHours (${longHours}), not only ${ladderHours.join(', ')}`,
        },
      ];

/** Between the two limits there must be voltage that ends an episode of either kind. */
const hysteresisLeavesABand: Rule = ({ voltage: { lowV, highV, hysteresisV } }) =>
  lowV + hysteresisV < highV - hysteresisV
    ? []
    : [
        {
          path: 'voltage.hysteresisV',
          message: `must be below half of the band from voltage.lowV (${lowV}) to voltage.highV (${highV}), not ${hysteresisV}`,
        },
      ];

const RULES: readonly Rule[] = [
  rising('voltage', ['lowCriticalV', 'lowMajorV', 'lowV', 'highV', 'highMajorV', 'highCriticalV']),
  hysteresisLeavesABand,
  rising('supply', ['deadBelowShare', 'liveFromShare']),
  rising('brokenNeutral', ['lowV', 'highV']),
  rising('load', ['heavyShare', 'overShare', 'severeShare']),
  rising('disconnection', ['noticeMinDays', 'noticeMaxDays'], 'atLeast'),
  rising('disconnection', ['fromHour', 'toHour']),
  ladderHasTheLimit,
  rising('complaints', ['proposeScore', 'linkScore'], 'atLeast'),
  rising('warnings', ['outageMajorCustomers', 'outageCriticalCustomers'], 'atLeast'),
  rising('notices', ['dayFromHour', 'dayToHour']),
];

/** Settings that are each within their bounds and do not go together. */
export const contradictionsIn = (policy: Policy): PolicyError[] => RULES.flatMap((rule) => rule(policy));
