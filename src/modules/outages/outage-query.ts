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

export interface OutageFilter {
  state?: string | undefined;
  nature?: string | undefined;
  area?: string | undefined;
  /** Outages that lasted into the stretch of time. */
  from?: number | undefined;
  to?: number | undefined;
}

// Counts of complaints and notices are look-ups in their indexes, made only for the rows of a page.
const COLUMNS = `${OUTAGE_COLUMNS}, o.known_at as "knownAt", null::float8 as "probabilityOver8h",
  jsonb_build_object('id', a.id, 'code', a.code, 'name', a.name, 'kind', a.kind, 'area', a.area) as "rootAsset",
  (select count(*) from complaint_link l where l.event_type = 'outage' and l.event_id = o.id
     and l.status in ('linked', 'confirmed')) as complaints,
  (select count(*) from notice n where n.event_type = 'outage' and n.event_id = o.id) as notices`;

type Row = OutageRecord & Record<string, unknown>;

/** At most `limit` outages, the latest begin first, after the given place. */
export async function listOutages(
  db: Queryable,
  filter: OutageFilter,
  after: { startedAt: number; id: number } | null,
  limit: number,
): Promise<OutageAnswer[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from outage o join asset a on a.id = o.root_asset_id
     where ($1::text is null or o.state = $1) and ($2::text is null or o.nature = $2) and ($3::text is null or o.area = $3)
       and ($4::timestamptz is null or o.ended_at is null or o.ended_at > $4)
       and ($5::timestamptz is null or o.started_at < $5)
       and ($6::timestamptz is null or (o.started_at, o.id) < ($6, $7::bigint))
     order by o.started_at desc, o.id desc limit $8`,
    [
      filter.state ?? null,
      filter.nature ?? null,
      filter.area ?? null,
      atOrNull(filter.from ?? null),
      atOrNull(filter.to ?? null),
      after === null ? null : at(after.startedAt),
      after?.id ?? null,
      limit,
    ],
  );
  return withTransformers(db, rows);
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
