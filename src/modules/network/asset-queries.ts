import type { Queryable } from '../database/database.js';

/** An asset with what is known of its supply. A transformer's supply is its own; above, it is counted over the transformers below. */
export interface AssetRow {
  id: number;
  code: string;
  kind: 'substation' | 'feeder' | 'section' | 'transformer';
  parentCode: string | null;
  name: string;
  area: string;
  setting: 'urban' | 'rural' | 'remote';
  capacityKva: number | null;
  connection: 'Yyn0' | 'Dyn11' | null;
  tapPosition: number | null;
  tapCount: number | null;
  tapStepPercent: number | null;
  longitude: number | null;
  latitude: number | null;
  owner: string | null;
  manager: string | null;
  /** Of a transformer; null above. */
  supply: 'live' | 'dead' | 'unknown' | null;
  supplySince: number | null;
}

const ASSET = `a.id, a.code, a.kind, parent.code as "parentCode", a.name, a.area, a.setting, a.capacity_kva as "capacityKva", a.connection,
  a.tap_position as "tapPosition", a.tap_count as "tapCount", a.tap_step_percent as "tapStepPercent", a.longitude, a.latitude,
  a.owner, a.manager, case when a.kind = 'transformer' then coalesce(s.supply, 'unknown') end as supply,
  s.supply_since as "supplySince"`;
const FROM = `asset a left join asset parent on parent.id = a.parent_id left join transformer_state s on s.transformer_id = a.id`;

export interface AssetFilter {
  kind: string | null;
  area: string | null;
  /** Part of a code or a name. */
  q: string | null;
  afterId: number;
  limit: number;
}

/** Assets in the order they were registered. */
export async function listAssets(db: Queryable, filter: AssetFilter): Promise<AssetRow[]> {
  return db.query<AssetRow>(
    `select ${ASSET} from ${FROM}
     where a.id > $1::bigint and ($2::text is null or a.kind = $2) and ($3::text is null or a.area = $3)
       and ($4::text is null or a.code ilike $4 or a.name ilike $4)
     order by a.id limit $5`,
    [filter.afterId, filter.kind, filter.area, filter.q === null ? null : `%${escapeLike(filter.q)}%`, filter.limit],
  );
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

export async function findAsset(db: Queryable, code: string): Promise<AssetRow | null> {
  const [row] = await db.query<AssetRow>(`select ${ASSET} from ${FROM} where a.code = $1`, [code]);
  return row ?? null;
}

export interface AssetSurroundings {
  path: { code: string; kind: string; name: string }[];
  transformers: { live: number; dead: number; unknown: number };
  customerCount: number;
  terminals: { terminal: string; intervalSeconds: number }[];
  openWarnings: { id: number; kind: string; severity: string; status: string; title: string; happenedAt: number }[];
}

/** What hangs above and below an asset today. */
export async function readSurroundings(db: Queryable, assetId: number): Promise<AssetSurroundings> {
  const path = await db.query<AssetSurroundings['path'][number]>(
    `select b.code, b.kind, b.name from asset a, unnest(a.path) with ordinality as p(id, position) join asset b on b.id = p.id
     where a.id = $1 order by p.position`,
    [assetId],
  );
  const [below] = await db.query<AssetSurroundings['transformers'] & { customers: number }>(
    `select count(*) filter (where s.supply = 'live') as live, count(*) filter (where s.supply = 'dead') as dead,
            count(*) filter (where coalesce(s.supply, 'unknown') = 'unknown') as unknown,
            coalesce(sum((select count(*) from customer c where c.transformer_id = a.id)), 0) as customers
     from asset a left join transformer_state s on s.transformer_id = a.id
     where a.path @> array[$1::integer] and a.kind = 'transformer'`,
    [assetId],
  );
  const terminals = await db.query<AssetSurroundings['terminals'][number]>(
    'select code as terminal, interval_seconds as "intervalSeconds" from terminal where transformer_id = $1 order by code',
    [assetId],
  );
  const openWarnings = await db.query<AssetSurroundings['openWarnings'][number]>(
    `select w.id, w.kind, w.severity, w.status, w.title, w.happened_at as "happenedAt" from warning w
     join asset a on a.id = w.asset_id and a.path @> array[$1::integer]
     where w.status <> 'resolved' order by w.happened_at desc, w.id desc limit 200`,
    [assetId],
  );
  const { customers = 0, live = 0, dead = 0, unknown = 0 } = below ?? {};
  return { path, transformers: { live, dead, unknown }, customerCount: customers, terminals, openWarnings };
}

export interface ReadingRow {
  ts: number;
  receivedAt: number;
  ua: number | null;
  ub: number | null;
  uc: number | null;
  ia: number | null;
  ib: number | null;
  ic: number | null;
  in: number | null;
  p: number | null;
  q: number | null;
  pf: number | null;
  f: number | null;
  temp: number | null;
}

/** The newest reading of a transformer, by event time. */
export async function lastReading(db: Queryable, transformerId: number): Promise<ReadingRow | null> {
  const [row] = await db.query<ReadingRow>(
    `select ts, received_at as "receivedAt", ua, ub, uc, ia, ib, ic, in_ as "in", p, q, pf, f, temp
     from reading where transformer_id = $1 order by ts desc limit 1`,
    [transformerId],
  );
  return row ?? null;
}

export interface CustomerRow {
  id: number;
  accountNo: string;
  name: string;
  phase: string | null;
  category: string;
  importance: number;
  mobile: string | null;
  landline: string | null;
  disconnected: boolean;
}

/** Customers on a transformer today, important ones first; at most `limit`. */
export async function customersOn(db: Queryable, transformerId: number, limit: number): Promise<CustomerRow[]> {
  return db.query<CustomerRow>(
    `select c.id, c.account_no as "accountNo", c.name, c.phase, c.category, c.importance, c.mobile, c.landline,
            exists (select from disconnection d where d.customer_id = c.id
                    and d.disconnected_at is not null and d.reconnected_at is null) as disconnected
     from customer c where c.transformer_id = $1 order by c.importance desc, c.account_no limit $2`,
    [transformerId, limit],
  );
}
