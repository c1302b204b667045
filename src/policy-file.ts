import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Policy } from './domain/policy.js';
import { overlay, PolicySchema, sourcesOf } from './domain/policy.js';
import { Fault } from './fault.js';

/** The folder of the built-in profiles; from `src/` and from `dist/` it is the same step up. */
export const POLICY_FOLDER = join(import.meta.dirname, '..', 'policies');

export interface LoadedPolicy {
  policy: Policy;
  sources: Record<string, string>;
  /** The merged tree as written, for the database. */
  raw: unknown;
}

/**
 * Reads a policy file; `extends: csg` in it names a built-in profile to start from.
 * @throws Fault `misconfigured` naming file, path and bounds of every wrong value
 */
export function readPolicyFile(file: string): LoadedPolicy {
  const raw = resolveExtends(file);
  const result = PolicySchema.safeParse(raw);
  if (!result.success) {
    const lines = result.error.issues
      .map((issue) => `  ${issue.path.join('.') || '(top)'}: ${issue.message}`)
      .join('\n');
    throw new Fault('misconfigured', `The policy file ${file} is wrong:\n${lines}`);
  }
  return { policy: result.data, sources: sourcesOf(raw), raw };
}

export const builtInPolicyFile = (profile: string): string => join(POLICY_FOLDER, `${profile}.yaml`);

function resolveExtends(file: string): unknown {
  const tree = readYaml(file);
  if (typeof tree !== 'object' || tree === null || !('extends' in tree)) return tree;
  const { extends: base, ...rest } = tree as { extends: unknown };
  const baseFile = typeof base === 'string' && /^[\w-]+$/.test(base) ? builtInPolicyFile(base) : '';
  if (!existsSync(baseFile) || baseFile === file) {
    throw new Fault(
      'misconfigured',
      `The policy file ${file} extends ${JSON.stringify(base)}, which is not a built-in profile (csg, sgcc).`,
    );
  }
  return overlay(resolveExtends(baseFile), rest);
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
