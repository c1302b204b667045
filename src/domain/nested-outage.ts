import type { OutageMember, OutageRecord } from './outage-record.js';

/** Nested outages: what stays dead when most of an outage is back. Pure; instants are epoch milliseconds. */

export interface NestingRules {
  /** Of the transformers, so many measured live again are most of it. */
  share: number;
  /** How long after that the rest may take. */
  afterMs: number;
}

export interface Nesting {
  /** When most of it was back. */
  mostBackAt: number;
  /** When the rest becomes nested outages. */
  dueAt: number;
  /** All interruptions of the transformers that are not measured live again. */
  left: OutageMember[];
}

/**
 * What is left of an outage of which most is measured live again; null while that is not so, or when nothing is left. A dispatcher's
 * word that power is back counts for neither side: a transformer that it speaks of and that is not measured live while most others
 * are is left.
 */
export function nestingOf(members: readonly OutageMember[], { share, afterMs }: NestingRules): Nesting | null {
  const last = new Map<number, OutageMember>();
  for (const member of members)
    if (member.startedAt >= (last.get(member.transformerId)?.startedAt ?? member.startedAt))
      last.set(member.transformerId, member);
  const left = members.filter(({ transformerId }) => {
    const latest = last.get(transformerId);
    return latest !== undefined && !isMeasuredBack(latest);
  });
  const backAt = [...last.values()]
    .filter(isMeasuredBack)
    .map(({ endedAt }) => endedAt ?? 0)
    .sort((a, b) => a - b);
  const mostBackAt = backAt[Math.max(1, Math.ceil(last.size * share)) - 1];
  return left.length === 0 || mostBackAt === undefined ? null : { mostBackAt, dueAt: mostBackAt + afterMs, left };
}

export const isMeasuredBack = ({ endedAt, endSource }: OutageMember): boolean =>
  endedAt !== null && endSource !== 'dispatcher';

/** Rules nest neither what a person put together nor what a person closed. */
export const mayNest = ({ state, mergedIntoId, decided }: OutageRecord): boolean =>
  state !== 'discarded' && mergedIntoId === null && decided.members !== true && decided.state !== 'closed';
