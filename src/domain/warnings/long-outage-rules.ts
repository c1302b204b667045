import { HOUR_MS } from '../instants.js';
import type { JournalData, JournalEntry, Severity } from '../journal-entry.js';
import type { Policy } from '../policy.js';
import type { Words } from '../words.js';
import type { Facts, OutageFacts, Place, PlannedOutageFacts } from './facts.js';
import {
  countEn,
  EXPECTED_ADVICE,
  formatDuration,
  formatDurationEn,
  NATURE_NAMES,
  NATURE_NAMES_EN,
  OVER_ADVICE,
} from './texts.js';
import { graver, liveOf } from './warning.js';
import type { Decision, Draft, Known, Records } from './warning.js';

export const OVER_KINDS = ['outage_over_8h_expected', 'outage_over_8h'] as const;

/** Stages of the ladder that a warning has seen, in its evidence. */
interface Stage {
  stage: string;
  dueAt: number;
}
/** What the record of outages says of it, in its evidence. */
type Outlook = Pick<JournalData['outage_outlook'], 'probability' | 'cases' | 'longer' | 'basis' | 'elapsedMinutes'>;

/** Why it is expected to pass the limit, beside the expected end. */
interface Grounds {
  stages: readonly Stage[];
  outlook: Outlook | null;
}
const groundsOf = (known: Known | null): Grounds => ({
  stages: (known?.evidence.stages ?? []) as readonly Stage[],
  outlook: (known?.evidence.outlook ?? null) as Outlook | null,
});

const KNOWN_LATE: Words = { zh: '得知时已恢复供电', en: 'supply was back when it became known' };
const BY_RECORD: Words = { zh: '按历史停电时长推算', en: 'by the record of outages' };

/** `6h` -> 6; null for anything else. */
const hoursOf = (stage: string): number | null => {
  const hours = /^(\d+(?:\.\d+)?)h$/.exec(stage)?.[1];
  return hours === undefined ? null : Number(hours);
};

const limitOf = (outage: OutageFacts, policy: Policy): number => outage.startedAt + policy.outage.longHours * HOUR_MS;

/**
 * A stage of the ladder is due: before the limit "expected" (the first stage minor, a later one major), at the limit "over", after it
 * the same warning goes on. A stage of an outage that has ended meanwhile counts only when the outage did last that long, and then it
 * only completes what is on record.
 */
export function decideLadder(
  entry: Extract<JournalEntry, { type: 'deadline_fired' }>,
  facts: Facts,
  policy: Policy,
  records: Records,
): Decision[] {
  const outage = facts.outages.get(entry.subjectId);
  const hours = hoursOf(entry.data.stage);
  if (outage === undefined || hours === null || outage.momentary || outage.state === 'discarded') return [];
  if (outage.endedAt !== null && outage.endedAt < entry.data.dueAt) return [];
  const stage: Stage = { stage: entry.data.stage, dueAt: entry.data.dueAt };
  const why = { zh: `停电已满 ${hours} 小时`, en: `${hours} h without supply` };
  const over = records.newest('outage_over_8h', 'outage', outage.id);
  // The row may be further than the journal; while the outage's own warning is live, the end has not been digested.
  const isOver = outage.endedAt !== null && liveOf(records, 'outage', 'outage', outage.id) === null;
  if (hours < policy.outage.longHours) {
    if (isOver || over !== null) return [];
    const known = liveOf(records, 'outage_over_8h_expected', 'outage', outage.id);
    return [{ action: 'raise', draft: expectedDraft(outage, withStage(known, stage), stage.dueAt, policy), why }];
  }
  const draft = overDraft(outage, withStage(over, stage), policy);
  if (isOver && over !== null) return [{ action: 'revise', ref: over.ref, change: draft, why }];
  return [
    { action: 'raise', draft, why },
    ...endExpected(outage, entry.data.dueAt),
    ...(isOver ? [endOver(outage, outage.endedAt ?? stage.dueAt, KNOWN_LATE)] : []),
  ];
}

function withStage(known: Known | null, stage: Stage): Grounds {
  const { stages, outlook } = groundsOf(known);
  return { stages: [...stages.filter((one) => one.stage !== stage.stage), stage], outlook };
}

const endOver = (outage: OutageFacts, at: number, note: Words): Decision => ({
  action: 'resolve',
  kind: 'outage_over_8h',
  subject: { type: 'outage', id: outage.id },
  at,
  note,
});

/** An outage that was taken for over goes on: so do the warnings of its length. */
export function reopenLong(outage: OutageFacts, why: Words, records: Records): Decision[] {
  const known =
    records.newest('outage_over_8h', 'outage', outage.id) ??
    records.newest('outage_over_8h_expected', 'outage', outage.id);
  return known === null ? [] : [{ action: 'revise', ref: known.ref, change: {}, why, reopen: true }];
}

const endExpected = (outage: OutageFacts, at: number): Decision[] => [
  {
    action: 'resolve',
    kind: 'outage_over_8h_expected',
    subject: { type: 'outage', id: outage.id },
    at,
    note: { zh: '已超过时限，转为超时限停电预警', en: 'the limit has passed; the warning of that goes on' },
  },
];

/** Warns at once when the expected end lies beyond the limit; takes that back when the end comes forward and no stage has passed. */
export function decideOutlook(outage: OutageFacts, at: number, policy: Policy, records: Records): Decision[] {
  if (liveOf(records, 'outage_over_8h', 'outage', outage.id) !== null) return [];
  const known = liveOf(records, 'outage_over_8h_expected', 'outage', outage.id);
  const grounds = groundsOf(known);
  const expectedEndAt = expectedEnd(outage);
  const why = { zh: '预计恢复时间变更', en: 'the expected restoration changed' };
  if (expectedEndAt !== null && expectedEndAt > limitOf(outage, policy)) {
    return [{ action: 'raise', draft: expectedDraft(outage, grounds, at, policy), why }];
  }
  if (known === null) return [];
  if (grounds.stages.length > 0 || grounds.outlook !== null) {
    const change = { ...expectedDraft(outage, grounds, at, policy), happenedAt: known.happenedAt };
    return [{ action: 'revise', ref: known.ref, change, why }];
  }
  const note = { zh: '预计恢复时间已提前到时限以内', en: 'the expected restoration is within the limit now' };
  return [{ action: 'resolve', kind: known.kind, subject: known.subject, at, note }];
}

/**
 * The record of outages says that it is likely, or not likely any more, to pass the limit: `expected` early, with the arithmetic, taken
 * back when neither a stage nor the expected end speaks for it.
 */
export function decideChance(
  entry: Extract<JournalEntry, { type: 'outage_outlook' }>,
  facts: Facts,
  policy: Policy,
  records: Records,
): Decision[] {
  const outage = facts.outages.get(entry.subjectId);
  if (outage === undefined || outage.state !== 'confirmed' || outage.momentary) return [];
  if (liveOf(records, 'outage_over_8h', 'outage', outage.id) !== null) return [];
  const known = liveOf(records, 'outage_over_8h_expected', 'outage', outage.id);
  const { probability, elapsedMinutes, cases, longer, basis } = entry.data;
  const { stages } = groundsOf(known);
  if (probability !== null && probability >= policy.outlook.warnShare) {
    const outlook = { probability, elapsedMinutes, cases, longer, basis };
    const draft = expectedDraft(outage, { stages, outlook }, entry.happenedAt, policy);
    return [{ action: 'raise', draft, why: BY_RECORD }];
  }
  if (known === null) return [];
  const expectedEndAt = expectedEnd(outage);
  if (stages.length > 0 || (expectedEndAt !== null && expectedEndAt > limitOf(outage, policy))) {
    const change = expectedDraft(outage, { stages, outlook: null }, known.happenedAt, policy);
    return [{ action: 'revise', ref: known.ref, change, why: BY_RECORD }];
  }
  const note = {
    zh: '按历史停电时长推算，已不大可能超过时限',
    en: 'by the record of outages it is not likely any more to pass the limit',
  };
  return [{ action: 'resolve', kind: known.kind, subject: known.subject, at: entry.happenedAt, note }];
}

const outlookWords = ({ probability, cases, longer }: Outlook, limitHours: number): string =>
  `历史同类 ${cases} 起中 ${longer} 起超过 ${limitHours} 小时，推算 ${Math.round((probability ?? 0) * 100)} %`;

const outlookWordsEn = ({ probability, cases, longer }: Outlook, limitHours: number): string =>
  `${longer} of ${cases} like it lasted over ${limitHours} h, chance ${Math.round((probability ?? 0) * 100)} %`;

/** An outage that is over and is known, perhaps by late data, to have passed the limit without a warning: recorded and ended. */
export function decideLong(outage: OutageFacts, policy: Policy, records: Records): Decision[] {
  if (outage.endedAt === null || outage.momentary || outage.endedAt < limitOf(outage, policy)) return [];
  if (records.newest('outage_over_8h', 'outage', outage.id) !== null) return [];
  const draft = overDraft(outage, groundsOf(null), policy);
  return [
    { action: 'raise', draft, why: { zh: '停电时长达到时限', en: 'it lasted as long as the limit' } },
    endOver(outage, outage.endedAt, KNOWN_LATE),
  ];
}

/** A planned window longer than the limit is known before it begins. */
export function decidePlanned(
  entry: Extract<JournalEntry, { type: `planned_outage_${string}` }>,
  facts: Facts,
  policy: Policy,
): Decision[] {
  const plan = facts.plannedOutages.get(entry.subjectId);
  if (plan === undefined) return [];
  const { startsAt, endsAt } = entry.data;
  const subject = { type: 'planned_outage', id: plan.id };
  const end = (note: Words): Decision[] => [
    { action: 'resolve', kind: 'outage_over_8h_expected', subject, at: entry.happenedAt, note },
  ];
  if (entry.type === 'planned_outage_cancelled') return end({ zh: '停电计划已取消', en: 'the plan was cancelled' });
  if (endsAt - startsAt <= policy.outage.longHours * HOUR_MS)
    return end({ zh: '停电计划已缩短到时限以内', en: 'the plan is within the limit now' });
  const why =
    entry.type === 'planned_outage_registered'
      ? { zh: '停电计划超过时限', en: 'the plan is longer than the limit' }
      : { zh: '停电计划变更', en: 'the plan changed' };
  return [{ action: 'raise', draft: plannedDraft({ ...plan, startsAt, endsAt }, entry.happenedAt, policy), why }];
}

const expectedEnd = (outage: OutageFacts): number | null =>
  outage.estimatedRestorationAt ?? outage.planned?.endsAt ?? null;

function expectedSeverity(outage: OutageFacts, stages: readonly Stage[], policy: Policy): Severity {
  const firstHours = Math.min(...policy.outage.ladderHours);
  const byLadder = stages.some((stage) => (hoursOf(stage.stage) ?? 0) > firstHours) ? 'major' : 'minor';
  const { estimatedRestorationAt } = outage;
  const byEstimate =
    estimatedRestorationAt !== null &&
    estimatedRestorationAt !== outage.planned?.endsAt && // a window that was approved so is no news
    estimatedRestorationAt > limitOf(outage, policy)
      ? 'major'
      : 'minor';
  return graver(byLadder, byEstimate);
}

const common = (outage: OutageFacts, { stages, outlook }: Grounds, policy: Policy) => ({
  subject: { ...subjectOf('outage', outage.id, outage.root) },
  assetId: outage.root.assetId,
  outageId: outage.id,
  dueAt: limitOf(outage, policy),
  evidence: {
    nature: outage.nature,
    startedAt: outage.startedAt,
    estimatedRestorationAt: outage.estimatedRestorationAt,
    plannedEndAt: outage.planned?.endsAt ?? null,
    limitHours: policy.outage.longHours,
    customersAffected: outage.customersAffected,
    parentId: outage.parentId,
    responsible: outage.responsible,
    stages,
    outlook,
  },
});

export const subjectOf = (type: string, id: number, place: Place) => ({
  type,
  id,
  code: place.code,
  name: place.name,
  area: place.area,
});

function expectedDraft(outage: OutageFacts, grounds: Grounds, knownAt: number, policy: Policy): Draft {
  const limit = policy.outage.longHours;
  const { stages, outlook } = grounds;
  const last = stages.at(-1);
  const expectedEndAt = expectedEnd(outage);
  const expectedMs =
    expectedEndAt !== null && expectedEndAt > limitOf(outage, policy) ? expectedEndAt - outage.startedAt : null;
  const reason =
    expectedMs !== null
      ? `预计停电 ${formatDuration(expectedMs)}`
      : [
          ...(last === undefined ? [] : [`已停电 ${hoursOf(last.stage) ?? 0} 小时`]),
          ...(outlook === null ? [] : [outlookWords(outlook, limit)]),
        ].join('，');
  const reasonEn =
    expectedMs !== null
      ? `${formatDurationEn(expectedMs)} expected`
      : [
          ...(last === undefined ? [] : [`${hoursOf(last.stage) ?? 0} h so far`]),
          ...(outlook === null ? [] : [outlookWordsEn(outlook, limit)]),
        ].join(', ');
  return {
    ...common(outage, grounds, policy),
    kind: 'outage_over_8h_expected',
    severity: expectedSeverity(outage, stages, policy),
    title: `${outage.root.name} ${NATURE_NAMES[outage.nature]}可能超过 ${limit} 小时：${reason}`,
    titleEn: `${outage.root.name} ${NATURE_NAMES_EN[outage.nature]} may last over ${limit} h: ${reasonEn}`,
    happenedAt: stages[0]?.dueAt ?? knownAt,
    advice: EXPECTED_ADVICE,
  };
}

function overDraft(outage: OutageFacts, grounds: Grounds, policy: Policy): Draft {
  const limit = policy.outage.longHours;
  const { stages } = grounds;
  const passed = Math.max(limit, ...stages.map((stage) => hoursOf(stage.stage) ?? 0));
  return {
    ...common(outage, grounds, policy),
    kind: 'outage_over_8h',
    severity: 'critical',
    title: `${outage.root.name} ${NATURE_NAMES[outage.nature]}已超过 ${passed} 小时，影响 ${outage.customersAffected} 户`,
    titleEn: `${outage.root.name} ${NATURE_NAMES_EN[outage.nature]} over ${passed} h, ${countEn(outage.customersAffected, 'customer')}`,
    happenedAt: limitOf(outage, policy),
    advice: OVER_ADVICE,
  };
}

function plannedDraft(plan: PlannedOutageFacts, happenedAt: number, policy: Policy): Draft {
  const lasts = formatDuration(plan.endsAt - plan.startsAt);
  return {
    kind: 'outage_over_8h_expected',
    severity: 'minor',
    subject: { ...subjectOf('planned_outage', plan.id, plan.place), code: plan.externalId },
    assetId: plan.place.assetId,
    outageId: null,
    title: `${plan.place.name} ${NATURE_NAMES[plan.nature]}安排 ${lasts}，超过 ${policy.outage.longHours} 小时`,
    titleEn: `${plan.place.name} ${NATURE_NAMES_EN[plan.nature]} planned for ${formatDurationEn(plan.endsAt - plan.startsAt)}, over ${policy.outage.longHours} h`,
    happenedAt,
    dueAt: plan.startsAt,
    evidence: {
      nature: plan.nature,
      reason: plan.reason,
      startsAt: plan.startsAt,
      endsAt: plan.endsAt,
      limitHours: policy.outage.longHours,
      registeredLate: plan.registeredLate,
    },
    advice: ['压缩停电时间，或分段、分批停电', '准备预警通知单和预警短信', '研究转供电、发电车等临时供电办法'],
  };
}
