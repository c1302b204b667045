/** One setting in which two versions differ; null = it is not there. */
export interface PolicyDifference {
  /** `outage.longHours`, `areas.north.voltage.lowV` */
  path: string;
  before: unknown;
  after: unknown;
  sourceBefore: string | null;
  sourceAfter: string | null;
}

interface Leaf {
  value: unknown;
  source: string | null;
}

/** What changes from one tree as written to another, in the order of their paths. A number that only got another source counts. */
export function differencesOf(before: unknown, after: unknown): PolicyDifference[] {
  const [from, to] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => JSON.stringify(from.get(path)) !== JSON.stringify(to.get(path)))
    .sort()
    .map((path) => {
      const [old, young] = [from.get(path), to.get(path)];
      return {
        path,
        before: old?.value ?? null,
        after: young?.value ?? null,
        sourceBefore: old?.source ?? null,
        sourceAfter: young?.source ?? null,
      };
    });
}

function leavesOf(tree: unknown, path = '', found = new Map<string, Leaf>()): Map<string, Leaf> {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) found.set(path, { value: tree, source: null });
  else if ('value' in tree && 'source' in tree) found.set(path, { value: tree.value, source: String(tree.source) });
  else for (const [key, value] of Object.entries(tree)) leavesOf(value, path === '' ? key : `${path}.${key}`, found);
  return found;
}
