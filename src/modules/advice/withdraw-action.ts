import { Fault, refusal } from '../../fault.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { settleDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { setTapPosition } from '../network/tap-position.js';
import { EFFECT } from './action-effects.js';

/**
 * Takes back an action that was recorded in error: it is judged no more. The register gets back the tap that the action had moved, where
 * the action is the newest move and nobody has written another tap since.
 * @throws Fault `not_found`; `conflict` where it is withdrawn already
 */
export async function withdrawAction(
  tx: Tx,
  transformerId: number,
  actionId: number,
  reason: string,
  actor: string,
): Promise<void> {
  const [row] = await tx.query<{ kind: string; from: string; to: string; at: number; withdrawnAt: number | null }>(
    `select kind, from_value as "from", to_value as "to", acted_at as at, withdrawn_at as "withdrawnAt"
     from corrective_action where id = $1 and transformer_id = $2 for update`,
    [actionId, transformerId],
  );
  if (row === undefined) throw new Fault('not_found', `There is no action ${actionId} at this transformer.`);
  if (row.withdrawnAt !== null)
    throw refusal(
      'conflict',
      {
        rule: 'action_withdrawn',
        path: 'path.id',
        zh: '该处置已撤回；实际做了什么请另行登记',
        en: 'This action is withdrawn already; record what was really done as another one.',
        source: 'own: a record is withdrawn once, with its reason, and never edited',
      },
      'conflict',
    );
  await tx.query(
    'update corrective_action set withdrawn_at = $2, withdrawn_by = $3, withdrawal_reason = $4 where id = $1',
    [actionId, at(tx.now), actor, reason],
  );
  if (row.kind === 'tap_moved') await restoreTap(tx, transformerId, row);
  await settleDeadlines(tx, EFFECT, 'corrective_action', [actionId], 'cancelled');
  await append(tx, [
    {
      type: 'corrective_action_withdrawn',
      subjectType: 'transformer',
      subjectId: transformerId,
      happenedAt: tx.now,
      actor,
      data: { actionId, kind: row.kind, reason },
    },
  ]);
}

async function restoreTap(
  tx: Tx,
  transformerId: number,
  move: { from: string; to: string; at: number },
): Promise<void> {
  const [standing] = await tx.query(
    `select 1 from asset a where a.id = $1 and a.tap_position = $2 and not exists (
       select from corrective_action c where c.transformer_id = a.id and c.kind = 'tap_moved' and c.withdrawn_at is null
        and c.acted_at > $3)`,
    [transformerId, Number(move.to), at(move.at)],
  );
  if (standing !== undefined) await setTapPosition(tx, transformerId, Number(move.from));
}
