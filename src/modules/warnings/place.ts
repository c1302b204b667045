import type { Place } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';

/** A place on the network as one jsonb value of a query; `a` is the asset. Read back as `Place`. */
export const PLACE = `jsonb_build_object('assetId', a.id, 'code', a.code, 'name', a.name, 'area', a.area)`;

/** The column of the asset `a`, or of the nearest asset above it that has one. */
export const nearest = (column: 'owner' | 'manager'): string =>
  `(select u.${column} from asset u where u.id = any(a.path) and u.${column} is not null
    order by cardinality(u.path) desc limit 1)`;

/** Assets by their ids; ids of none are missing. */
export async function placesOf(tx: Tx, ids: readonly number[]): Promise<Map<number, Place>> {
  const rows = await tx.query<{ place: Place }>(
    `select ${PLACE} as place from asset a where a.id = any($1::integer[])`,
    [ids],
  );
  return new Map(rows.map(({ place }) => [place.assetId, place]));
}
