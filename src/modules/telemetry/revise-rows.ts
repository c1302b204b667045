import { episodeData, isSameEpisode, isSameSupply, revise } from '../../domain/history.js';
import type { EpisodeSpan, History, SupplySpan } from '../../domain/history.js';
import type { JournalData, NewJournalEntry } from '../../domain/journal-entry.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { addEpisodes, storedEpisodes, updateEpisodes, withdrawEpisodes } from './episode-rows.js';
import type { EpisodeRow } from './episode-rows.js';

type SupplyRow = SupplySpan & { id: number };

const WHY = 'late data';

/**
 * Brings the supply intervals of one transformer to what its history says; rows that change count a revision.
 * @param afterTs rows that began before it are settled, but for what the history begins with; null = none is
 * @param knownSince when supply was known for the first time, as far as was known
 * @returns the journal entry that tells followers from where on to look again, or none
 */
export async function reviseSupply(
  tx: Tx,
  transformerId: number,
  history: History,
  afterTs: number | null,
  knownSince: number | null,
): Promise<NewJournalEntry[]> {
  const stored = await tx.query<SupplyRow>(
    `select id, state, started_at as "startedAt", ended_at as "endedAt", source, end_source as "endSource"
     from supply_interval
     where transformer_id = $1 and withdrawn_at is null
       and ($2::timestamptz is null or started_at >= $2 or started_at = $3)
     order by started_at`,
    [transformerId, atOrNull(afterTs), atOrNull(history.supplyStart)],
  );
  const { withdrawn, changed, added } = revise<SupplySpan, SupplyRow>(
    stored,
    history.supply,
    ({ state }) => state,
    isSameSupply,
  );
  const touched: Pick<SupplySpan, 'startedAt' | 'endedAt'>[] = [
    ...withdrawn,
    ...added,
    ...changed.flatMap(({ row, to }) => [row, to]),
  ];
  if (knownSince !== null && history.knownSince !== null && history.knownSince < knownSince)
    touched.push({ startedAt: history.knownSince, endedAt: knownSince });
  if (touched.length === 0) return [];
  if (withdrawn.length > 0)
    await tx.query(
      `update supply_interval set withdrawn_at = $2, revision = revision + 1 where id = any($1::bigint[])`,
      [withdrawn.map(({ id }) => id), at(tx.now)],
    );
  if (changed.length > 0)
    await tx.query(
      `update supply_interval i
       set started_at = n.started_at, ended_at = n.ended_at, source = n.source, end_source = n.end_source, revision = i.revision + 1
       from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[])
         as n(id, started_at, ended_at, source, end_source)
       where i.id = n.id`,
      [changed.map(({ row }) => row.id), ...columnsOf(changed.map(({ to }) => to))],
    );
  if (added.length > 0)
    await tx.query(
      `insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source)
       select $1, n.state, n.started_at, n.ended_at, n.source, n.end_source
       from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[])
         as n(state, started_at, ended_at, source, end_source)`,
      [transformerId, added.map(({ state }) => state), ...columnsOf(added)],
    );
  const fromTs = Math.min(...touched.map(({ startedAt }) => startedAt));
  const toTs = Math.max(...touched.map(({ endedAt }) => endedAt ?? tx.now));
  return [
    {
      type: 'supply_revised',
      subjectType: 'transformer',
      subjectId: transformerId,
      happenedAt: fromTs,
      data: { fromTs, toTs, why: WHY },
    },
  ];
}

const columnsOf = (spans: readonly SupplySpan[]): unknown[] => [
  spans.map(({ startedAt }) => at(startedAt)),
  spans.map(({ endedAt }) => atOrNull(endedAt)),
  spans.map(({ source }) => source),
  spans.map(({ endSource }) => endSource),
];

/** As `reviseSupply`, for the episodes; one entry for each that is new, changed or withdrawn. */
export async function reviseEpisodes(
  tx: Tx,
  transformerId: number,
  history: History,
  afterTs: number | null,
  policyVersion: number,
): Promise<NewJournalEntry[]> {
  const stored = await storedEpisodes(tx, transformerId, afterTs, history.runs);
  const { withdrawn, changed, added } = revise<EpisodeSpan, EpisodeRow>(
    stored,
    history.episodes,
    ({ kind, phase }) => `${kind}:${phase}`,
    isSameEpisode,
  );
  await withdrawEpisodes(
    tx,
    withdrawn.map(({ id }) => id),
  );
  await updateEpisodes(
    tx,
    changed.map(({ row, to }) => ({ ...to, id: row.id })),
    policyVersion,
  );
  const addedIds = await addEpisodes(tx, transformerId, added, policyVersion);
  const revised = (id: number, span: EpisodeSpan, isWithdrawn: boolean): NewJournalEntry => {
    const data: JournalData['episode_revised'] = {
      ...episodeData(transformerId, span, policyVersion),
      why: WHY,
      withdrawn: isWithdrawn,
    };
    const happenedAt = span.endedAt ?? span.lastSeenAt;
    return { type: 'episode_revised', subjectType: 'episode', subjectId: id, happenedAt, data };
  };
  return [
    ...withdrawn.map((row) => revised(row.id, row, true)),
    ...changed.map(({ row, to }) => revised(row.id, to, false)),
    ...added.flatMap((span, index) => toldOf(addedIds[index] ?? 0, transformerId, span, policyVersion)),
  ];
}

function toldOf(id: number, transformerId: number, span: EpisodeSpan, policyVersion: number): NewJournalEntry[] {
  const data = episodeData(transformerId, span, policyVersion);
  const told = { subjectType: 'episode', subjectId: id } as const;
  const opened: NewJournalEntry = {
    ...told,
    type: 'episode_opened',
    happenedAt: span.confirmedAt,
    data: { ...data, endedAt: null },
  };
  if (span.endedAt === null) return [opened];
  return [opened, { ...told, type: 'episode_closed', happenedAt: span.endedAt, data }];
}
