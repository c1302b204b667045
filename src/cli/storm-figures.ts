import { MINUTE_MS } from '../domain/instants.js';
import type { Database } from '../modules/database/database.js';
import type { Timeline } from '../simulator/timeline.js';

/** Takes supply from whole feeders within a minute, the first ones of the city. @returns how many transformers and feeders were hit */
export function addFeederStorm(timeline: Timeline, from: number, mostTransformers: number) {
  const hit = { transformers: 0, feeders: 0 };
  for (const { code, kind } of timeline.city.assets) {
    if (kind !== 'feeder') continue;
    const below = timeline.city.below.get(code) ?? [];
    if (hit.transformers + below.length > mostTransformers) break;
    const at = from + ((hit.feeders * 7919) % 59_000);
    const parts = below.map((transformer) => ({ transformer, from: at, to: at + 180 * MINUTE_MS }));
    const about = { nature: 'fault' as const, cause: '雷暴大风', rootCode: code, plannedExternalId: null };
    timeline.add({ kind: 'outage', id: `STORM-${code}`, ...about, parts });
    hit.transformers += below.length;
    hit.feeders += 1;
  }
  return hit;
}

export interface StormFigures {
  openOutages: number;
  /** Different assets among the roots of open outages, and those of them that are feeders. */
  roots: number;
  feederRoots: number;
  /**
   * What the terminals said of lost power, and every stretch without supply or without word: from how many outages each is reached.
   * An outage that was merged or discarded does not count.
   */
  symptoms: { total: number; once: number; lost: number; twice: number };
  /** Warnings raised, by kind and sort of subject. */
  warnings: { what: string; count: number }[];
  /** Notices to customers; `orders`: how often notices about an outage were queued, summed over the outages. */
  notices: { total: number; customers: number; orders: number };
}

/** What became of a storm while it lasts, counted in the database. */
export async function stormFigures(db: Database): Promise<StormFigures> {
  const [outages] = await db.query<Pick<StormFigures, 'openOutages' | 'roots' | 'feederRoots'>>(
    `select count(*) as "openOutages", count(distinct o.root_asset_id) as roots,
       count(distinct o.root_asset_id) filter (where a.kind = 'feeder') as "feederRoots"
     from outage o join asset a on a.id = o.root_asset_id where o.state in ('suspected', 'confirmed')`,
  );
  const [symptoms] = await db.query<StormFigures['symptoms']>(
    `with symptom as (
       select transformer_id from terminal_event where type = 'power_off'
       union all select transformer_id from supply_interval where withdrawn_at is null and ended_at is null)
     select count(*) as total, count(*) filter (where outages = 1) as once, count(*) filter (where outages = 0) as lost,
       count(*) filter (where outages > 1) as twice
     from (select (select count(distinct o.id) from outage_transformer ot join outage o on o.id = ot.outage_id
                   where ot.transformer_id = symptom.transformer_id and o.state <> 'discarded' and o.merged_into_id is null) as outages
           from symptom) counted`,
  );
  const warnings = await db.query<StormFigures['warnings'][number]>(
    `select data ->> 'kind' || ' of ' || (data ->> 'subjectType') as what, count(*) from journal
     where type = 'warning_raised' group by 1 order by 2 desc, 1`,
  );
  const [notices] = await db.query<StormFigures['notices']>(
    `select count(*) as total, count(distinct customer_id) as customers,
       (select count(*) from journal where type = 'notice_queued') as orders from notice`,
  );
  if (outages === undefined || symptoms === undefined || notices === undefined)
    throw new Error('counts are always there');
  return { ...outages, symptoms, warnings, notices };
}
