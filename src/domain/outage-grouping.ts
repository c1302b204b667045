import { CORROBORATED } from './corroboration.js';
import type { OutageMember } from './outage-record.js';
import { partition } from './partition.js';

/**
 * Which dead transformers belong to one outage. Pure; instants are epoch milliseconds.
 *
 * Loss of supply within `windowMs` of one another is one event (single linkage: a chain of losses, each within the window of another).
 * Single linkage and shares that only grow make the result monotone: further dead transformers join groups together and never take
 * one apart, so the order in which terminals are heard does not matter. Losses further apart in time stay separate outages, also
 * below one asset: each has its own cause and its own eight hours.
 */
export interface DeadTransformer {
  transformerId: number;
  /** From the feeder (the topmost asset below the substation) down to the transformer itself. */
  path: readonly number[];
  /** When it was first known without supply. */
  since: number;
  /** The earliest instant at which it can have lost supply: its last reading, or when it fell silent. At most `since`. */
  notBefore: number;
  /** Supply was back then; null = it lasts. */
  endedAt: number | null;
  /** The outage that it is in already. */
  outageId: number | null;
  /** The planned window that it lies in, if any: such a loss belongs to that work and to nothing else. */
  window: { plannedOutageId: number; assetId: number } | null;
}

/**
 * The earliest instant at which a loss can have begun, for grouping. A terminal's own word is exact, and a suspected loss began with the
 * neighbours that speak for it: the long silence before either must not join outages that are hours apart.
 */
export const groupedFrom = ({
  source,
  startedAt,
  notBefore,
}: Pick<OutageMember, 'source' | 'startedAt' | 'notBefore'>) =>
  source === 'power_off' || source === CORROBORATED ? startedAt : notBefore;

export interface GroupingRules {
  windowMs: number;
  /** Share of an asset's transformers from which on the asset itself is taken to be without supply. */
  share: number;
  minTransformers: number;
  /** A loss that begins within this of the end of the transformer's loss before it is the same trouble, */
  returnMs: number;
  /** if the one before it lasted longer than this. */
  momentaryMs: number;
}

export interface OutageGroup {
  rootAssetId: number;
  plannedOutageId: number | null;
  members: DeadTransformer[];
}

/**
 * Groups losses of supply. A group's root is the highest asset, not above the feeder, where at least `minTransformers` and `share` of
 * its transformers are dead, in at least two of its children; where they all lie below one child, the root is that child's.
 * O(n log n + n x depth).
 * @param totals transformers below each asset that occurs in a path
 */
export function groupDead(
  dead: readonly DeadTransformer[],
  totals: ReadonlyMap<number, number>,
  rules: GroupingRules,
): OutageGroup[] {
  const sorted = dead.toSorted(
    (a, b) => a.notBefore - b.notBefore || a.since - b.since || a.transformerId - b.transformerId,
  );
  const planned = [...partition(sorted, ({ window }) => window && `${window.plannedOutageId}/${window.assetId}`)]
    .filter(([key]) => key !== null)
    .map(([, members]) => plannedGroup(members));
  const faults = sorted.filter(({ window }) => window === null);
  const groups = [...partition(faults, ({ path }) => path[0]).values()].flatMap((members) =>
    descend(members, 0, totals, rules),
  );
  return [...planned, ...keepTogether(groups, rules)];
}

function plannedGroup(members: DeadTransformer[]): OutageGroup {
  const window = members[0]?.window;
  return { rootAssetId: window?.assetId ?? 0, plannedOutageId: window?.plannedOutageId ?? null, members };
}

/** All of `members` lie below the asset at `depth` of their paths. */
function descend(
  members: DeadTransformer[],
  depth: number,
  totals: ReadonlyMap<number, number>,
  rules: GroupingRules,
): OutageGroup[] {
  const asset = members[0]?.path[depth] ?? 0;
  return chains(members, rules.windowMs).flatMap((chain) => {
    const children = partition(chain, ({ path }) => path[depth + 1]);
    const isLeaf = children.size === 1 && children.has(undefined);
    const transformers = new Set(chain.map(({ transformerId }) => transformerId)).size;
    const isWholeAsset =
      children.size >= 2 &&
      transformers >= rules.minTransformers &&
      transformers >= rules.share * (totals.get(asset) ?? transformers);
    if (isLeaf || isWholeAsset) return [{ rootAssetId: asset, plannedOutageId: null, members: chain }];
    return [...children.values()].flatMap((below) => descend(below, depth + 1, totals, rules));
  });
}

/** Cuts losses, sorted by `notBefore`, wherever none of those before lies within the window. */
function chains(sorted: readonly DeadTransformer[], windowMs: number): DeadTransformer[][] {
  const result: DeadTransformer[][] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const loss of sorted) {
    if (loss.notBefore > latest + windowMs) result.push([]);
    result.at(-1)?.push(loss);
    latest = Math.max(latest, loss.since);
  }
  return result;
}

/**
 * The rules never take an outage apart, even when the network or the policy has changed since: that is a person's decision. And where
 * supply that was just back goes again on a transformer, the outage goes on.
 */
function keepTogether(groups: readonly OutageGroup[], rules: GroupingRules): OutageGroup[] {
  const leader = groups.map((_, index) => index);
  const find = (index: number): number => {
    let top = index;
    while (leader[top] !== top) top = leader[top] ?? 0;
    leader[index] = top;
    return top;
  };
  const firstOf = new Map<number, number>();
  groups.forEach(({ members }, index) => {
    for (const { outageId } of members) {
      if (outageId === null) continue;
      const first = firstOf.get(outageId);
      if (first === undefined) firstOf.set(outageId, index);
      else leader[find(index)] = find(first);
    }
  });
  for (const [before, after] of returnsIn(groups, rules)) leader[find(after)] = find(before);
  const united = partition([...groups.entries()], ([index]) => find(index));
  return [...united.values()].map((parts) => {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only[1];
    const members = parts.flatMap(([, group]) => group.members);
    return { rootAssetId: commonRoot(parts.map(([, group]) => group)), plannedOutageId: null, members };
  });
}

/** Pairs of groups, by their places, of which the second holds a transformer whose supply went again soon after the first. */
function returnsIn(groups: readonly OutageGroup[], { returnMs, momentaryMs }: GroupingRules): [number, number][] {
  const losses = groups.flatMap(({ members }, place) => members.map((loss) => ({ loss, place })));
  return [...partition(losses, ({ loss }) => loss.transformerId).values()].flatMap((own) => {
    const inTime = own.toSorted((a, b) => a.loss.since - b.loss.since);
    // Every pair, not only neighbours: a loss between them that is known late must not part what was together.
    return inTime.flatMap(({ loss, place }, index) =>
      inTime.slice(0, index).flatMap((before): [number, number][] => {
        const { since, endedAt } = before.loss;
        if (endedAt === null || endedAt - since <= momentaryMs || loss.since - endedAt > returnMs) return [];
        return [[before.place, place]];
      }),
    );
  });
}

/** The deepest asset above the roots of all groups; the first member's feeder when they share none. */
function commonRoot(groups: readonly OutageGroup[]): number {
  const [first, ...rest] = groups.flatMap(({ rootAssetId, members }) =>
    members.map(({ path }) => (path.includes(rootAssetId) ? path.slice(0, path.indexOf(rootAssetId) + 1) : path)),
  );
  let common = first?.[0] ?? 0;
  for (const [depth, asset] of (first ?? []).entries()) {
    if (!rest.every((path) => path[depth] === asset)) break;
    common = asset;
  }
  return common;
}
