import type { JournalEntry, Severity } from '../journal-entry.js';
import type { RepairClockKind } from '../repairs/repair-clocks.js';
import type { Words } from '../words.js';
import type { Facts, RepairFacts } from './facts.js';
import { formatDuration, formatDurationEn } from './texts.js';
import { graver } from './warning.js';
import type { Decision, Draft, Known, Records, WarningKind } from './warning.js';

type RepairWarning = Extract<WarningKind, `repair_${string}`>;
type WarnedClock = Exclude<RepairClockKind, 'repair_callback'>;

interface ClockRule {
  kind: RepairWarning;
  severity: Severity;
  title: (limitMs: number) => Words;
  advice: readonly string[];
  startedAt: (repair: RepairFacts) => number | null;
  endedAt: (repair: RepairFacts) => number | null;
}

/** The promise is an average of all cases, the regulation a limit of each: only the second is a breach of it. */
const RULES: Readonly<Record<WarnedClock, ClockRule>> = {
  repair_dispatch: {
    kind: 'repair_dispatch_overdue',
    severity: 'major',
    title: (limitMs) => ({
      zh: `报修后 ${formatDuration(limitMs)}仍未派单`,
      en: `no crew dispatched ${formatDurationEn(limitMs)} after the report`,
    }),
    advice: ['立即派单并电话通知抢修班组', '派不出人的，请邻近班组支援'],
    startedAt: (repair) => repair.startedAt,
    endedAt: (repair) => repair.dispatchedAt ?? repair.arrivedAt ?? repair.restoredAt,
  },
  repair_arrival_promise: {
    kind: 'repair_arrival_overdue',
    severity: 'minor',
    title: (limitMs) => ({
      zh: `抢修人员超过承诺的 ${formatDuration(limitMs)}未到达现场`,
      en: `no crew on site within the promised ${formatDurationEn(limitMs)}`,
    }),
    advice: ['联系抢修班组，问明到达时间', '告知客户原因和新的到达时间'],
    startedAt: (repair) => repair.startedAt,
    endedAt: (repair) => repair.arrivedAt ?? repair.restoredAt,
  },
  repair_arrival_regulation: {
    kind: 'repair_arrival_overdue',
    severity: 'major',
    title: (limitMs) => ({
      zh: `抢修人员超过规定的 ${formatDuration(limitMs)}未到达现场`,
      en: `no crew on site within the ${formatDurationEn(limitMs)} of the regulation`,
    }),
    advice: ['改派最近的班组', '因天气、交通不能到达的，向客户说明并留下记录'],
    startedAt: (repair) => repair.startedAt,
    endedAt: (repair) => repair.arrivedAt ?? repair.restoredAt,
  },
  repair_restoration: {
    kind: 'repair_overdue',
    severity: 'major',
    title: (limitMs) => ({
      zh: `抢修人员到达 ${formatDuration(limitMs)}后仍未恢复供电`,
      en: `no supply ${formatDurationEn(limitMs)} after the crew arrived`,
    }),
    advice: ['查明困难，增派人员或材料', '研究转供电、发电车等临时供电办法', '告知客户新的预计复电时间'],
    startedAt: (repair) => repair.arrivedAt,
    endedAt: (repair) => repair.restoredAt,
  },
};

const isWarned = (kind: string): kind is WarnedClock => Object.hasOwn(RULES, kind);

/** A clock of a repair order has run out. A leg that was done in time and became known late says nothing. */
export function decideRepairClock(
  entry: Extract<JournalEntry, { type: 'deadline_fired' }>,
  facts: Facts,
  records: Records,
): Decision[] {
  const { kind, stage, dueAt } = entry.data;
  const repair = facts.repairs.get(entry.subjectId);
  if (repair === undefined || stage !== 'due' || !isWarned(kind)) return [];
  const rule = RULES[kind];
  const startedAt = rule.startedAt(repair);
  const endedAt = rule.endedAt(repair);
  // Null or later than the limit: the clock began anew meanwhile.
  if (startedAt === null || startedAt >= dueAt || (endedAt !== null && endedAt <= dueAt)) return [];
  const newest = records.newest(rule.kind, 'repair_order', repair.id);
  const draft = draftOf(repair, rule, startedAt, dueAt, newest);
  const why = rule.title(dueAt - startedAt);
  const isOver = newest?.status === 'resolved' && newest.evidence.clockStartedAt === startedAt;
  if (newest !== null && isOver) return [{ action: 'revise', ref: newest.ref, change: draft, why }];
  return [
    { action: 'raise', draft, why },
    ...(endedAt === null
      ? []
      : [end(rule.kind, repair.id, endedAt, { zh: '得知时已完成', en: 'done already when it became known' })]),
  ];
}

function draftOf(repair: RepairFacts, rule: ClockRule, startedAt: number, dueAt: number, newest: Known | null): Draft {
  const isSame = newest !== null && newest.evidence.clockStartedAt === startedAt;
  const title = rule.title(dueAt - startedAt);
  return {
    kind: rule.kind,
    severity: isSame ? graver(newest.severity, rule.severity) : rule.severity,
    subject: { type: 'repair_order', id: repair.id, code: repair.code, name: repair.place, area: repair.area },
    assetId: repair.assetId,
    outageId: repair.outageId,
    title: `${repair.code} ${title.zh}`,
    titleEn: `${repair.code} ${title.en}`,
    happenedAt: isSame ? newest.happenedAt : dueAt,
    dueAt,
    evidence: {
      clockStartedAt: startedAt,
      dueAt,
      limitMinutes: Math.round((dueAt - startedAt) / 60_000),
      reportedAt: repair.startedAt,
      dispatchedAt: repair.dispatchedAt,
      arrivedAt: repair.arrivedAt,
      setting: repair.setting,
      unit: repair.unit,
      round: repair.round,
    },
    advice: rule.advice,
  };
}

/** A leg became known, was corrected, or the order joined another job: what is done ends its warning. */
export function decideRepairLeg(
  entry: Extract<JournalEntry, { type: 'repair_dispatched' | 'repair_arrived' | 'repair_done' | 'repair_grouped' }>,
  facts: Facts,
): Decision[] {
  const repair = facts.repairs.get(entry.subjectId);
  if (repair === undefined) return [];
  return Object.values(RULES).flatMap((rule) => {
    const endedAt = rule.endedAt(repair);
    return endedAt === null ? [] : [end(rule.kind, repair.id, endedAt, NOTES[rule.kind])];
  });
}

const NOTES: Readonly<Record<RepairWarning, Words>> = {
  repair_dispatch_overdue: { zh: '已派单', en: 'a crew was dispatched' },
  repair_arrival_overdue: { zh: '抢修人员已到达现场', en: 'the crew is on site' },
  repair_overdue: { zh: '已恢复供电', en: 'supply is back' },
};

const end = (kind: RepairWarning, orderId: number, at: number, note: Words): Decision => ({
  action: 'resolve',
  kind,
  subject: { type: 'repair_order', id: orderId },
  at,
  note,
});
