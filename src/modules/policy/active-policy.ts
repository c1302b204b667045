import { Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../../clock.js';
import { differencesOf } from '../../domain/policy-difference.js';
import { PolicyTimeline } from '../../domain/policy-in-force.js';
import type { PolicyInForce, PolicyVersion } from '../../domain/policy-in-force.js';
import { readPolicyTree } from '../../domain/policy-tree.js';
import type { Sources } from '../../domain/policy-tree.js';
import { overlay } from '../../domain/policy.js';
import type { Policy } from '../../domain/policy.js';
import type { LoadedPolicy } from '../../policy-file.js';
import type { Database, Queryable, Tx } from '../database/database.js';
import { digestOf, digestOfLastFile, findVersion, insertVersion, lockVersions, treesAfter } from './policy-rows.js';

const logger = new Logger('policy');

/**
 * The policy in force. Its fields are those of this very instant; what decides inside a transaction takes `at(tx.now)` once, so that
 * everything in it is decided, and stamped, by one version.
 */
@Injectable()
export class ActivePolicy implements PolicyInForce {
  constructor(
    private readonly clock: Clock,
    private timeline: PolicyTimeline,
    private readonly file: LoadedPolicy,
  ) {}

  private lastRead = 0;

  /** Records the file as a version when it changed since the file was recorded last, and reads all versions. */
  static async activate(db: Database, file: LoadedPolicy): Promise<ActivePolicy> {
    await db.inTx((tx) => recordFile(tx, file));
    const active = new ActivePolicy(db.clock, new PolicyTimeline([]), file);
    await active.refresh(db);
    return active;
  }

  /** Takes in versions that were written since, here or by another replica; true when there were some. */
  async refresh(db: Queryable): Promise<boolean> {
    const rows = await treesAfter(db, this.lastRead);
    this.lastRead = Math.max(this.lastRead, rows.at(-1)?.version ?? 0);
    this.timeline = this.timeline.with(readVersions(rows, this.file));
    return rows.length > 0;
  }

  at(moment: number): PolicyInForce {
    return this.timeline.at(moment);
  }

  displacedBy(effectiveFrom: number, now: number): PolicyVersion[] {
    return this.timeline.displacedBy(effectiveFrom, now);
  }

  get policy(): Policy {
    return this.now.policy;
  }

  get version(): number {
    return this.now.version;
  }

  get sources(): Sources {
    return this.now.sources;
  }

  get areas(): PolicyInForce['areas'] {
    return this.now.areas;
  }

  policyFor(area: string): Policy {
    return this.now.policyFor(area);
  }

  sourcesFor(area: string): Sources {
    return this.now.sourcesFor(area);
  }

  policyAt(area: string, moment: number): Policy {
    return this.now.policyAt(area, moment);
  }

  private get now(): PolicyInForce {
    return this.at(this.clock.now());
  }
}

async function recordFile(tx: Tx, file: LoadedPolicy): Promise<void> {
  await lockVersions(tx);
  if ((await digestOfLastFile(tx)) === digestOf(file.raw)) return;
  const [replaced] = await tx.query<{ id: number }>(
    'select id from policy_version where not from_file and id = (select max(id) from policy_version)',
  );
  const version = await insertVersion(tx, {
    profile: file.policy.profile,
    raw: file.raw,
    fromFile: true,
    effectiveFrom: tx.now,
    changedBy: 'start',
    note: '',
  });
  if (replaced === undefined) return;
  const before = await findVersion(tx, replaced.id);
  const paths = differencesOf(before?.raw, file.raw).map(({ path }) => path);
  logger.warn(
    `the policy file changed: version ${version} replaces version ${replaced.id} of ${before?.changedBy ?? ''}; different: ${paths.join(', ') || 'nothing'}`,
  );
}

/** Newest first. Settings that a version does not know yet (it is older than this release) are taken from the file. */
function readVersions(
  rows: readonly { version: number; effectiveFrom: number; raw: unknown }[],
  file: LoadedPolicy,
): PolicyVersion[] {
  const { areas: _, ...whole } = file.raw as { areas?: unknown };
  return rows.toReversed().flatMap(({ version, effectiveFrom, raw }) => {
    const reading = readPolicyTree(overlay(whole, raw));
    if (!('errors' in reading)) return { ...reading, version, effectiveFrom };
    const [first] = reading.errors;
    logger.warn(
      `version ${version} of the policy does not fit this release: ${first?.path ?? ''} ${first?.message ?? ''}`,
    );
    return [];
  });
}
