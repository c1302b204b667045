import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { lockCustomer, mustHaveHappened } from './account-facts.js';
import { acknowledgeTry } from './remote-tries.js';

export type OrderStep = 'crew_assigned' | 'crew_en_route' | 'acknowledged';

/**
 * Records a step on the way to the customer. The same step sent twice is one step.
 * @throws Fault `not_found`, `invalid_input`
 */
export async function recordStep(
  tx: Tx,
  active: PolicyInForce,
  orderId: number,
  step: OrderStep,
  given: { at: number; by: string; note: string },
  actor: string,
): Promise<void> {
  const order = await lockOrder(tx, orderId);
  mustHaveHappened('at', given.at, tx.now, active, 'send it once it has happened');
  const added = await tx.query<object>(
    `insert into reconnection_step (order_id, step, at, by, note, recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing returning step`,
    [orderId, step, at(given.at), given.by, given.note, actor, at(tx.now)],
  );
  if (added.length === 0) return;
  const data = { customerId: order.customerId, disconnectionId: order.disconnectionId, step, by: given.by };
  const about = { subjectType: 'reconnection_order' as const, subjectId: orderId, happenedAt: given.at, actor };
  await append(tx, [{ type: 'reconnection_step', ...about, data }]);
  if (step === 'acknowledged') await acknowledgeTry(tx, active, orderId, actor);
}

/** Locks the account of an order. @throws Fault `not_found` */
export async function lockOrder(tx: Tx, orderId: number): Promise<{ customerId: number; disconnectionId: number }> {
  const [order] = await tx.query<{ customerId: number; disconnectionId: number }>(
    'select customer_id as "customerId", disconnection_id as "disconnectionId" from reconnection_order where id = $1',
    [orderId],
  );
  if (order === undefined) throw new Fault('not_found', `There is no reconnection order ${orderId}.`);
  await lockCustomer(tx, order.customerId);
  return order;
}
