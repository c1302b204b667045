import { parse } from 'yaml';
import { formatInstant } from '../../domain/instants.js';
import { differencesOf } from '../../domain/policy-difference.js';
import type { PolicyDifference } from '../../domain/policy-difference.js';
import { readPolicyTree } from '../../domain/policy-tree.js';
import { overlay } from '../../domain/policy.js';
import { Fault } from '../../fault.js';
import type { InputError } from '../../fault.js';
import { builtInTree } from '../../policy-file.js';
import type { Tx } from '../database/database.js';
import type { ActivePolicy } from './active-policy.js';
import { findVersion, insertVersion, lockVersions } from './policy-rows.js';

/** What a person asks for. `text`: a tree, or YAML (JSON is YAML, too); `effectiveFrom` null = at once. */
export interface PolicyChange {
  text: string | Readonly<Record<string, unknown>>;
  effectiveFrom: number | null;
  /** Versions yet to begin that this one may keep from ever being in force. */
  supersedes: readonly number[];
  note: string;
  changedBy: string;
}

export interface ChangedPolicy {
  /** Null after a dry run. */
  version: number | null;
  replaces: number;
  effectiveFrom: number;
  /** Versions yet to begin that never will be in force. */
  supersedes: { version: number; effectiveFrom: number }[];
  changes: PolicyDifference[];
}

/**
 * Writes a new version, or says what it would change. The text is a whole policy, or begins with `extends: current` (the version in
 * force at its own instant) or `extends: csg` and names only what differs.
 * @throws Fault `invalid_input` with path and bounds of every wrong value; for an instant in the past.
 *   Fault `policy_version_scheduled` when a version is yet to begin, never would, and `supersedes` does not name it (not after a dry run)
 */
export async function changePolicy(
  tx: Tx,
  active: ActivePolicy,
  change: PolicyChange,
  dryRun: boolean,
): Promise<ChangedPolicy> {
  await lockVersions(tx);
  await active.refresh(tx);
  const effectiveFrom = change.effectiveFrom ?? tx.now;
  if (effectiveFrom < tx.now)
    throw refusal([
      { path: 'body.effectiveFrom', message: 'lies in the past; leave it out for a change that begins at once' },
    ]);
  const supersedes = active
    .displacedBy(effectiveFrom, tx.now)
    .map((one) => ({ version: one.version, effectiveFrom: one.effectiveFrom }));
  const replaces = active.at(effectiveFrom).version;
  const before = (await findVersion(tx, replaces))?.raw;
  const raw = wholeTree(treeOf(change.text), before);
  const reading = readPolicyTree(raw);
  if ('errors' in reading)
    throw refusal(reading.errors.map(({ path, message }) => ({ path: `body.text.${path}`, message })));
  const changes = differencesOf(before, raw);
  if (dryRun) return { version: null, replaces, effectiveFrom, supersedes, changes };
  checkSuperseded(supersedes, change.supersedes);
  const { changedBy, note } = change;
  const { profile } = reading.policy;
  const version = await insertVersion(tx, { profile, raw, fromFile: false, effectiveFrom, changedBy, note });
  return { version, replaces, effectiveFrom, supersedes, changes };
}

/** Nobody's scheduled version goes without a word: the caller names what it replaces, neither less nor more. */
function checkSuperseded(displaced: ChangedPolicy['supersedes'], named: readonly number[]): void {
  const numbers = displaced.map(({ version }) => version);
  const wrong = named.find((version) => !numbers.includes(version));
  if (wrong !== undefined)
    throw refusal([
      { path: 'body.supersedes', message: `names version ${wrong}, which this change does not replace; leave it out` },
    ]);
  if (numbers.every((version) => named.includes(version))) return;
  const which = displaced
    .map(({ version, effectiveFrom }) => `version ${version}, to begin at ${formatInstant(effectiveFrom)}`)
    .join(', and ');
  const message = `would never be in force if this change were written: ${which}. Give "supersedes": ${JSON.stringify(numbers)} to replace it for good, or let this change begin later`;
  throw new Fault('conflict', message, {
    problem: 'policy_version_scheduled',
    errors: [{ path: 'body.supersedes', message }],
  });
}

function treeOf(text: PolicyChange['text']): unknown {
  if (typeof text !== 'string') return text;
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw refusal([{ path: 'body.text', message: `is neither YAML nor JSON: ${(error as Error).message}` }], error);
  }
}

function wholeTree(tree: unknown, current: unknown): unknown {
  if (typeof tree !== 'object' || tree === null || !('extends' in tree)) return tree;
  const { extends: base, ...rest } = tree;
  const baseTree = base === 'current' ? current : builtInTree(String(base));
  if (baseTree === null)
    throw refusal([
      { path: 'body.text.extends', message: `must be current, csg or sgcc, not ${JSON.stringify(base)}` },
    ]);
  return overlay(baseTree, rest);
}

const refusal = (errors: readonly InputError[], cause?: unknown): Fault =>
  new Fault('invalid_input', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors, cause });
