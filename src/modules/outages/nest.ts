import { MINUTE_MS } from '../../domain/instants.js';
import { isMeasuredBack, mayNest, nestingOf } from '../../domain/nested-outage.js';
import type { NestingRules } from '../../domain/nested-outage.js';
import { groupDead, groupedFrom } from '../../domain/outage-grouping.js';
import type { DeadTransformer } from '../../domain/outage-grouping.js';
import type { OutageMember } from '../../domain/outage-record.js';
import type { Policy } from '../../domain/policy.js';
import type { Tx } from '../database/database.js';
import { pathsAt, transformersBelow } from './network-at.js';
import { addNews, newRecord } from './outage-board.js';
import type { BoardOutage, OutageBoard } from './outage-board.js';
import { takeIds } from './outage-rows.js';
import { groupingRules } from './regroup.js';

export const nestingRules = ({ outage }: Policy): NestingRules => ({
  share: outage.nestedShare,
  afterMs: outage.nestedAfterMinutes * MINUTE_MS,
});

/**
 * Takes what stays dead out of outages of which most is back, into nested outages with their own root and the original begin, so that
 * the others can close. Of a planned work the rest is given until the end of its window.
 */
export async function nestRest(
  tx: Tx,
  board: OutageBoard,
  ids: Iterable<number>,
  policy: Policy,
  policyVersion: number,
): Promise<void> {
  for (const id of ids) {
    const outage = board.outages.get(id);
    if (outage === undefined || !mayNest(outage.before)) continue;
    const nesting = nestingOf(outage.members, nestingRules(policy));
    const windowEndsAt = board.works.get(outage.plannedOutageId ?? -1)?.endsAt ?? nesting?.dueAt ?? 0;
    if (nesting === null || Math.max(nesting.dueAt, windowEndsAt) > tx.now) continue;
    const groups = await groupsOf(tx, nesting.left, policy);
    const newIds = await takeIds(tx, groups.length);
    groups.forEach(({ rootAssetId, members }, index) => {
      const made = board.put({
        ...newRecord(newIds[index] ?? 0, rootAssetId, outage.before.startedAt, policyVersion),
        ...inheritedBy(outage),
        evidence: { nestedSince: tx.now, mostBackAt: nesting.mostBackAt },
      });
      made.plannedOutageId = outage.plannedOutageId;
      made.confirmAt = outage.before.confirmedAt;
      made.members = members;
      for (const member of members) {
        if (isMeasuredBack(member)) continue;
        member.endedAt = null;
        member.endSource = null;
      }
    });
    const nested = new Set(nesting.left);
    outage.members = outage.members.filter((member) => !nested.has(member));
    const count = new Set(nesting.left.map(({ transformerId }) => transformerId)).size;
    const reason = {
      en: `${count} transformers stay without supply: outages ${newIds.join(', ')}`,
      zh: `${count} 个台区仍未复电，列为停电事件 ${newIds.join('、')}`,
    };
    addNews(outage, reason, tx.now);
  }
}

/** What a person said of the nature and the cause holds for the rest, too; the expected restoration does not. */
function inheritedBy({ before: { id, cause, decided } }: BoardOutage) {
  return {
    parentId: id,
    cause,
    decided: {
      ...(decided.nature === undefined ? {} : { nature: decided.nature }),
      ...(decided.cause === undefined ? {} : { cause: decided.cause }),
    },
  };
}

async function groupsOf(
  tx: Tx,
  left: readonly OutageMember[],
  policy: Policy,
): Promise<{ rootAssetId: number; members: OutageMember[] }[]> {
  const paths = await pathsAt(
    tx,
    left.map(({ transformerId, startedAt }) => ({ transformerId, moment: startedAt })),
  );
  const memberOf = new Map<DeadTransformer, OutageMember>();
  left.forEach((member, index) => {
    const { path, substations } = paths[index] ?? { path: [member.transformerId], substations: 0 };
    const { transformerId, startedAt: since, endedAt } = member;
    memberOf.set(
      {
        transformerId,
        path: path.slice(substations),
        since,
        notBefore: groupedFrom(member),
        endedAt,
        outageId: null,
        window: null,
      },
      member,
    );
  });
  const tops = [...new Set([...memberOf.keys()].flatMap(({ path }) => path[0] ?? []))];
  return groupDead([...memberOf.keys()], await transformersBelow(tx, tops), groupingRules(policy)).map(
    ({ rootAssetId, members }) => ({
      rootAssetId,
      members: members.flatMap((loss) => memberOf.get(loss) ?? []),
    }),
  );
}
