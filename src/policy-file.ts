import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { overlay } from './domain/policy.js';
import { readPolicyTree } from './domain/policy-tree.js';
import type { PolicyReading } from './domain/policy-tree.js';
import { Fault } from './fault.js';

/** The folder of the built-in profiles; from `src/` and from `dist/` it is the same step up. */
export const POLICY_FOLDER = join(import.meta.dirname, '..', 'policies');

export interface LoadedPolicy extends PolicyReading {
  /** The merged tree as written, for the database. */
  raw: unknown;
}

/**
 * Reads a policy file; `extends: csg` in it names a built-in profile to start from.
 * @throws Fault `misconfigured` naming file, path and bounds of every wrong value
 */
export function readPolicyFile(file: string): LoadedPolicy {
  const raw = resolveExtends(file);
  const reading = readPolicyTree(raw);
  if ('errors' in reading) {
    const lines = reading.errors.map(({ path, message }) => `  ${path}: ${message}`).join('\n');
    throw new Fault('misconfigured', `The policy file ${file} is wrong:\n${lines}`);
  }
  return { ...reading, raw };
}

export const builtInPolicyFile = (profile: string): string => join(POLICY_FOLDER, `${profile}.yaml`);

/** The tree of a built-in profile, whole; null when there is none of that name. */
export function builtInTree(profile: string): unknown {
  const file = /^[\w-]+$/.test(profile) ? builtInPolicyFile(profile) : '';
  return existsSync(file) ? resolveExtends(file) : null;
}

function resolveExtends(file: string): unknown {
  const tree = readYaml(file);
  if (typeof tree !== 'object' || tree === null || !('extends' in tree)) return tree;
  const { extends: base, ...rest } = tree as { extends: unknown };
  const isItself = typeof base === 'string' && builtInPolicyFile(base) === file;
  const baseTree = typeof base === 'string' && !isItself ? builtInTree(base) : null;
  if (baseTree === null) {
    throw new Fault(
      'misconfigured',
      `The policy file ${file} extends ${JSON.stringify(base)}, which is not a built-in profile (csg, sgcc).`,
    );
  }
  return overlay(baseTree, rest);
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Fault('misconfigured', `The policy file ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
