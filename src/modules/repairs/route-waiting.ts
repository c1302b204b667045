import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { routeTo } from '../../domain/repairs/routing.js';
import type { Business } from '../../domain/repairs/routing.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { listRoutes } from './routes.js';
import { markPassedOn } from './service-requests.js';

/**
 * The routing table changed: open repair orders and waiting requests that have no unit are looked up again; requests go to theirs at once,
 * as if the line had been there when they came.
 */
export async function routeWaiting(tx: Tx, active: PolicyInForce, actor: string): Promise<void> {
  const routes = await listRoutes(tx);
  const find = <Row extends { business: Business; area: string }>(rows: readonly Row[]) =>
    rows.flatMap((row) => {
      const { route } = routeTo(row.business, row.area, routes);
      return route === null ? [] : [{ ...row, unit: route.unit, person: route.person }];
    });
  const orders = find(
    await tx.query<{ id: number; business: Business; area: string }>(
      `select o.id, 'repair' as business, r.area from repair_order o join fault_report r on r.id = o.report_id
       where o.unit is null and o.state <> 'closed' order by o.id for update of o`,
    ),
  );
  await tx.query(
    `update repair_order o set unit = n.unit, person = coalesce(n.person, o.person), route_note = null
     from unnest($1::bigint[], $2::text[], $3::text[]) as n(id, unit, person) where o.id = n.id`,
    [orders.map(({ id }) => id), orders.map(({ unit }) => unit), orders.map(({ person }) => person)],
  );
  const requests = find(
    await tx.query<{ id: number; business: Business; area: string }>(
      `select id, business, area from service_request where unit is null and passed_on_at is null order by id for update`,
    ),
  );
  await markPassedOn(
    tx,
    active,
    requests.map((request) => ({ ...request, at: tx.now, by: 'system' })),
    actor,
  );
  await append(tx, [
    {
      type: 'routes_imported',
      subjectType: 'utility',
      subjectId: 0,
      happenedAt: tx.now,
      actor,
      data: { lines: routes.length, orders: orders.length, requests: requests.length },
    },
  ]);
}
