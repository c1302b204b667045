import { routeTo, ROUTE_COLUMNS } from '../../domain/repairs/routing.js';
import type { Business, Route, Routed } from '../../domain/repairs/routing.js';
import { readRow } from '../../domain/register/column.js';
import type { RawRow, RejectedRow } from '../../domain/register/column.js';
import type { Queryable, Tx } from '../database/database.js';
import { byLine } from '../network/read-rows.js';
import type { ImportResult } from '../network/read-rows.js';

/** A line of the routing table as it is kept. */
export interface StoredRoute extends Route {
  phone: string | null;
}

const COLUMNS = 'business, area, unit, person, phone';

export const listRoutes = (db: Queryable): Promise<StoredRoute[]> =>
  db.query<StoredRoute>(`select ${COLUMNS} from responsibility_route order by business, area`);

/**
 * Who is responsible for a business in an area, for what is recorded in this transaction: an import of routes waits for its end, so that
 * it finds what got none (route-waiting.ts).
 */
export async function routeFor(tx: Tx, business: Business, area: string): Promise<Routed> {
  await tx.query(`select pg_advisory_xact_lock_shared(hashtext('lamplighter.responsibility_route'))`);
  return findRoute(tx, business, area);
}

/** Who is responsible for a business in an area, or why nobody is. */
export async function findRoute(db: Queryable, business: Business, area: string): Promise<Routed> {
  const routes = await db.query<Route>(
    `select business, area, unit, person from responsibility_route
     where business = any($1) and area = any($2)`,
    [
      [business, 'default'],
      [area, ''],
    ],
  );
  return routeTo(business, area, routes);
}

/** Takes lines of the routing table in; a line of the same business and area is replaced, what the file leaves out stays. */
export async function importRoutes(tx: Tx, raw: readonly RawRow[]): Promise<ImportResult> {
  const taken = new Map<string, StoredRoute>();
  const lineOf = new Map<string, number>();
  const rejected: RejectedRow[] = [];
  for (const row of raw) {
    const { line } = row;
    const given = readRow(ROUTE_COLUMNS, row);
    if ('reason' in given) {
      rejected.push({ line, reason: given.reason });
      continue;
    }
    const { business, area = '', unit, person = null, phone = null } = given;
    const key = `${business}|${area}`;
    const earlier = lineOf.get(key);
    if (business === undefined || unit === undefined) {
      rejected.push({ line, reason: `lacks ${business === undefined ? 'business' : 'unit'}` });
    } else if (earlier !== undefined) {
      rejected.push({ line, reason: `${business} of the area "${area}" stands on line ${earlier} already` });
    } else {
      lineOf.set(key, line);
      taken.set(key, { business, area, unit, person, phone });
    }
  }
  const routes = [...taken.values()];
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.responsibility_route'))`);
  await tx.query(
    `insert into responsibility_route (${COLUMNS})
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     on conflict (business, area) do update
       set unit = excluded.unit, person = excluded.person, phone = excluded.phone`,
    [
      routes.map((route) => route.business),
      routes.map((route) => route.area),
      routes.map((route) => route.unit),
      routes.map((route) => route.person),
      routes.map((route) => route.phone),
    ],
  );
  return { accepted: routes.length, rejected: byLine(rejected) };
}
