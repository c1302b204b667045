import { MINUTE_MS } from '../instants.js';
import type { LoadClass, ServiceCase } from './service-case.js';

/** The group of like cases that an expected time was taken from. */
export interface ExpectedTime {
  minutes: number;
  /** What the group has in common; fewer words where too few cases were alike. */
  like: { setting?: string; extent?: string; load?: LoadClass };
  cases: number;
}

/** Minutes from the call to supply restored, of an order that is restored. */
export const minutesOf = ({ startedAt, restoredAt }: Pick<ServiceCase, 'startedAt' | 'restoredAt'>): number | null =>
  restoredAt === null ? null : Math.max(0, restoredAt - startedAt) / MINUTE_MS;

/**
 * What a case may be expected to take: the mean of all like cases of the utility, by place (town, country, remote), extent and how much
 * else was open in the area, so that nobody is rated down for remote places or storms. Where fewer than `likeCases` are alike, first the
 * extent is left out, then the load, then the place. Null while there are no cases at all.
 */
export function expectedTimes(
  reference: readonly ServiceCase[],
  loads: ReadonlyMap<number, LoadClass>,
  likeCases: number,
): (one: ServiceCase) => ExpectedTime | null {
  const groups = new Map<string, { like: ExpectedTime['like']; sum: number; cases: number }>();
  const widening = (one: ServiceCase): ExpectedTime['like'][] => {
    const { setting, extent } = one;
    const load = loads.get(one.orderId) ?? 'calm';
    return [{ setting, extent, load }, { setting, load }, { setting }, {}];
  };
  for (const one of reference) {
    const minutes = minutesOf(one);
    if (minutes === null) continue;
    for (const like of widening(one)) {
      const key = JSON.stringify(like);
      const group = groups.get(key) ?? { like, sum: 0, cases: 0 };
      group.sum += minutes;
      group.cases += 1;
      groups.set(key, group);
    }
  }
  return (one) => {
    const found = widening(one).flatMap((like) => groups.get(JSON.stringify(like)) ?? []);
    const group = found.find(({ cases }) => cases >= likeCases) ?? found.at(-1);
    return group === undefined ? null : { minutes: group.sum / group.cases, like: group.like, cases: group.cases };
  };
}
