import { assessChronic, chronicHorizon } from '../../domain/chronic-voltage.js';
import type { LowSpan } from '../../domain/chronic-voltage.js';
import type { JournalEntry, JournalType } from '../../domain/journal-entry.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { decideChronic } from '../../domain/warnings/chronic-rules.js';
import type { Draft } from '../../domain/warnings/warning.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { Follower } from '../journal/follow.js';
import { placesOf } from './place.js';
import { setReviews } from './review.js';
import type { Review } from './review.js';
import { loadBook, saveBook } from './warning-store.js';

const KIND = 'chronic_voltage';
const TYPES = [
  'episode_opened',
  'episode_closed',
  'episode_revised',
  'deadline_fired',
] as const satisfies readonly JournalType[];

/**
 * The follower `chronic-voltage`: counts the days of low voltage of a transformer anew whenever an episode begins, ends or is known
 * otherwise, and at every midnight while one is open or the count is not yet low (deadline `chronic_voltage`).
 */
export const chronicFollowerOf = (
  active: PolicyInForce,
  onRaised: (raised: readonly Draft[], now: number) => void = () => undefined,
): Follower => ({
  name: 'chronic-voltage',
  types: TYPES,
  async handle(tx, entries) {
    const transformerIds = concerned(entries);
    if (transformerIds.length > 0) onRaised(await judge(tx, transformerIds, active), tx.now);
  },
});

function concerned(entries: readonly JournalEntry[]): number[] {
  const ids = new Set<number>();
  for (const { type, subjectId, data } of entries) {
    if (type === 'deadline_fired') {
      if (data.kind === KIND) ids.add(subjectId);
    } else if ('worstValue' in data && data.kind === 'low_voltage') ids.add(data.transformerId);
  }
  return [...ids];
}

async function judge(tx: Tx, transformerIds: readonly number[], active: PolicyInForce): Promise<Draft[]> {
  const { version } = active;
  const [episodes, unsupplied, places] = [
    await episodesOf(tx, transformerIds),
    await unsuppliedOf(tx, transformerIds),
    await placesOf(tx, transformerIds),
  ];
  const book = await loadBook(
    tx,
    transformerIds.map((id) => ({ type: 'transformer', id })),
    [],
  );
  const reviews: Review[] = [];
  for (const id of transformerIds) {
    const newest = book.newest(KIND, 'transformer', id);
    const place = places.get(id);
    if (place === undefined) continue;
    const policy = active.policyFor(place.area);
    const settledAt = newest?.status === 'resolved' ? (newest.resolvedAt ?? undefined) : undefined;
    const chronic = assessChronic(
      episodes.get(id) ?? [],
      unsupplied.get(id) ?? [],
      policy.chronicVoltage,
      tx.now,
      settledAt,
    );
    reviews.push({ transformerId: id, at: chronic.reviewAt, source: 'chronicVoltage.days' });
    book.apply(decideChronic(place, chronic, newest, policy, tx.now));
  }
  const purpose = { kind: KIND, stage: 'day', startMeaning: 'the end of a local day on which low voltage counts' };
  await setReviews(tx, purpose, reviews, active);
  return saveBook(tx, book, version);
}

/** Episodes of low voltage of the last year. An open one reaches to its last low reading, which the rules' memory knows. */
async function episodesOf(tx: Tx, ids: readonly number[]): Promise<Map<number, LowSpan[]>> {
  const rows = await tx.query<LowSpan & { transformerId: number }>(
    `select e.transformer_id as "transformerId", e.id as "episodeId", e.started_at as "startedAt", e.ended_at is null as "isOpen",
       coalesce(e.ended_at, to_timestamp((s.signals -> (e.kind || ':' || e.phase) ->> 'lastSeen')::bigint / 1000.0), e.last_seen_at) as "endedAt"
     from episode e left join transformer_state s on s.transformer_id = e.transformer_id
     where e.transformer_id = any($1::integer[]) and e.kind = 'low_voltage' and e.withdrawn_at is null
       and (e.ended_at is null or e.ended_at > $2)
     order by e.started_at, e.id`,
    [ids, at(chronicHorizon(tx.now))],
  );
  return partition(rows, ({ transformerId }) => transformerId);
}

async function unsuppliedOf(
  tx: Tx,
  ids: readonly number[],
): Promise<Map<number, { startedAt: number; endedAt: number }[]>> {
  const rows = await tx.query<{ transformerId: number; startedAt: number; endedAt: number }>(
    `select transformer_id as "transformerId", started_at as "startedAt", coalesce(ended_at, greatest($3, started_at)) as "endedAt"
     from supply_interval
     where transformer_id = any($1::integer[]) and withdrawn_at is null and (ended_at is null or ended_at > $2)`,
    [ids, at(chronicHorizon(tx.now)), at(tx.now)],
  );
  return partition(rows, ({ transformerId }) => transformerId);
}
