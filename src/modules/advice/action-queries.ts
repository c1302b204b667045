import type { z } from 'zod';
import type { Judgement } from '../../domain/advice/judge-action.js';
import type { Policy } from '../../domain/policy.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';
import type { listActions } from './actions.schemas.js';
import { judgementsOf } from './judgements.js';

type ActionView = z.input<(typeof listActions)['response']>['items'][number];
type ActionRow = Omit<ActionView, 'judgement' | 'judged' | 'withdrawn'> & {
  judgedAt: number | null;
  told: Judgement | null;
  withdrawnAt: number | null;
  withdrawnBy: string;
  withdrawalReason: string;
};

const COLUMNS = `id, kind, from_value as "from", to_value as "to", acted_at as at, acted_by as by, note,
  recorded_at as "recordedAt", recorded_by as "recordedBy", judged_at as "judgedAt", judgement as told,
  withdrawn_at as "withdrawnAt", withdrawn_by as "withdrawnBy", withdrawal_reason as "withdrawalReason"`;

/** Actions of a transformer, newest first, from after the cursor's place on, each judged by what is measured now, and as it was told. */
export async function findActions(
  db: Queryable,
  transformerId: number,
  { after, limit }: { after: { at: number; id: number } | null; limit: number },
  policy: Policy,
): Promise<ActionView[]> {
  const rows = await db.query<ActionRow>(
    `select ${COLUMNS} from corrective_action
     where transformer_id = $1 and ($2::timestamptz is null or (acted_at, id) < ($2, $3::bigint))
     order by acted_at desc, id desc limit $4`,
    [transformerId, after === null ? null : at(after.at), after?.id ?? null, limit],
  );
  return judge(db, rows, policy);
}

/** One action with its judgement; it exists. */
export async function findAction(db: Queryable, id: number, policy: Policy): Promise<ActionView> {
  const rows = await db.query<ActionRow>(`select ${COLUMNS} from corrective_action where id = $1`, [id]);
  const [view] = await judge(db, rows, policy);
  if (view === undefined) throw new Error(`corrective action ${id} was read before it was written`);
  return view;
}

async function judge(db: Queryable, rows: readonly ActionRow[], policy: Policy): Promise<ActionView[]> {
  const ids = rows.map(({ id }) => id);
  const judgements = await judgementsOf(db, ids, policy);
  return rows.map(({ judgedAt, told, withdrawnAt, withdrawnBy, withdrawalReason, ...row }) => {
    const judgement = judgements.get(row.id);
    if (judgement === undefined) throw new Error(`corrective action ${row.id} was not judged`);
    return {
      ...row,
      judgement,
      judged: judgedAt === null || told === null ? null : toldOf(judgedAt, told, judgement),
      withdrawn: withdrawnAt === null ? null : { at: withdrawnAt, by: withdrawnBy, reason: withdrawalReason },
    };
  });
}

/** The verdict as it was told, and whether late data have changed it since. */
const toldOf = (at: number, { verdict, reason, reasonEn }: Judgement, now: Judgement) => ({
  at,
  verdict,
  reason,
  reasonEn,
  isCurrent: verdict === now.verdict && reason === now.reason,
});
