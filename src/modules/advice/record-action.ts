import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { Fault } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import type { InputOf } from '../http/endpoint.js';
import { append } from '../journal/append.js';
import { setTapPosition } from '../network/tap-position.js';
import { setEffectDeadline } from './action-effects.js';
import type { recordAction as spec } from './actions.schemas.js';

/**
 * Records what was done, in the caller's transaction, to be judged once the hours after it have been measured; the newest move of a tap
 * also goes into the register.
 * @throws Fault `invalid_input` where it lies ahead or names no tap; `conflict` where it is recorded already
 */
export async function recordAction(
  tx: Tx,
  active: PolicyInForce,
  { id: transformerId, area }: { id: number; area: string },
  given: InputOf<typeof spec>['body'],
  actor: string,
): Promise<number> {
  if (given.at > tx.now) throw new Fault('invalid_input', 'body.at: lies ahead; record an action once it is done');
  const [row] = await tx.query<{ id: number }>(
    `insert into corrective_action
       (transformer_id, kind, from_value, to_value, acted_at, acted_by, note, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (transformer_id, kind, acted_at) where withdrawn_at is null do nothing returning id`,
    [transformerId, given.kind, given.from, given.to, at(given.at), given.by, given.note, at(tx.now), actor],
  );
  if (row === undefined) {
    throw new Fault('conflict', 'An action of this kind at this instant is recorded already; give another instant.');
  }
  if (given.kind === 'tap_moved') await registerTap(tx, transformerId, given);
  await setEffectDeadline(tx, { id: row.id, at: given.at, area }, active);
  const { kind, from, to } = given;
  await append(tx, [
    {
      type: 'corrective_action_recorded',
      subjectType: 'transformer',
      subjectId: transformerId,
      happenedAt: given.at,
      actor,
      data: { actionId: row.id, kind, from, to },
    },
  ]);
  return row.id;
}

async function registerTap(tx: Tx, transformerId: number, given: InputOf<typeof spec>['body']): Promise<void> {
  const [from, to] = [tapNumber('from', given.from), tapNumber('to', given.to)];
  if (from === to) throw new Fault('invalid_input', 'body.to: is the same tap as body.from; a move has two');
  const [later] = await tx.query(
    `select 1 from corrective_action where transformer_id = $1 and kind = 'tap_moved' and acted_at > $2 and withdrawn_at is null limit 1`,
    [transformerId, at(given.at)],
  );
  if (later === undefined && !(await setTapPosition(tx, transformerId, to)))
    throw new Fault(
      'invalid_input',
      `body.to: the transformer has no tap ${to}; its register entry says how many there are`,
    );
}

function tapNumber(name: string, text: string): number {
  if (!/^[1-9]\d?$/.test(text)) {
    throw new Fault('invalid_input', `body.${name}: give the tap as a number, 1 = tap I, the highest HV voltage`);
  }
  return Number(text);
}
