import type { Pause } from '../../domain/deadline-receipt.js';
import type { Queryable } from '../database/database.js';

/** What a promise is told by: all stages of one kind and subject. */
export interface PromiseKey {
  kind: string;
  subjectType: string;
  subjectId: number;
}

export const keyOf = ({ kind, subjectType, subjectId }: PromiseKey): string => `${kind}|${subjectType}|${subjectId}`;

/** The pauses of many promises, in order of time. Most promises have none. */
export async function pausesOf(db: Queryable, promises: readonly PromiseKey[]): Promise<Map<string, Pause[]>> {
  const found = new Map<string, Pause[]>();
  if (promises.length === 0) return found;
  const rows = await db.query<PromiseKey & { from: number; to: number | null; why: string; evidence: string }>(
    `select kind, subject_type as "subjectType", subject_id as "subjectId", paused_at as "from", resumed_at as "to",
            reason as why, evidence
     from deadline_pause
     where (kind, subject_type, subject_id) in (select * from unnest($1::text[], $2::text[], $3::bigint[]))
     order by paused_at, id`,
    [promises.map(({ kind }) => kind), promises.map((one) => one.subjectType), promises.map((one) => one.subjectId)],
  );
  for (const { from, to, why, evidence, ...key } of rows) {
    found.set(keyOf(key), [...(found.get(keyOf(key)) ?? []), { from, to, why, evidence }]);
  }
  return found;
}
