import { businessOf, responsibleFor } from '../../domain/supervision/responsible.js';
import type { AssetPeople } from '../../domain/supervision/responsible.js';
import { isSupervised } from '../../domain/supervision/causes.js';
import { routeTo } from '../../domain/repairs/routing.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { listRoutes } from '../repairs/routes.js';
import { addSteps, assignedWords, BY_RULE, entryOf, storedColumns } from './steps.js';
import type { StoredOrder } from './steps.js';
import { PEOPLE } from './warning-rows.js';

type Waiting = StoredOrder & { category: string | null; people: AssetPeople };

/** The routing table changed: open orders that name no unit are looked up again. */
export async function routeOrders(tx: Tx): Promise<void> {
  const waiting = await tx.query<Waiting>(
    `select ${storedColumns('s')}, coalesce(c.category, s.facts ->> 'category') as category, ${PEOPLE} as people
     from supervision_order s
     left join asset a on a.id = s.asset_id
     left join complaint c on s.subject_type = 'complaint' and c.id = s.subject_id
     where s.unit is null and s.state <> 'closed' order by s.id for update of s`,
  );
  if (waiting.length === 0) return;
  const routes = await listRoutes(tx);
  const routed = waiting.flatMap(({ category, people, ...order }) => {
    if (!isSupervised(order.kind)) return [];
    const found = routeTo(businessOf(order.kind, category), order.area, routes);
    const { unit, person } = responsibleFor(order.kind, found, people);
    return unit === null ? [] : [{ ...order, unit, person }];
  });
  await tx.query(
    `update supervision_order s set unit = n.unit, person = coalesce(n.person, s.person), route_note = null
     from unnest($1::bigint[], $2::text[], $3::text[]) as n(id, unit, person) where s.id = n.id`,
    [routed.map(({ id }) => id), routed.map(({ unit }) => unit), routed.map(({ person }) => person)],
  );
  await addSteps(
    tx,
    routed.map((order) => {
      const { zh, en } = assignedWords(order.unit, order.person);
      const text = { zh: `${zh}（路由表已登记）`, en: `${en} (the routing table names it now)` };
      return { ...BY_RULE, orderId: order.id, at: tx.now, action: 'assigned' as const, ...text };
    }),
  );
  await append(
    tx,
    routed.map((order) => entryOf('supervision_assigned', order, tx.now, {})),
  );
}
