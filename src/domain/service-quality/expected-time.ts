import { MINUTE_MS } from '../instants.js';
import { partition } from '../partition.js';
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
  const alike = partition(
    reference.filter(({ restoredAt }) => restoredAt !== null),
    (one) => keyOf(one, loads),
  );
  const finest = [...alike.values()].map((cases) => ({
    one: likeOf(cases[0] as ServiceCase, loads),
    sum: cases.reduce((sum, one) => sum + (minutesOf(one) ?? 0), 0),
    cases: cases.length,
  }));
  const known = new Map<string, ExpectedTime | null>();
  return (one) => {
    const key = keyOf(one, loads);
    let expected = known.get(key);
    if (expected === undefined) known.set(key, (expected = widen(likeOf(one, loads), finest, likeCases)));
    return expected;
  };
}

type Like = Required<ExpectedTime['like']>;

const likeOf = ({ orderId, setting, extent }: ServiceCase, loads: ReadonlyMap<number, LoadClass>): Like => ({
  setting,
  extent,
  load: loads.get(orderId) ?? 'calm',
});

const keyOf = ({ orderId, setting, extent }: ServiceCase, loads: ReadonlyMap<number, LoadClass>): string =>
  `${setting}|${extent}|${loads.get(orderId) ?? 'calm'}`;

/** The first of the ever wider groups that has enough cases, or else the widest. */
function widen(
  { setting, extent, load }: Like,
  finest: readonly { one: Like; sum: number; cases: number }[],
  likeCases: number,
): ExpectedTime | null {
  const wider: ExpectedTime['like'][] = [{ setting, extent, load }, { setting, load }, { setting }, {}];
  let widest: ExpectedTime | null = null;
  for (const like of wider) {
    const within = finest.filter(({ one }) =>
      Object.entries(like).every(([name, value]) => one[name as keyof Like] === value),
    );
    const cases = within.reduce((count, group) => count + group.cases, 0);
    if (cases === 0) continue;
    widest = { minutes: within.reduce((sum, group) => sum + group.sum, 0) / cases, like, cases };
    if (cases >= likeCases) break;
  }
  return widest;
}
