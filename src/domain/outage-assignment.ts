import type { OutageGroup } from './outage-grouping.js';
import { partition } from './partition.js';

/** An outage as it stands before new losses are grouped. */
export interface StandingOutage {
  id: number;
  rootAssetId: number;
  plannedOutageId: number | null;
  startedAt: number;
}

/** Where a group goes. */
export interface Assignment {
  group: OutageGroup;
  /** The outage that goes on as this group; null = a new one. */
  outageId: number | null;
  rootAssetId: number;
  /** Outages that end by becoming part of this one. */
  mergedIds: number[];
}

/**
 * Lays groups upon the outages that their members are in. An outage goes on in the group that holds most of it; where several come
 * together the eldest stays and the others are merged into it. Outages of which no member is grouped are not touched.
 * O(members + outages).
 */
export function assignGroups(groups: readonly OutageGroup[], standing: readonly StandingOutage[]): Assignment[] {
  const outages = new Map(standing.map((outage) => [outage.id, outage]));
  const claims = partition(homesOf(groups), ([, group]) => group);
  return groups.map((group) => {
    const claiming = (claims.get(group) ?? []).flatMap(([outageId]) => outages.get(outageId) ?? []);
    const claimants = claiming.toSorted(
      (a, b) =>
        Number(b.plannedOutageId === group.plannedOutageId) - Number(a.plannedOutageId === group.plannedOutageId) ||
        a.startedAt - b.startedAt ||
        a.id - b.id,
    );
    const [stays, ...merged] = claimants;
    return {
      group,
      outageId: stays?.id ?? null,
      rootAssetId: stays === undefined ? group.rootAssetId : widerRoot(group, stays),
      mergedIds: merged.map(({ id }) => id),
    };
  });
}

/** For each outage the group that holds most of its members; the first such group in the order given. */
function homesOf(groups: readonly OutageGroup[]): Map<number, OutageGroup> {
  const best = new Map<number, { group: OutageGroup; members: number }>();
  for (const group of groups) {
    const counts = new Map<number, number>();
    for (const { outageId } of group.members)
      if (outageId !== null) counts.set(outageId, (counts.get(outageId) ?? 0) + 1);
    for (const [outageId, members] of counts)
      if (members > (best.get(outageId)?.members ?? 0)) best.set(outageId, { group, members });
  }
  return new Map([...best].map(([outageId, { group }]) => [outageId, group]));
}

/** A root once found does not narrow as long as it covers the group. */
function widerRoot(group: OutageGroup, stays: StandingOutage): number {
  if (group.plannedOutageId !== null || stays.plannedOutageId !== null) return group.rootAssetId;
  const covers = group.members.every(({ path }) => {
    const at = path.indexOf(stays.rootAssetId);
    return at !== -1 && at < path.indexOf(group.rootAssetId);
  });
  return covers ? stays.rootAssetId : group.rootAssetId;
}
