import { ASSET_COLUMNS, mergeAsset } from '../../domain/register/asset-rows.js';
import type { GivenAsset, RegisteredAsset } from '../../domain/register/asset-rows.js';
import { checkTree } from '../../domain/register/asset-tree.js';
import type { RawRow } from '../../domain/register/column.js';
import { planMove } from '../../domain/register/move.js';
import type { Move } from '../../domain/register/move.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { moveIntervals, openIntervals } from './intervals.js';
import type { PlannedMove } from './intervals.js';
import { byLine, imported, lockRegister, readRows } from './read-rows.js';
import type { ImportResult } from './read-rows.js';
import { rowSet } from './row-set.js';

interface StoredAsset extends RegisteredAsset {
  id: number;
  path: number[];
  /** Begin of the parent in force. */
  validFrom: number;
}

interface AssetToWrite extends RegisteredAsset {
  id: number;
  parentId: number | null;
  isNew: boolean;
  move: Move;
  fromId: number | null;
}

/** Takes assets into the register: new ones, changed ones, moved ones. Rows with faults are reported, the rest is taken. */
export async function importAssets(tx: Tx, raw: readonly RawRow[], actor: string): Promise<ImportResult> {
  const { rows, rejected } = readRows(ASSET_COLUMNS, 'code', raw);
  await lockRegister(tx);
  const stored = await findStored(tx, [...rows.values()]);
  const taken = new Map<number, RegisteredAsset & { move: Move }>();
  for (const [line, given] of rows) {
    const existing = stored.get(given.code ?? '');
    const asset = mergeAsset(given, existing);
    const move = 'reason' in asset ? null : moveOf(asset, existing, given, tx.now);
    if ('reason' in asset) rejected.push({ line, reason: asset.reason });
    else if (move?.move === 'refused') rejected.push({ line, reason: move.reason });
    else taken.set(line, { ...asset, move: move ?? { move: 'none' } });
  }
  for (const [line, reason] of checkTree(taken, stored)) {
    taken.delete(line);
    rejected.push({ line, reason });
  }

  const assets = await withIds(tx, [...taken.values()], stored);
  const fresh = assets.filter((asset) => asset.isNew);
  const moves = assets.flatMap(plannedMove);
  await insert(tx, fresh, stored);
  await update(
    tx,
    assets.filter((asset) => !asset.isNew),
  );
  await openIntervals(
    tx,
    'asset_parent',
    fresh.map((asset) => ({ id: asset.id, holderId: asset.parentId })),
  );
  await moveIntervals(tx, 'asset_parent', moves);
  await renewPaths(
    tx,
    moves.map((move) => move.id),
  );
  await append(tx, [
    ...moves.map((move) => ({
      type: 'asset_moved' as const,
      subjectType: 'asset' as const,
      subjectId: move.id,
      happenedAt: move.at,
      actor,
      data: { fromParentId: move.fromId, toParentId: move.toId },
    })),
    ...imported(tx, 'assets', taken.size, rejected.length, actor),
  ]);
  return { accepted: taken.size, rejected: byLine(rejected) };
}

const moveOf = (asset: RegisteredAsset, existing: StoredAsset | undefined, given: GivenAsset, now: number): Move =>
  existing === undefined
    ? { move: 'none' }
    : planMove({
        current: existing.parentCode,
        next: asset.parentCode,
        validFrom: existing.validFrom,
        effectiveAt: given.effective_at ?? null,
        now,
      });

/** What the register holds of the codes in the file: the assets, the parents they are to have, and all ancestors of both. */
async function findStored(tx: Tx, rows: readonly GivenAsset[]): Promise<Map<string, StoredAsset>> {
  const codes = new Set(rows.flatMap((row) => [row.code, row.parent_code]).filter((code) => typeof code === 'string'));
  const found = await tx.query<StoredAsset>(
    `select a.id, a.path, a.code, a.kind, parent.code as "parentCode", a.name, a.area, a.setting,
            a.capacity_kva as "capacityKva", a.connection, a.tap_position as "tapPosition", a.tap_count as "tapCount",
            a.tap_step_percent as "tapStepPercent", a.longitude, a.latitude, a.owner, a.manager, h.valid_from as "validFrom"
     from asset a
     join asset_parent h on h.asset_id = a.id and h.valid_to is null
     left join asset parent on parent.id = a.parent_id
     where a.id in (select unnest(named.path) from asset named where named.code = any($1::text[]))`,
    [[...codes]],
  );
  return new Map(found.map((asset) => [asset.code, asset]));
}

/** Takes numbers for new assets beforehand, so that children may stand before their parents in one statement. */
async function withIds(
  tx: Tx,
  assets: readonly (RegisteredAsset & { move: Move })[],
  stored: ReadonlyMap<string, StoredAsset>,
): Promise<AssetToWrite[]> {
  const ids = new Map([...stored.values()].map((asset) => [asset.code, asset.id]));
  const fresh = assets.filter((asset) => !ids.has(asset.code));
  const numbers = await tx.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('asset', 'id')) as id from generate_series(1, $1)`,
    [fresh.length],
  );
  for (const [index, { id }] of numbers.entries()) ids.set(fresh[index]?.code ?? '', id);
  const idOf = (code: string | null | undefined): number | null => (code == null ? null : (ids.get(code) ?? null));
  return assets.map((asset) => ({
    ...asset,
    id: ids.get(asset.code) ?? 0,
    parentId: idOf(asset.parentCode),
    isNew: !stored.has(asset.code),
    fromId: idOf(stored.get(asset.code)?.parentCode),
  }));
}

const plannedMove = (asset: AssetToWrite): PlannedMove[] =>
  asset.move.move === 'replace' || asset.move.move === 'close'
    ? [{ id: asset.id, fromId: asset.fromId, toId: asset.parentId, move: asset.move.move, at: asset.move.at }]
    : [];

const TYPES = {
  id: 'integer',
  code: 'text',
  kind: 'text',
  parentId: 'integer',
  name: 'text',
  area: 'text',
  setting: 'text',
  capacityKva: 'real',
  connection: 'text',
  tapPosition: 'smallint',
  tapCount: 'smallint',
  tapStepPercent: 'real',
  longitude: 'double precision',
  latitude: 'double precision',
  owner: 'text',
  manager: 'text',
} as const;

async function insert(
  tx: Tx,
  assets: readonly AssetToWrite[],
  stored: ReadonlyMap<string, StoredAsset>,
): Promise<void> {
  if (assets.length === 0) return;
  const paths = pathsOf(assets, stored);
  const rows = assets.map((asset) => ({ ...asset, path: `{${(paths.get(asset.code) ?? []).join(',')}}` }));
  const set = rowSet({ ...TYPES, path: 'text' }, rows);
  const fields = set.columns.replace(/, path$/, '');
  await tx.query(
    `insert into asset (${fields}, path) overriding system value select ${fields}, path::integer[] from ${set.from}`,
    set.values,
  );
}

/** Root-first paths of new assets. What hangs below something that moves in the same file is set right by `renewPaths`. */
function pathsOf(assets: readonly AssetToWrite[], stored: ReadonlyMap<string, StoredAsset>): Map<string, number[]> {
  const fresh = new Map(assets.map((asset) => [asset.code, asset]));
  const paths = new Map<string, number[]>();
  for (const asset of assets) {
    const trail: AssetToWrite[] = [];
    let above: string | null = asset.code;
    for (let next = fresh.get(above); next !== undefined && !paths.has(next.code); next = fresh.get(above ?? '')) {
      trail.push(next);
      above = next.parentCode;
    }
    let path = above === null ? [] : (paths.get(above) ?? stored.get(above)?.path ?? []);
    for (const step of trail.reverse()) {
      path = [...path, step.id];
      paths.set(step.code, path);
    }
  }
  return paths;
}

/** Writes what differs; a file that is sent again writes nothing. */
async function update(tx: Tx, assets: readonly AssetToWrite[]): Promise<void> {
  if (assets.length === 0) return;
  const set = rowSet<AssetToWrite>(TYPES, assets);
  const fields = set.columns.split(', ').filter((column) => !['id', 'code', 'kind'].includes(column));
  const of = (alias: string): string => fields.map((field) => `${alias}.${field}`).join(', ');
  await tx.query(
    `update asset a set (${fields.join(', ')}) = row(${of('r')}) from ${set.from}
     where a.id = r.id and (${of('a')}) is distinct from (${of('r')})`,
    set.values,
  );
}

/** Sets `path` anew for moved assets and everything below them. */
async function renewPaths(tx: Tx, movedIds: readonly number[]): Promise<void> {
  if (movedIds.length === 0) return;
  await tx.query(
    `with recursive down as (
       select unnest($1::integer[]) as id
       union
       select a.id from down join asset a on a.parent_id = down.id
     ), up as (
       select a.id as leaf, a.parent_id as above, array[a.id] as path from down join asset a using (id)
       union all
       select up.leaf, parent.parent_id, parent.id || up.path from up join asset parent on parent.id = up.above
     )
     update asset set path = up.path from up where up.leaf = asset.id and up.above is null and asset.path <> up.path`,
    [movedIds],
  );
}
