import type { AssetKind } from './asset-rows.js';

/** Which kinds an asset may hang below. Sections branch, so a section may hang below a section. */
const PARENTS: Record<AssetKind, readonly AssetKind[]> = {
  substation: [],
  feeder: ['substation'],
  section: ['feeder', 'section'],
  transformer: ['section', 'feeder'],
};

export interface Placed {
  code: string;
  kind: AssetKind;
  parentCode: string | null;
}

/**
 * Checks the tree that a file would make: every parent is there (in the register or in the file, in any order), of a kind that may be a
 * parent, and nothing hangs below itself. A row that is refused takes the rows with it that needed it.
 * @param rows what the file gives, by line; codes are unique
 * @param registered the register: every asset that `rows` name, their parents, and all ancestors of those
 * @returns line -> reason of the refused rows
 */
export function checkTree(
  rows: ReadonlyMap<number, Placed>,
  registered: ReadonlyMap<string, Placed>,
): Map<number, string> {
  const refused = new Map<number, string>();
  const lineOf = new Map([...rows].map(([line, row]) => [row.code, line]));
  const standing = new Map([...rows.values()].map((row) => [row.code, row]));
  const find = (code: string): Placed | undefined => standing.get(code) ?? registered.get(code);

  for (let changed = true; changed;) {
    changed = false;
    const refuse = (line: number, code: string, reason: string): void => {
      refused.set(line, reason);
      standing.delete(code); // what the register has of it stays as it is
      changed = true;
    };
    for (const [line, row] of rows) {
      if (refused.has(line) || row.parentCode === null) continue;
      const reason = faultOfParent(row, find(row.parentCode), lineOf.get(row.parentCode));
      if (reason !== null) refuse(line, row.code, reason);
    }
    for (const cycle of cyclesOf(standing, find)) {
      for (const code of cycle) {
        const line = lineOf.get(code);
        if (line === undefined || refused.has(line)) continue;
        refuse(line, code, `would hang below itself: ${[code, ...rotate(cycle, code)].join(' < ')}`);
      }
    }
  }
  return refused;
}

function faultOfParent(row: Placed, parent: Placed | undefined, parentLine: number | undefined): string | null {
  if (parent === undefined) {
    return parentLine === undefined
      ? `parent_code ${String(row.parentCode)} is neither in the register nor in this file`
      : `parent_code ${String(row.parentCode)} is on line ${parentLine}, which was rejected`;
  }
  const allowed = PARENTS[row.kind];
  if (allowed.includes(parent.kind)) return null;
  return allowed.length === 0
    ? `a ${row.kind} has no parent; leave parent_code empty`
    : `a ${row.kind} cannot hang below the ${parent.kind} ${parent.code}; only below a ${allowed.join(' or ')}`;
}

/** All cycles of the parent relation that can be reached from the standing rows; each once, from child to parent. */
function cyclesOf(standing: ReadonlyMap<string, Placed>, find: (code: string) => Placed | undefined): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of standing.keys()) {
    const trail = new Map<string, number>();
    let code: string | null = start;
    while (code !== null && !done.has(code) && !trail.has(code)) {
      trail.set(code, trail.size);
      code = find(code)?.parentCode ?? null;
    }
    if (code !== null && trail.has(code)) cycles.push([...trail.keys()].slice(trail.get(code)));
    for (const visited of trail.keys()) done.add(visited);
  }
  return cycles;
}

/** The cycle from the parent of `code` round to `code` again. */
function rotate(cycle: readonly string[], code: string): string[] {
  const index = cycle.indexOf(code) + 1;
  return [...cycle.slice(index), ...cycle.slice(0, index)];
}
