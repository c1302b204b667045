import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Policy } from '../../domain/policy.js';
import type { LoadedPolicy } from '../../policy-file.js';
import { append } from '../journal/append.js';
import { at } from '../database/database.js';
import type { Database } from '../database/database.js';

/** The policy in force and the number of its version in the database, which every decision is stamped with. */
@Injectable()
export class ActivePolicy {
  constructor(
    readonly policy: Policy,
    readonly version: number,
    /** Path -> source of the number, for receipts. */
    readonly sources: Readonly<Record<string, string>>,
  ) {}

  /** Records the loaded policy as a version when its content is new, and makes it the active one. */
  static async activate(db: Database, loaded: LoadedPolicy): Promise<ActivePolicy> {
    const text = JSON.stringify(loaded.raw);
    const digest = createHash('sha256').update(text).digest('hex');
    const version = await db.inTx(async (tx) => {
      await tx.query('lock table policy_version in share row exclusive mode');
      const [newest] = await tx.query<{ id: number; digest: string }>(
        'select id, digest from policy_version order by id desc limit 1',
      );
      if (newest?.digest === digest) return newest.id;
      const [row] = await tx.query<{ id: number }>(
        `insert into policy_version (profile, digest, policy, effective_from, changed_by) values ($1, $2, $3, $4, 'start') returning id`,
        [loaded.policy.profile, digest, text, at(tx.now)],
      );
      const id = row?.id ?? 0;
      await append(tx, [
        {
          type: 'policy_changed',
          subjectType: 'policy',
          subjectId: id,
          happenedAt: tx.now,
          data: { versionId: id, profile: loaded.policy.profile },
        },
      ]);
      return id;
    });
    return new ActivePolicy(loaded.policy, version, loaded.sources);
  }
}
