import { formatInstants } from '../../domain/instants.js';
import type { OutageRecord } from '../../domain/outage-record.js';
import { Fault } from '../../fault.js';
import { at, atOrNull } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import { OUTAGE_COLUMNS } from './outage-rows.js';

/** One outage for readers, with what other modules know of it. */
export interface OutageAnswer extends Omit<OutageRecord, 'decided'> {
  decided: string[];
  /** Filled in by OutageOutlooks. */
  probabilityOver8h: number | null;
}

/** One line of a list; a brief one is without the parts that grow with the outage. */
export type OutageLine = Omit<OutageAnswer, 'evidence'> & Partial<Pick<OutageAnswer, 'evidence'>>;

export interface OutageFilter {
  /** A state, `open` or `over`. */
  state?: string | undefined;
  nature?: string | undefined;
  area?: string | undefined;
  /** Outages that lasted into the stretch of time. */
  from?: number | undefined;
  to?: number | undefined;
  /** By their begin; `newest` when left out. */
  order?: 'newest' | 'oldest' | undefined;
  brief?: boolean | undefined;
}

const STATES_OF: Readonly<Record<string, readonly string[]>> = {
  open: ['suspected', 'confirmed'],
  over: ['restored', 'closed'],
};

const BRIEF_COLUMNS = `${OUTAGE_COLUMNS}, o.known_at as "knownAt", null::float8 as "probabilityOver8h",
  jsonb_build_object('id', a.id, 'code', a.code, 'name', a.name, 'kind', a.kind, 'area', a.area) as "rootAsset"`;

// Counts of complaints and notices are look-ups in their indexes, made only for the rows of a page.
const COLUMNS = `${BRIEF_COLUMNS},
  (select count(*) from complaint_link l where l.event_type = 'outage' and l.event_id = o.id
     and l.status in ('linked', 'confirmed')) as complaints,
  (select count(*) from notice n where n.event_type = 'outage' and n.event_id = o.id) as notices`;

type Row = OutageRecord & Record<string, unknown>;

/** At most `limit` outages after the given place. */
export async function listOutages(
  db: Queryable,
  filter: OutageFilter,
  after: { startedAt: number; id: number } | null,
  limit: number,
): Promise<OutageLine[]> {
  const [isLater, direction] = filter.order === 'oldest' ? ['>', 'asc'] : ['<', 'desc'];
  const rows = await db.query<Row>(
    `select ${filter.brief === true ? BRIEF_COLUMNS : COLUMNS} from outage o join asset a on a.id = o.root_asset_id
     where ($1::text[] is null or o.state = any($1)) and ($2::text is null or o.nature = $2) and ($3::text is null or o.area = $3)
       and ($4::timestamptz is null or o.ended_at is null or o.ended_at > $4)
       and ($5::timestamptz is null or o.started_at < $5)
       and ($6::timestamptz is null or (o.started_at, o.id) ${isLater} ($6, $7::bigint))
     order by o.started_at ${direction}, o.id ${direction} limit $8`,
    [
      filter.state === undefined ? null : (STATES_OF[filter.state] ?? [filter.state]),
      filter.nature ?? null,
      filter.area ?? null,
      atOrNull(filter.from ?? null),
      atOrNull(filter.to ?? null),
      after === null ? null : at(after.startedAt),
      after?.id ?? null,
      limit,
    ],
  );
  return filter.brief === true ? rows.map(briefly) : withTransformers(db, rows);
}

/** @throws Fault `not_found` */
export async function findOutage(db: Queryable, id: number): Promise<OutageAnswer> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from outage o join asset a on a.id = o.root_asset_id where o.id = $1`,
    [id],
  );
  const [outage] = await withTransformers(db, rows);
  if (outage === undefined) throw new Fault('not_found', `There is no outage ${id}.`);
  return outage;
}

function briefly(row: Row): OutageLine {
  const { decided, rootAssetId: _, evidence: _e, ...rest } = row;
  return { ...rest, decided: Object.keys(decided) } as unknown as OutageLine;
}

interface TransformerRow {
  outageId: number;
  transformers: { code: string; startedAt: number; endedAt: number | null; source: string }[];
}

async function withTransformers(db: Queryable, rows: readonly Row[]): Promise<OutageAnswer[]> {
  const members = await db.query<TransformerRow['transformers'][number] & { outageId: number }>(
    `select ot.outage_id as "outageId", a.code, ot.started_at as "startedAt", ot.ended_at as "endedAt", ot.source,
       ot.end_source as "endSource", ot.customers
     from outage_transformer ot join asset a on a.id = ot.transformer_id
     where ot.outage_id = any($1::bigint[]) order by ot.started_at, a.code`,
    [rows.map(({ id }) => id)],
  );
  const transformersOf = new Map<number, object[]>();
  for (const { outageId, ...member } of members) {
    const list = transformersOf.get(outageId);
    if (list === undefined) transformersOf.set(outageId, [member]);
    else list.push(member);
  }
  return rows.map((row) => {
    const { decided, rootAssetId: _, ...rest } = row;
    const transformers = transformersOf.get(row.id) ?? [];
    const evidence = formatInstants(row.evidence);
    return { ...rest, evidence, decided: Object.keys(decided), transformers } as unknown as OutageAnswer;
  });
}
