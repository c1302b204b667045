import { formatInstant } from '../instants.js';
import type { JournalEntry } from '../journal-entry.js';
import type { Facts, OutageFacts } from './facts.js';
import { subjectOf } from './long-outage-rules.js';
import { NATURE_NAMES, NATURE_NAMES_EN } from './texts.js';
import { liveOf } from './warning.js';
import type { Decision, Records } from './warning.js';

/**
 * A stage of an expected restoration is due: `soon` raises minor, `passed` makes the same warning major. A stage of an expectation
 * that was moved meanwhile, or of an outage that is over, says nothing.
 */
export function decideRestoration(
  entry: Extract<JournalEntry, { type: 'deadline_fired' }>,
  facts: Facts,
  records: Records,
): Decision[] {
  const outage = facts.outages.get(entry.subjectId);
  const expectedAt = outage?.estimatedRestorationAt ?? null;
  if (outage === undefined || expectedAt === null || outage.endedAt !== null || outage.state === 'discarded') return [];
  const { stage, dueAt } = entry.data;
  const hasPassed = stage === 'passed';
  if (hasPassed ? expectedAt !== dueAt : expectedAt <= dueAt) return [];
  const known = liveOf(records, 'restoration_overdue', 'outage', outage.id);
  return [
    {
      action: 'raise',
      why: hasPassed
        ? { zh: '预计恢复时间已过', en: 'the expected restoration has passed' }
        : { zh: '预计恢复时间临近', en: 'the expected restoration is near' },
      draft: {
        kind: 'restoration_overdue',
        severity: hasPassed ? 'major' : 'minor',
        subject: subjectOf('outage', outage.id, outage.root),
        assetId: outage.root.assetId,
        outageId: outage.id,
        title: `${outage.root.name} ${NATURE_NAMES[outage.nature]}${hasPassed ? '已过预计恢复时间' : '预计恢复时间临近'}（${formatInstant(expectedAt).slice(11, 16)}）`,
        titleEn: `${outage.root.name} ${NATURE_NAMES_EN[outage.nature]}: expected restoration (${formatInstant(expectedAt).slice(11, 16)}) ${hasPassed ? 'has passed' : 'is near'}`,
        happenedAt: known?.happenedAt ?? dueAt,
        dueAt: expectedAt,
        evidence: {
          nature: outage.nature,
          startedAt: outage.startedAt,
          estimatedRestorationAt: expectedAt,
          customersAffected: outage.customersAffected,
          parentId: outage.parentId,
          responsible: outage.responsible,
        },
        advice: ['联系抢修队伍核实进度，更新预计恢复时间', '时间推迟的，先通知客户再更新'],
      },
    },
  ];
}

/** The expected restoration is another now, or none: the warning of the old one is done. */
export function endMovedRestoration(outage: OutageFacts, at: number, records: Records): Decision[] {
  const known = liveOf(records, 'restoration_overdue', 'outage', outage.id);
  if (known === null || known.evidence.estimatedRestorationAt === outage.estimatedRestorationAt) return [];
  const note =
    outage.estimatedRestorationAt === null
      ? { zh: '预计恢复时间已撤销', en: 'no restoration is expected any more' }
      : { zh: '预计恢复时间已更新', en: 'the expected restoration is another now' };
  return [{ action: 'resolve', kind: known.kind, subject: known.subject, at, note }];
}
