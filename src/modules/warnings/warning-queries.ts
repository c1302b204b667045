import type { z } from 'zod';
import { formatInstants } from '../../domain/instants.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { decodeCursor, page } from '../http/paging.js';
import type { listWarnings, Warning, WarningDetail } from './warnings.schemas.js';

type WarningLine = z.input<typeof Warning>;
type Detail = z.input<typeof WarningDetail>;
type WarningView = Omit<Detail, 'advised' | 'comments'>;

const BRIEF_COLUMNS = `w.id, w.kind, w.severity, w.status, jsonb_build_object('type', w.subject_type, 'id', w.subject_id,
    'code', w.subject_code, 'name', w.subject_name, 'area', w.area) as subject,
  w.title, w.title_en as "titleEn", w.happened_at as "happenedAt", w.known_at as "knownAt", w.due_at as "dueAt", w.acknowledged_at as "acknowledgedAt",
  w.resolved_at as "resolvedAt", w.assignee, w.outage_id as "outageId", w.policy_version as "policyVersion"`;
const COLUMNS = `${BRIEF_COLUMNS}, w.evidence,
  jsonb_path_query_array(w.advised, '$[*].text') || case
    when w.advised = '[]' or w.advised -> 0 ->> 'kind' = 'insufficient_data' then w.advice else '[]' end as advice, w.revisions`;

const viewOf = <Row extends WarningView>(row: Row): Row => ({
  ...row,
  evidence: formatInstants(row.evidence),
  revisions: row.revisions.map((revision) => ({
    ...revision,
    changed: withChangedInstants(revision.changed),
  })),
});

const withChangedInstants = (changed: Record<string, unknown>): Record<string, unknown> =>
  formatInstants(changed) as Record<string, unknown>;

/** A page of warnings, newest first. @throws Fault `not_found` for an unknown asset code */
export async function findWarnings(
  db: Queryable,
  { query }: InputOf<typeof listWarnings>,
): Promise<{ items: WarningLine[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor, 2);
  const assetId = query.asset === undefined ? null : await assetIdOf(db, query.asset);
  const rows = await db.query<WarningView>(
    `select ${query.brief ? BRIEF_COLUMNS : COLUMNS} from warning w
     where ($1::text is null or w.status = $1) and ($2::text is null or w.kind = $2)
       and ($3::text is null or w.severity = $3) and ($4::text is null or w.area = $4)
       and ($5::integer is null or w.asset_id in (select id from asset where path @> array[$5::integer]))
       and ($6::timestamptz is null or (w.happened_at, w.id) < ($6, $7::bigint))
     order by w.happened_at desc, w.id desc limit $8`,
    [
      query.status ?? null,
      query.kind ?? null,
      query.severity ?? null,
      query.area ?? null,
      assetId,
      after === null ? null : at(Number(after[0])),
      after === null ? null : Number(after[1]),
      query.limit + 1,
    ],
  );
  return page<WarningLine>(query.brief ? rows : rows.map(viewOf), query.limit, (row) => [row.happenedAt, row.id]);
}

/** @throws Fault `not_found` */
export async function findWarning(db: Queryable, id: number): Promise<Detail> {
  const [row] = await db.query<Omit<Detail, 'comments'>>(
    `select ${COLUMNS}, w.advised as "advised" from warning w where w.id = $1`,
    [id],
  );
  if (row === undefined) throw new Fault('not_found', `There is no warning ${id}.`);
  const comments = await db.query<Detail['comments'][number]>(
    'select at, actor, action, note, coalesce(note_en, note) as "noteEn" from warning_comment where warning_id = $1 order by id',
    [id],
  );
  return { ...viewOf(row), comments };
}

async function assetIdOf(db: Queryable, code: string): Promise<number> {
  const [row] = await db.query<{ id: number }>('select id from asset where code = $1', [code]);
  if (row === undefined) throw new Fault('not_found', `There is no asset with the code ${code}.`);
  return row.id;
}
