import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** A transformer of the report, where it hung at the report's end. */
export interface ReportTransformer {
  id: number;
  code: string;
  name: string;
  area: string;
  feederCode: string | null;
  feederName: string | null;
  /** The slowest of its terminals; null without one. */
  intervalSeconds: number | null;
}

/** The transformers of an area, or of all. */
export function transformersOf(tx: Tx, area: string | null, end: number): Promise<ReportTransformer[]> {
  return tx.query<ReportTransformer>(
    `with recursive up as (
       select id as leaf, id as asset_id, 0 as height from asset where kind = 'transformer' and ($1::text is null or area = $1)
       union all
       select up.leaf, p.parent_id, up.height + 1
       from up join asset_parent p on p.asset_id = up.asset_id and p.valid_from < $2 and (p.valid_to is null or p.valid_to >= $2)
       where p.parent_id is not null and up.height < 50)
     select t.id, t.code, t.name, t.area, f.code as "feederCode", f.name as "feederName",
       (select max(m.interval_seconds) from terminal m where m.transformer_id = t.id) as "intervalSeconds"
     from asset t
     left join (select up.leaf, a.code, a.name from up join asset a on a.id = up.asset_id where a.kind = 'feeder') f on f.leaf = t.id
     where t.kind = 'transformer' and ($1::text is null or t.area = $1)
     order by t.code`,
    [area, at(end)],
  );
}

/** What the rows of a report are. */
export interface RowName {
  /** An area, a feeder's or a transformer's code. */
  key: string;
  name: string;
}

export function rowOfTransformer(transformer: ReportTransformer, by: string): RowName {
  const { area, code, name, feederCode, feederName } = transformer;
  if (by === 'transformer') return { key: code, name };
  // A transformer right below a substation has no feeder.
  if (by === 'feeder') return { key: feederCode ?? '', name: feederName ?? '' };
  return { key: area, name: area };
}
