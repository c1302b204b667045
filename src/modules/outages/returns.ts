import { MINUTE_MS } from '../../domain/instants.js';
import type { OutageMember } from '../../domain/outage-record.js';
import type { Policy } from '../../domain/policy.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { addNews } from './outage-board.js';
import type { OutageBoard } from './outage-board.js';

/**
 * Supply that was just back in a nested outage and goes again on the same transformer is that outage's: nested outages are never grouped
 * anew, so what returns to them is put there first.
 * @returns the losses that are left for the grouping
 */
export async function returnToNested(
  tx: Tx,
  board: OutageBoard,
  added: readonly OutageMember[],
  { reopening, outage: { momentaryMinutes } }: Policy,
): Promise<OutageMember[]> {
  if (added.length === 0) return [];
  const returnMs = reopening.returnMinutes * MINUTE_MS;
  const momentaryMs = momentaryMinutes * MINUTE_MS;
  // An end that this batch brings is on the board, not in the row.
  const rows = await tx.query<{ id: number }>(
    `select distinct o.id from unnest($1::integer[], $2::timestamptz[]) as loss(transformer_id, started_at)
     join outage_transformer ot on ot.transformer_id = loss.transformer_id
      and (ot.ended_at is null or ot.ended_at between loss.started_at - $3 * interval '1 ms' and loss.started_at)
     join outage o on o.id = ot.outage_id and o.parent_id is not null and o.merged_into_id is null and o.state <> 'discarded'
      and not o.decided ? 'members' and o.decided ->> 'state' is distinct from 'closed'`,
    [added.map(({ transformerId }) => transformerId), added.map(({ startedAt }) => at(startedAt)), returnMs],
  );
  const ids = rows.map(({ id }) => id);
  await board.load(tx, ids);
  const isReturn = (before: OutageMember, loss: OutageMember): boolean => {
    const { transformerId, startedAt, endedAt } = before;
    if (transformerId !== loss.transformerId || endedAt === null || endedAt - startedAt <= momentaryMs) return false;
    return endedAt <= loss.startedAt && loss.startedAt - endedAt <= returnMs;
  };
  return added.filter((loss) => {
    const home = ids
      .map((id) => board.outages.get(id))
      .find((nested) => nested?.members.some((member) => isReturn(member, loss)) === true);
    home?.members.push(loss);
    addNews(home, { en: 'supply went again soon after it was back', zh: '复电后不久再次停电' }, loss.startedAt);
    return home === undefined;
  });
}
