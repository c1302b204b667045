import type { DetectorFact, EpisodeFact } from '../../domain/detector.js';
import { episodeData } from '../../domain/history.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** What the rules concluded about one transformer, in the order they concluded it. */
export interface TransformerFacts {
  transformerId: number;
  facts: readonly DetectorFact[];
}

/**
 * Facts -> rows of supply_interval and episode, and the journal entries that tell of them, in the order of the facts. A constant number
 * of statements, however many facts. The caller holds the state rows of these transformers and appends the entries.
 */
export async function applyFacts(
  tx: Tx,
  items: readonly TransformerFacts[],
  policyVersion: number,
): Promise<NewJournalEntry[]> {
  if (items.length === 0) return [];
  await applySupply(tx, items);
  const episodeIds = await applyEpisodes(tx, items, policyVersion);
  const entries: NewJournalEntry[] = [];
  for (const { transformerId, facts } of items) {
    for (const fact of facts) {
      if (fact.fact === 'supply_changed') {
        const { from, to, source } = fact;
        entries.push({
          type: 'supply_changed',
          subjectType: 'transformer',
          subjectId: transformerId,
          happenedAt: fact.at,
          data: { from, to, source },
        });
        continue;
      }
      const id = episodeIds.get(episodeKey(transformerId, fact));
      if (id === undefined) continue; // withdrawn by late data in the meantime; its revision has told so
      entries.push({
        type: fact.fact,
        subjectType: 'episode',
        subjectId: id,
        happenedAt: happenedAt(fact),
        data: episodeData(transformerId, fact, policyVersion),
      });
    }
  }
  return entries;
}

/** When the fact became true: an episode exists once its hold time is over. */
function happenedAt(fact: EpisodeFact): number {
  if (fact.fact === 'episode_opened') return fact.confirmedAt;
  return fact.fact === 'episode_closed' ? (fact.endedAt ?? fact.lastSeenAt) : fact.lastSeenAt;
}

interface Closing {
  transformerId: number;
  at: number;
  source: string;
}

interface Interval {
  transformerId: number;
  state: 'dead' | 'unknown';
  startedAt: number;
  endedAt: number | null;
  source: string;
  endSource: string | null;
}

/** The first change of a transformer ends the interval that is open in the table; later ones end those made here. */
async function applySupply(tx: Tx, items: readonly TransformerFacts[]): Promise<void> {
  const closings: Closing[] = [];
  const intervals: Interval[] = [];
  for (const { transformerId, facts } of items) {
    let current: Interval | null = null;
    let first = true;
    for (const fact of facts) {
      if (fact.fact !== 'supply_changed') continue;
      if (current !== null) {
        current.endedAt = fact.at;
        current.endSource = fact.source;
      } else if (first && fact.from !== 'live') {
        closings.push({ transformerId, at: fact.at, source: fact.source });
      }
      first = false;
      current = null;
      if (fact.to !== 'live') {
        current = {
          transformerId,
          state: fact.to,
          startedAt: fact.at,
          endedAt: null,
          source: fact.source,
          endSource: null,
        };
        intervals.push(current);
      }
    }
  }
  if (closings.length > 0) {
    // An interval that ends where it began never was: it is withdrawn.
    await tx.query(
      `update supply_interval i
       set ended_at = greatest(c.at, i.started_at), end_source = c.source,
           withdrawn_at = case when c.at <= i.started_at then $4::timestamptz end
       from unnest($1::integer[], $2::timestamptz[], $3::text[]) as c(transformer_id, at, source)
       where i.transformer_id = c.transformer_id and i.ended_at is null and i.withdrawn_at is null`,
      [
        closings.map((closing) => closing.transformerId),
        closings.map((closing) => at(closing.at)),
        closings.map((closing) => closing.source),
        at(tx.now),
      ],
    );
  }
  const lasting = intervals.filter((interval) => interval.endedAt === null || interval.endedAt > interval.startedAt);
  if (lasting.length > 0) {
    await tx.query(
      `insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source)
       select * from unnest($1::integer[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[])`,
      [
        lasting.map((interval) => interval.transformerId),
        lasting.map((interval) => interval.state),
        lasting.map((interval) => at(interval.startedAt)),
        lasting.map((interval) => atOrNull(interval.endedAt)),
        lasting.map((interval) => interval.source),
        lasting.map((interval) => interval.endSource),
      ],
    );
  }
}

const episodeKey = (transformerId: number, fact: { kind: string; phase: string; startedAt: number }): string =>
  `${transformerId}/${fact.kind}/${fact.phase}/${fact.startedAt}`;

interface EpisodeRow {
  transformerId: number;
  last: EpisodeFact;
}

/** @returns key of an episode -> its id, for every episode the facts speak of */
async function applyEpisodes(
  tx: Tx,
  items: readonly TransformerFacts[],
  policyVersion: number,
): Promise<Map<string, number>> {
  const made = new Map<string, EpisodeRow>();
  const changed = new Map<string, EpisodeRow>();
  for (const { transformerId, facts } of items) {
    for (const fact of facts) {
      if (fact.fact === 'supply_changed') continue;
      const key = episodeKey(transformerId, fact);
      const rows = fact.fact === 'episode_opened' || made.has(key) ? made : changed;
      rows.set(key, { transformerId, last: fact });
    }
  }
  // Ends first: only one episode of a transformer, kind and phase may be open.
  const ids = new Map<string, number>();
  for (const [rows, statement] of [
    [changed, CHANGE],
    [made, MAKE],
  ] as const) {
    if (rows.size === 0) continue;
    for (const row of await tx.query<EpisodeId>(statement, episodeParameters([...rows.values()], policyVersion)))
      ids.set(episodeKey(row.transformerId, row), row.id);
  }
  return ids;
}

interface EpisodeId {
  id: number;
  transformerId: number;
  kind: string;
  phase: string;
  startedAt: number;
}

const EPISODES = `unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
  $7::timestamptz[], $8::timestamptz[], $9::real[], $10::jsonb[])
  as e(transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence)`;
const RETURNING = (row: string): string =>
  `returning ${row}.id, ${row}.transformer_id as "transformerId", ${row}.kind, ${row}.phase, ${row}.started_at as "startedAt"`;
const MAKE = `
  insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence, policy_version)
  select e.*, $11::integer from ${EPISODES}
  ${RETURNING('episode')}`;
const CHANGE = `
  update episode o
  set severity = e.severity, last_seen_at = e.last_seen_at, ended_at = e.ended_at, worst_value = e.worst_value, evidence = e.evidence
  from ${EPISODES}
  where o.transformer_id = e.transformer_id and o.kind = e.kind and o.phase = e.phase and o.started_at = e.started_at
    and o.ended_at is null and o.withdrawn_at is null and $11::integer is not null
  ${RETURNING('o')}`;

const episodeParameters = (rows: readonly EpisodeRow[], policyVersion: number): unknown[] => [
  rows.map((row) => row.transformerId),
  rows.map((row) => row.last.kind),
  rows.map((row) => row.last.phase),
  rows.map((row) => row.last.severity),
  rows.map((row) => at(row.last.startedAt)),
  rows.map((row) => at(row.last.confirmedAt)),
  rows.map((row) => at(row.last.lastSeenAt)),
  rows.map((row) => atOrNull(row.last.endedAt)),
  rows.map((row) => row.last.worst),
  rows.map((row) => JSON.stringify(row.last.evidence)),
  policyVersion,
];
