import type { z } from 'zod';
import { boundsAt, isSetting, namesIn } from './policy-bounds.js';
import { contradictionsIn } from './policy-rules.js';
import type { PolicyError } from './policy-rules.js';
import { overlay, PolicySchema, sourcesOf } from './policy.js';
import type { Policy } from './policy.js';

export type Sources = Readonly<Record<string, string>>;

/** The limits of one place: the utility, or an area that differs from it. */
export interface Limitation {
  readonly policy: Policy;
  /** Path -> source of the number, for receipts. */
  readonly sources: Sources;
}

export interface PolicyReading extends Limitation {
  /** The areas that differ, each with its whole policy. */
  readonly areas: ReadonlyMap<string, Limitation>;
}

/**
 * What may differ by area: sections, or single settings of those that otherwise hold for the whole utility (windows in which losses of
 * several areas are grouped, counts over all customers). A setting belongs here once the code that uses it asks for the area's policy.
 */
const BY_AREA = [
  'supply.nominalV',
  'supply.deadBelowShare',
  'supply.liveFromShare',
  'supply.slowestIntervalMinutes',
  'voltage',
  'phaseLoss',
  'brokenNeutral',
  'load',
  'unbalance',
  'outage.momentaryMinutes',
  'outage.longHours',
  'outage.ladderHours',
  'reconnection',
  'disconnection',
  'remoteReconnection',
  'warnings.offlineMinutes',
  'warnings.outageMajorCustomers',
  'warnings.outageCriticalCustomers',
];

/**
 * Reads a whole policy as written: sections of `{ value, source }` leaves, and `areas: { <area>: { part of the tree } }`.
 * @returns the policy, or every wrong value with its path and its bounds
 */
export function readPolicyTree(raw: unknown): PolicyReading | { errors: PolicyError[] } {
  if (!isTree(raw)) return { errors: [{ path: '(top)', message: 'must be a tree of settings' }] };
  const { areas: areaTrees = {}, ...tree } = raw;
  const whole = readLimits(tree);
  const errors = 'errors' in whole ? [...whole.errors] : [];
  if (!isTree(areaTrees)) return { errors: [...errors, { path: 'areas', message: 'must name areas' }] };
  const areas = new Map<string, Limitation>();
  for (const [area, areaTree] of Object.entries(areaTrees)) {
    const found = readArea(tree, areaTree, new Set(errors.map(({ path }) => path)));
    if ('errors' in found)
      errors.push(...found.errors.map(({ path, message }) => ({ path: joined(`areas.${area}`, path), message })));
    else areas.set(area, found);
  }
  return errors.length > 0 || 'errors' in whole ? { errors } : { ...whole, areas };
}

function readArea(tree: object, areaTree: unknown, known: ReadonlySet<string>): Limitation | { errors: PolicyError[] } {
  if (!isTree(areaTree)) return { errors: [{ path: '', message: 'must be a tree of the settings that differ' }] };
  const foreign = leavesOf(areaTree).filter(
    (path) => isSetting(path) && !BY_AREA.some((one) => path === one || path.startsWith(`${one}.`)),
  );
  if (foreign.length > 0) {
    const message = `holds for the whole utility; what may differ by area: ${BY_AREA.join(', ')}`;
    return { errors: foreign.map((path) => ({ path, message })) };
  }
  const found = readLimits(overlay(tree, areaTree));
  if (!('errors' in found)) return found;
  // What is wrong in the whole utility's tree is said once, there.
  const errors = found.errors.filter(({ path }) => !known.has(path));
  return { errors };
}

function readLimits(tree: unknown): Limitation | { errors: PolicyError[] } {
  const result = PolicySchema.safeParse(tree);
  if (!result.success) return { errors: result.error.issues.flatMap((issue) => sayIssue(issue, tree)) };
  const errors = contradictionsIn(result.data);
  return errors.length > 0 ? { errors } : { policy: result.data, sources: sourcesOf(tree) };
}

/** One sentence for each wrong setting: its path as people write it, its bounds, what was given. */
function sayIssue(issue: z.core.$ZodIssue, tree: unknown): PolicyError[] {
  if (issue.code === 'unrecognized_keys') {
    const where = pathOf(issue.path);
    const known = namesIn(where)?.join(', ') ?? 'none';
    return issue.keys.map((key) => ({ path: joined(where, key), message: `is not known here; known are ${known}` }));
  }
  const path = pathOf(issue.path.filter((part) => part !== 'value'));
  if (issue.path.at(-1) === 'source') return [{ path, message: 'must say where the value comes from' }];
  const given = issue.path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | null)?.[part], tree);
  const isWholeLeaf = isSetting(path) && path !== 'profile' && !issue.path.includes('value');
  const must = isWholeLeaf ? `{ value: ${boundsAt(path)}, source: text }` : boundsAt(path);
  if (given === undefined) return [{ path, message: `is missing; must be ${must}` }];
  return [{ path, message: `must be ${must}, not ${JSON.stringify(given)}` }];
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const joined = (before: string, path: string): string => [before, path].filter((part) => part !== '').join('.');

/** `outage.ladderHours[1]` */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : joined(text, String(part))), '');

/** The paths of everything that is no section. */
function leavesOf(tree: unknown, path = ''): string[] {
  if (!isTree(tree) || 'value' in tree || 'source' in tree) return [path];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, joined(path, key)));
}
