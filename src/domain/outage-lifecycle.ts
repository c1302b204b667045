import { CORROBORATED } from './corroboration.js';
import type { OutageNature, OutageState } from './journal-entry.js';
import { isOpen } from './outage-record.js';
import type { OutageMember, OutageRecord } from './outage-record.js';

/** The planned work that an outage belongs to. */
export interface PlannedWork {
  id: number;
  nature: OutageNature;
  startsAt: number;
  endsAt: number;
}

/** What is known of an outage now; everything else of its record follows from it. */
export interface OutageFacts {
  rootAssetId: number;
  area: string;
  planned: PlannedWork | null;
  members: readonly OutageMember[];
  /** Since when it counts as confirmed, if supply is still away: the momentary limit has passed, or a person says so; else null. */
  confirmAt: number | null;
  /** The announced end of the work has passed on the clock. */
  overran: boolean;
  /** A person takes back that it was discarded. */
  revived: boolean;
}

/** What happened to the outage, in the order for the journal. */
export type OutageHappening =
  | { type: 'outage_opened' | 'outage_confirmed' | 'outage_restored' | 'outage_closed'; at: number }
  | { type: 'outage_changed'; changed: string[] }
  | { type: 'outage_reopened' }
  | { type: 'outage_discarded' };

export interface OutageRevision {
  after: OutageRecord;
  happenings: OutageHappening[];
}

/**
 * The life of an outage: opens `suspected`; `confirmed` once it outlasts the momentary limit, or a person says so; `restored` on a
 * dispatcher's word that power is back; `closed` once power is measured at every transformer, which needs no word. Silence neither
 * opens nor ends it; what was over and is not any more is `outage_reopened`, with its original begin; silence that neighbours or callers speak for makes it `suspected` and no more until a loss is measured. Late data
 * lead to another record of the same facts, never to another outage; fields decided by a person stay.
 * An interruption of exactly `momentaryMs` is still momentary (DL/T 836.1-2016: sustained is longer than the limit).
 * @param before the record as it stands; for a new outage its id, policy version and decisions with `revision` -1
 */
export function reviseOutage(before: OutageRecord, facts: OutageFacts, momentaryMs: number): OutageRevision {
  const { members } = facts;
  const isNew = before.revision < 0;
  if (before.state === 'discarded' && !facts.revived) return { after: before, happenings: [] };
  if (members.length === 0) {
    const after = { ...before, state: 'discarded' as const, revision: before.revision + 1 };
    return { after, happenings: [{ type: 'outage_discarded' }] };
  }
  const after = recordOf(before, facts, momentaryMs);
  const wasOpen = !isNew && isOpen(before.state);
  const isOver = after.endedAt !== null;
  const isNewlyOver = isOver && (isNew || wasOpen);
  const changed = isNew ? [] : changedFields(before, after, isNewlyOver);
  const happenings: OutageHappening[] = [];
  if (isNew) happenings.push({ type: 'outage_opened', at: after.startedAt });
  if (changed.length > 0) happenings.push({ type: 'outage_changed', changed });
  if (!isNew && !wasOpen && !isOver) happenings.push({ type: 'outage_reopened' });
  if (after.confirmedAt !== null && before.confirmedAt === null)
    happenings.push({ type: 'outage_confirmed', at: after.confirmedAt });
  if (isNewlyOver && after.endedAt !== null) happenings.push({ type: 'outage_restored', at: after.endedAt });
  if (after.endedAt !== null && after.state === 'closed' && before.state !== 'closed')
    happenings.push({ type: 'outage_closed', at: after.endedAt });
  if (happenings.length > 0) after.revision = before.revision + 1;
  return { after, happenings };
}

function recordOf(before: OutageRecord, facts: OutageFacts, momentaryMs: number): OutageRecord {
  const { members, planned } = facts;
  const { decided } = before;
  let startedAt = Number.POSITIVE_INFINITY;
  let lastEnd: number | null = Number.NEGATIVE_INFINITY;
  let isMeasured = true;
  let isSuspicion = decided.state === undefined;
  const out = new Map<number, { customers: number; isBack: boolean }>();
  for (const { transformerId, startedAt: start, endedAt: end, source, endSource, customers } of members) {
    startedAt = Math.min(startedAt, start);
    lastEnd = lastEnd === null || end === null ? null : Math.max(lastEnd, end);
    isMeasured &&= endSource !== 'dispatcher' && endSource !== CORROBORATED;
    isSuspicion &&= source === CORROBORATED;
    out.set(transformerId, { customers, isBack: end !== null && (out.get(transformerId)?.isBack ?? true) });
  }
  const endedAt = lastEnd;
  const momentary = endedAt !== null && endedAt - startedAt <= momentaryMs;
  const sustainedAt = momentary || isSuspicion ? null : startedAt + momentaryMs;
  const confirmedAt = before.confirmedAt ?? (endedAt !== null ? sustainedAt : isSuspicion ? null : facts.confirmAt);
  const state: OutageState =
    endedAt === null
      ? confirmedAt === null
        ? 'suspected'
        : 'confirmed'
      : isMeasured || decided.state === 'closed'
        ? 'closed'
        : 'restored';
  return {
    ...before,
    rootAssetId: facts.rootAssetId,
    area: facts.area,
    state,
    startedAt,
    endedAt,
    confirmedAt,
    momentary,
    nature: decided.nature ?? planned?.nature ?? 'fault',
    plannedOutageId: planned?.id ?? null,
    estimatedRestorationAt:
      decided.estimatedRestorationAt === undefined ? (planned?.endsAt ?? null) : decided.estimatedRestorationAt,
    customersAffected: sum(out.values(), () => true),
    customersRestored: sum(out.values(), ({ isBack }) => isBack),
    cause: decided.cause ?? before.cause,
    evidence: evidenceOf(before, facts, out.size, endedAt),
  };
}

function evidenceOf(
  before: OutageRecord,
  facts: OutageFacts,
  transformers: number,
  endedAt: number | null,
): Record<string, unknown> {
  const {
    windowEndsAt: _,
    overrunSince,
    startedEarlyMinutes: _s,
    endedEarlyMinutes: _e,
    awaitingMeasurement: _a,
    ...evidence
  } = before.evidence;
  const endsAt = facts.planned?.endsAt;
  const unmeasured = facts.members.filter(({ endSource }) => endSource === 'dispatcher').length;
  const overran =
    endsAt !== undefined && (endedAt === null ? facts.overran || overrunSince === endsAt : endedAt > endsAt);
  return {
    ...evidence,
    transformers,
    sources: countSources(facts.members),
    ...(endsAt === undefined ? {} : { windowEndsAt: endsAt }),
    ...(overran ? { overrunSince: endsAt } : {}),
    ...earlinessOf(facts, endedAt),
    ...(unmeasured > 0 ? { awaitingMeasurement: unmeasured } : {}),
  };
}

/** How long before its window the work began, and how long before the window's end supply was back; only what is early. */
function earlinessOf({ planned, members }: OutageFacts, endedAt: number | null): Record<string, number> {
  if (planned === null) return {};
  const early: Record<string, number> = {};
  const startedAt = members.reduce((least, member) => Math.min(least, member.startedAt), Number.POSITIVE_INFINITY);
  if (startedAt < planned.startsAt) early.startedEarlyMinutes = inMinutes(planned.startsAt - startedAt);
  if (endedAt !== null && endedAt < planned.endsAt) early.endedEarlyMinutes = inMinutes(planned.endsAt - endedAt);
  return early;
}

const inMinutes = (ms: number): number => Math.round(ms / 60_000);

type Counted = { customers: number; isBack: boolean };

function sum(transformers: Iterable<Counted>, isCounted: (transformer: Counted) => boolean): number {
  let total = 0;
  for (const transformer of transformers) if (isCounted(transformer)) total += transformer.customers;
  return total;
}

function countSources(members: readonly OutageMember[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { source } of members) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
}

const WATCHED = [
  'rootAssetId',
  'nature',
  'cause',
  'startedAt',
  'estimatedRestorationAt',
  'plannedOutageId',
  'customersAffected',
  'momentary',
] as const;

/** Names of what differs. What the end itself says (end, momentary, everybody back) is told by `outage_restored`. */
function changedFields(before: OutageRecord, after: OutageRecord, isNewlyOver: boolean): string[] {
  const changed: string[] = WATCHED.filter(
    (field) => before[field] !== after[field] && !(field === 'momentary' && isNewlyOver),
  );
  for (const name of ['transformers', 'windowEndsAt', 'overrunSince'])
    if (before.evidence[name] !== after.evidence[name]) changed.push(name);
  if (isNewlyOver) return changed;
  if (after.state !== 'closed' && before.evidence.awaitingMeasurement !== after.evidence.awaitingMeasurement)
    changed.push('awaitingMeasurement');
  if (before.customersRestored !== after.customersRestored) changed.push('customersRestored');
  if (before.endedAt !== after.endedAt) changed.push('endedAt');
  if (before.state === 'discarded' || (isOpen(after.state) && !isOpen(before.state))) changed.push('state');
  return changed;
}

/**
 * When an outage counts as confirmed whose momentary limit fired without effect: it was only suspected then and a loss of it is measured
 * now, or it was over then and goes on. Null when nothing of the sort happened.
 */
export function confirmedLate(
  before: OutageRecord,
  members: readonly OutageMember[],
  momentaryMs: number,
  now: number,
): number | null {
  const sources = Object.keys((before.evidence.sources as object | undefined) ?? {});
  const wasSuspicion = sources.length === 1 && sources[0] === CORROBORATED;
  const wasOver = before.revision >= 0 && !isOpen(before.state);
  if (before.confirmedAt !== null || !(wasSuspicion || wasOver)) return null;
  if (members.every(({ source }) => source === CORROBORATED)) return null;
  const startedAt = members.reduce((least, member) => Math.min(least, member.startedAt), Number.POSITIVE_INFINITY);
  return now > startedAt + momentaryMs ? startedAt + momentaryMs : null;
}
