import { assessFrequency, frequencyHorizon } from '../../domain/frequent-outage.js';
import type { PastOutage } from '../../domain/frequent-outage.js';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import { spanOfDate } from '../../domain/calendar.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { decideFrequent } from '../../domain/warnings/frequent-rules.js';
import type { Draft } from '../../domain/warnings/warning.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { Follower } from '../journal/follow.js';
import { placesOf } from './place.js';
import { setReviews } from './review.js';
import { loadBook, saveBook } from './warning-store.js';

const KIND = 'frequent_outage';
const TYPES = [
  'outage_changed',
  'outage_restored',
  'outage_closed',
  'outage_discarded',
  'outage_merged',
  'major_event_days_changed',
  'deadline_fired',
] as const satisfies readonly JournalType[];

/**
 * The follower `frequent-outages`: counts the outages of a transformer anew whenever one of them ended or is known otherwise, when one
 * leaves a window (deadline `frequent_outage`), and when a day on which one began becomes a major event day or is one no longer. Beside the other warnings, because it reads a year of history.
 */
export const frequentFollowerOf = (
  active: PolicyInForce,
  onRaised: (raised: readonly Draft[], now: number) => void = () => undefined,
): Follower => ({
  name: 'frequent-outages',
  types: TYPES,
  async handle(tx, entries) {
    const transformerIds = await concerned(tx, entries);
    if (transformerIds.length > 0) onRaised(await judge(tx, transformerIds, active), tx.now);
  },
});

/** Transformers of outages that are over, those whose warning counts an outage that is known otherwise, and those to look at again. */
async function concerned(tx: Tx, entries: readonly JournalEntry[]): Promise<number[]> {
  const ids = new Set<number>();
  const over = new Set<number>();
  const known = new Set<number>();
  const days = new Set<string>();
  for (const { type, subjectType, subjectId, data } of entries) {
    if (type === 'deadline_fired') {
      if (data.kind === KIND) ids.add(subjectId);
    } else if (type === 'major_event_days_changed') {
      for (const day of [...data.added.map(({ date }) => date), ...data.withdrawn]) days.add(day);
    } else if (subjectType === 'outage') {
      known.add(subjectId);
      if ('endedAt' in data && data.endedAt !== null) over.add(subjectId);
    }
  }
  const rows = await tx.query<{ id: number }>(
    `select transformer_id as id from outage_transformer where outage_id = any($1::bigint[])
     union
     select w.subject_id::integer from warning w
     where w.kind = 'frequent_outage' and w.status <> 'resolved'
       and exists (select from jsonb_array_elements(w.evidence -> 'counted') c where (c ->> 'outageId')::bigint = any($2::bigint[]))
     union
     select ot.transformer_id from unnest($3::timestamptz[], $4::timestamptz[]) as d(since, until)
     join outage_transformer ot on ot.started_at >= d.since and ot.started_at < d.until`,
    [
      [...over],
      [...known],
      [...days].map((day) => at(spanOfDate(day).from)),
      [...days].map((day) => at(spanOfDate(day).to)),
    ],
  );
  for (const { id } of rows) ids.add(id);
  return [...ids];
}

async function judge(tx: Tx, transformerIds: readonly number[], active: PolicyInForce): Promise<Draft[]> {
  const { policy, version } = active;
  const limits = { ...policy.frequentOutage, majorEventDays: await majorEventDaysOf(tx, policy) };
  const histories = await historiesOf(tx, transformerIds, frequencyHorizon(limits, tx.now));
  const live = await tx.query<{ id: number }>(
    `select subject_id as id from warning where kind = 'frequent_outage' and status <> 'resolved'
       and subject_type = 'transformer' and subject_id = any($1::bigint[])`,
    [transformerIds],
  );
  const isLive = new Set(live.map(({ id }) => id));
  const judged = transformerIds
    .map((id) => ({ id, frequency: assessFrequency(histories.get(id) ?? [], limits, tx.now) }))
    .filter(({ id, frequency }) => frequency.level !== null || isLive.has(id));
  const ids = judged.map(({ id }) => id);
  const places = await placesOf(tx, ids);
  const book = await loadBook(
    tx,
    ids.map((id) => ({ type: 'transformer', id })),
    [],
  );
  for (const { id, frequency } of judged) {
    const place = places.get(id);
    if (place === undefined) continue;
    book.apply(decideFrequent(place, frequency, book.newest(KIND, 'transformer', id), tx.now));
  }
  const purpose = { kind: KIND, stage: 'review', startMeaning: 'a counted outage leaves a window' };
  const reviews = judged.map(({ id, frequency: { level, reviewAt } }) => ({
    transformerId: id,
    at: reviewAt,
    source: level === 'frequent' ? 'frequentOutage.hit' : 'frequentOutage.early',
  }));
  await setReviews(tx, purpose, reviews, active);
  return saveBook(tx, book, version);
}

/** Those that the policy lists, and those that were found by the threshold of their year. */
async function majorEventDaysOf(tx: Tx, { frequentOutage }: PolicyInForce['policy']): Promise<string[]> {
  const found = await tx.query<{ day: string }>(
    `select to_char(day, 'YYYY-MM-DD') as day from major_event_day where withdrawn_at is null`,
  );
  return [...frequentOutage.majorEventDays, ...found.map(({ day }) => day)];
}

/** Outages of each transformer that began after the instant; several interruptions within one outage are one. */
async function historiesOf(tx: Tx, ids: readonly number[], from: number): Promise<Map<number, PastOutage[]>> {
  const rows = await tx.query<PastOutage & { transformerId: number }>(
    `select ot.transformer_id as "transformerId", o.id as "outageId", o.nature, min(ot.started_at) as "startedAt",
       case when bool_and(ot.ended_at is not null) then max(ot.ended_at) end as "endedAt"
     from outage_transformer ot join outage o on o.id = ot.outage_id
     where ot.transformer_id = any($1::integer[]) and ot.started_at > $2 and o.state <> 'discarded'
     group by ot.transformer_id, o.id`,
    [ids, at(from)],
  );
  return partition(rows, ({ transformerId }) => transformerId);
}
