import { parse } from 'yaml';
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
  note: string;
  changedBy: string;
}

export interface ChangedPolicy {
  /** Null after a dry run. */
  version: number | null;
  replaces: number;
  effectiveFrom: number;
  changes: PolicyDifference[];
}

/**
 * Writes a new version, or says what it would change. The text is a whole policy, or begins with `extends: current` (the version in
 * force at its own instant) or `extends: csg` and names only what differs.
 * @throws Fault `invalid_input` with path and bounds of every wrong value; for an instant in the past
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
  const replaces = active.at(effectiveFrom).version;
  const before = (await findVersion(tx, replaces))?.raw;
  const raw = wholeTree(treeOf(change.text), before);
  const reading = readPolicyTree(raw);
  if ('errors' in reading)
    throw refusal(reading.errors.map(({ path, message }) => ({ path: `body.text.${path}`, message })));
  const changes = differencesOf(before, raw);
  if (dryRun) return { version: null, replaces, effectiveFrom, changes };
  const { changedBy, note } = change;
  const { profile } = reading.policy;
  const version = await insertVersion(tx, { profile, raw, fromFile: false, effectiveFrom, changedBy, note });
  return { version, replaces, effectiveFrom, changes };
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
