import type { EpisodeSpan, History } from '../../domain/history.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';

export type EpisodeRow = EpisodeSpan & { id: number };

/** Episodes that began at `afterTs` or later (null = all), and those that are `runs`; withdrawn ones left out. */
export const storedEpisodes = (
  tx: Tx,
  transformerId: number,
  afterTs: number | null,
  runs: History['runs'],
): Promise<EpisodeRow[]> =>
  tx.query<EpisodeRow>(
    `select id, kind, phase, severity, started_at as "startedAt", confirmed_at as "confirmedAt", last_seen_at as "lastSeenAt",
       ended_at as "endedAt", worst_value as worst, evidence
     from episode
     where transformer_id = $1 and withdrawn_at is null
       and ($2::timestamptz is null or started_at >= $2
         or (kind, phase, started_at) in (select * from unnest($3::text[], $4::text[], $5::timestamptz[])))
     order by started_at, id`,
    [
      transformerId,
      atOrNull(afterTs),
      runs.map(({ kind }) => kind),
      runs.map(({ phase }) => phase),
      runs.map(({ startedAt }) => at(startedAt)),
    ],
  );

export async function withdrawEpisodes(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(`update episode set withdrawn_at = $2, revision = revision + 1 where id = any($1::bigint[])`, [
    ids,
    at(tx.now),
  ]);
}

/** Rows told anew: each counts a revision. Those that end come first, because only one of a kind and phase may be open. */
export async function updateEpisodes(tx: Tx, rows: readonly EpisodeRow[], policyVersion: number): Promise<void> {
  for (const some of [rows.filter(({ endedAt }) => endedAt !== null), rows.filter(({ endedAt }) => endedAt === null)]) {
    if (some.length === 0) continue;
    await tx.query(
      `update episode o
       set severity = e.severity, started_at = e.started_at, confirmed_at = e.confirmed_at, last_seen_at = e.last_seen_at,
           ended_at = e.ended_at, worst_value = e.worst_value, evidence = e.evidence,
           policy_version = $9, revision = o.revision + 1
       from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::real[], $8::jsonb[])
         as e(id, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence)
       where o.id = e.id`,
      [some.map(({ id }) => id), ...columnsOf(some), policyVersion],
    );
  }
}

/** @returns the ids, in the order of the spans */
export async function addEpisodes(
  tx: Tx,
  transformerId: number,
  spans: readonly EpisodeSpan[],
  policyVersion: number,
): Promise<number[]> {
  if (spans.length === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `insert into episode (transformer_id, kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence, policy_version)
     select $1, e.kind, e.phase, e.severity, e.started_at, e.confirmed_at, e.last_seen_at, e.ended_at, e.worst_value, e.evidence, $11
     from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::real[], $10::jsonb[])
       with ordinality
       as e(kind, phase, severity, started_at, confirmed_at, last_seen_at, ended_at, worst_value, evidence, position)
     order by e.position
     returning id`,
    [transformerId, spans.map(({ kind }) => kind), spans.map(({ phase }) => phase), ...columnsOf(spans), policyVersion],
  );
  return rows.map(({ id }) => id);
}

const columnsOf = (spans: readonly EpisodeSpan[]): unknown[] => [
  spans.map(({ severity }) => severity),
  spans.map(({ startedAt }) => at(startedAt)),
  spans.map(({ confirmedAt }) => at(confirmedAt)),
  spans.map(({ lastSeenAt }) => at(lastSeenAt)),
  spans.map(({ endedAt }) => atOrNull(endedAt)),
  spans.map(({ worst }) => worst),
  spans.map(({ evidence }) => JSON.stringify(evidence)),
];
