import { HOUR_MS } from '../instants.js';
import type { JournalEntry, OutageData, Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { Words } from '../words.js';
import type { Facts, OutageFacts } from './facts.js';
import { decideLong, decideOutlook, OVER_KINDS, reopenLong } from './long-outage-rules.js';
import { endMovedRestoration } from './restoration-rules.js';
import { countEn, NATURE_NAMES, NATURE_NAMES_EN, outageAdvice } from './texts.js';
import { liveOf } from './warning.js';
import type { Decision, Draft, Records, Subject } from './warning.js';

type OutageEntry = Extract<JournalEntry, { data: OutageData }>;

const outageSubject = (outage: OutageFacts): Subject => ({
  type: 'outage',
  id: outage.id,
  code: outage.root.code,
  name: outage.root.name,
  area: outage.root.area,
});

/** What the entry said, laid over what was looked up: the entry is older than the row when the follower lags, and it decides. */
const asOf = (facts: OutageFacts, data: OutageData): OutageFacts => ({
  ...facts,
  state: data.state,
  nature: data.nature,
  startedAt: data.startedAt,
  endedAt: data.endedAt,
  estimatedRestorationAt: data.estimatedRestorationAt,
  customersAffected: data.customersAffected,
  momentary: data.momentary,
  parentId: data.parentId,
});

const BACK: Words = { zh: '已恢复供电', en: 'supply is back' };
const CLOSED: Words = { zh: '停电事件已关闭', en: 'the outage is closed' };
/** What was written before there were Chinese reasons has only an English one. */
const whyZh = (data: { why: string; whyZh?: string }): string => data.whyZh ?? data.why;

/** An outage is warned of once it is confirmed; the warning follows it and ends with it. */
export function decideOutage(entry: OutageEntry, facts: Facts, policy: Policy, records: Records): Decision[] {
  const row = facts.outages.get(entry.subjectId);
  if (row === undefined) return [];
  const outage = asOf(row, entry.data);
  const endedAt = outage.endedAt ?? entry.happenedAt;
  switch (entry.type) {
    case 'outage_opened':
      return [
        ...endPlanWarning(outage, facts, entry.happenedAt),
        ...(outage.state === 'confirmed' ? raise(outage, entry.happenedAt, policy, records) : []),
      ];
    case 'outage_confirmed':
      return raise(outage, entry.happenedAt, policy, records);
    case 'outage_changed':
      return decideChanged(
        outage,
        entry.happenedAt,
        { zh: `停电信息变更：${whyZh(entry.data)}`, en: `the outage changed: ${entry.data.why}` },
        policy,
        records,
      );
    case 'outage_reopened':
      return goOn(
        outage,
        entry.happenedAt,
        { zh: `停电事件重新打开：${whyZh(entry.data)}`, en: `the outage was reopened: ${entry.data.why}` },
        policy,
        records,
      );
    case 'outage_restored':
      return end(outage, endedAt, BACK, policy, records);
    case 'outage_closed':
      return [
        ...end(outage, endedAt, CLOSED, policy, records),
        {
          action: 'resolve',
          kind: 'notice_undeliverable',
          subject: outageSubject(outage),
          at: endedAt,
          note: CLOSED,
        },
      ];
    case 'outage_discarded':
      return endAll(outage, entry.happenedAt, {
        zh: `停电事件作废：${whyZh(entry.data)}`,
        en: `the outage was discarded: ${entry.data.why}`,
      });
    default: // outage_merged; another type would not compile
      return endAll(outage, entry.happenedAt, {
        zh: `并入停电事件 ${entry.data.intoId}`,
        en: `merged into outage ${entry.data.intoId}`,
      });
  }
}

function raise(outage: OutageFacts, at: number, policy: Policy, records: Records): Decision[] {
  if (outage.momentary) return [];
  return [
    { action: 'raise', draft: draftOf(outage, policy), why: { zh: '停电确认', en: 'the outage is confirmed' } },
    ...decideOutlook(outage, at, policy, records),
  ];
}

/**
 * A change of a running outage revises its warning; one of an outage that is over is late news and revises the resolved one. What was
 * taken for over and is not comes back; what a dispatcher resolved stays resolved.
 */
function decideChanged(outage: OutageFacts, at: number, why: Words, policy: Policy, records: Records): Decision[] {
  const known = records.newest('outage', 'outage', outage.id);
  const running = outage.state === 'suspected' || outage.state === 'confirmed';
  if (known === null) return outage.state === 'confirmed' ? raise(outage, at, policy, records) : [];
  if (!running) return end(outage, outage.endedAt ?? at, BACK, policy, records, why);
  const reopen = known.status === 'resolved' && typeof known.evidence.endedAt === 'number';
  return [
    { action: 'revise', ref: known.ref, change: draftOf(outage, policy), why, reopen },
    ...(reopen ? reopenLong(outage, why, records) : []),
    ...decideOutlook(outage, at, policy, records),
    ...endMovedRestoration(outage, at, records),
  ];
}

/** What was over goes on: its warnings come back as they were, also one that a person resolved meanwhile. */
function goOn(outage: OutageFacts, at: number, why: Words, policy: Policy, records: Records): Decision[] {
  if (outage.state !== 'confirmed') return [];
  const known = records.newest('outage', 'outage', outage.id);
  if (known === null) return raise(outage, at, policy, records);
  return [
    { action: 'revise', ref: known.ref, change: draftOf(outage, policy), why, reopen: true },
    ...reopenLong(outage, why, records),
    ...decideOutlook(outage, at, policy, records),
  ];
}

/** Brings the evidence up to the end, records a length that nobody warned of, and resolves what is live. */
function end(
  outage: OutageFacts,
  at: number,
  note: Words,
  policy: Policy,
  records: Records,
  why: Words = { zh: '恢复时间更新', en: 'the end was found to be another' },
): Decision[] {
  const known = records.newest('outage', 'outage', outage.id);
  return [
    ...(known === null ? [] : [{ action: 'revise' as const, ref: known.ref, change: draftOf(outage, policy), why }]),
    ...decideLong(outage, policy, records),
    ...endAll(outage, at, note),
  ];
}

const endAll = (outage: OutageFacts, at: number, note: Words): Decision[] =>
  (['outage_suspected', 'outage', 'restoration_overdue', ...OVER_KINDS] as const).map((kind) => ({
    action: 'resolve' as const,
    kind,
    subject: { type: 'outage', id: outage.id },
    at,
    note,
  }));

/** The warning that a planned work will take too long is continued by the outage itself. */
const endPlanWarning = (outage: OutageFacts, facts: Facts, at: number): Decision[] =>
  outage.planned === null || !facts.plannedOutages.has(outage.planned.id)
    ? []
    : [
        {
          action: 'resolve',
          kind: 'outage_over_8h_expected',
          subject: { type: 'planned_outage', id: outage.planned.id },
          at,
          note: { zh: `停电已开始，由停电事件 ${outage.id} 继续跟踪`, en: `it has begun; outage ${outage.id} goes on` },
        },
      ];

/** The announced end of a work has passed and its supply is still away. */
export function decideOverrun(
  entry: Extract<JournalEntry, { type: 'deadline_fired' }>,
  facts: Facts,
  policy: Policy,
  records: Records,
): Decision[] {
  const row = facts.outages.get(entry.subjectId);
  const live = liveOf(records, 'outage', 'outage', entry.subjectId);
  if (row === undefined || live === null) return [];
  const change = draftOf({ ...row, overrunSinceAt: entry.data.dueAt }, policy);
  return [
    { action: 'revise', ref: live.ref, change, why: { zh: '超过批准的停电时间', en: 'the approved time has passed' } },
  ];
}

function severityOf(outage: OutageFacts, policy: Policy): Severity {
  if (outage.nature !== 'fault') return outage.overrunSinceAt === null ? 'info' : 'major';
  const { outageMajorCustomers, outageCriticalCustomers } = policy.warnings;
  if (outage.customersAffected >= outageCriticalCustomers) return 'critical';
  return outage.customersAffected >= outageMajorCustomers ? 'major' : 'minor';
}

function draftOf(outage: OutageFacts, policy: Policy): Draft {
  return {
    kind: 'outage',
    severity: severityOf(outage, policy),
    subject: outageSubject(outage),
    assetId: outage.root.assetId,
    outageId: outage.id,
    title: `${outage.root.name} ${outage.parentId === null ? '' : '遗留'}${NATURE_NAMES[outage.nature]}${outage.overrunSinceAt === null ? '' : '超过批准时间'}，影响 ${outage.customersAffected} 户`,
    titleEn: `${outage.root.name} ${outage.parentId === null ? '' : 'rest of a '}${NATURE_NAMES_EN[outage.nature]}${outage.overrunSinceAt === null ? '' : ' past its approved time'}, ${countEn(outage.customersAffected, 'customer')}`,
    happenedAt: outage.startedAt,
    dueAt: outage.startedAt + policy.outage.longHours * HOUR_MS,
    evidence: {
      nature: outage.nature,
      cause: outage.cause,
      startedAt: outage.startedAt,
      endedAt: outage.endedAt,
      estimatedRestorationAt: outage.estimatedRestorationAt,
      customersAffected: outage.customersAffected,
      plannedOutageId: outage.planned?.id ?? null,
      registeredLate: outage.planned?.registeredLate ?? null,
      parentId: outage.parentId,
      responsible: outage.responsible,
      overrunSinceAt: outage.overrunSinceAt,
    },
    advice: outageAdvice(outage.nature),
  };
}
