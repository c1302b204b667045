import type { Advice } from '../../domain/advice/advice.js';
import { adviseEffect } from '../../domain/advice/advise-effect.js';
import type { DoneAction } from '../../domain/advice/advise-effect.js';
import type { Judgement } from '../../domain/advice/judge-action.js';
import { receiptOf } from '../../domain/deadline-receipt.js';
import { HOUR_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Queryable, Tx } from '../database/database.js';
import { setDeadlines } from '../deadlines/deadlines.js';
import { append } from '../journal/append.js';
import { judgementsOf } from './judgements.js';

/** The deadline of an action at which the hours after it have been measured. */
export const EFFECT = 'action_effect';
const SUBJECT = 'corrective_action';

/** Sets the instant at which it is judged whether an action helped; of one recorded late it may have passed. */
export async function setEffectDeadline(
  tx: Tx,
  action: { id: number; at: number; area: string },
  active: PolicyInForce,
): Promise<void> {
  const { profile, advice } = active.policyFor(action.area);
  const receipt = receiptOf({
    startMeaning: 'action taken',
    start: action.at,
    limitMs: (advice.judgementHours + advice.judgementWaitHours) * HOUR_MS,
    profile,
    source: active.sourcesFor(action.area)['advice.judgementHours'] ?? 'policy',
  });
  await setDeadlines(tx, {
    kind: EFFECT,
    subjectType: SUBJECT,
    subjectId: action.id,
    area: action.area,
    policyVersion: active.version,
    stages: [{ stage: 'judge', dueAt: receipt.due, receipt }],
  });
}

/** Judges actions whose hours have been measured, and tells each verdict once; one withdrawn since is left alone. */
export async function judgeEffects(
  tx: Tx,
  actionIds: readonly number[],
  { policyFor }: Pick<PolicyInForce, 'policyFor'>,
): Promise<void> {
  const actions = await tx.query<{ id: number; transformerId: number; kind: string; area: string }>(
    `select c.id, c.transformer_id as "transformerId", c.kind, a.area
     from corrective_action c join asset a on a.id = c.transformer_id
     where c.id = any($1) and c.withdrawn_at is null and c.judged_at is null order by c.id for update of c`,
    [actionIds],
  );
  for (const { id, transformerId, kind, area } of actions) {
    const judgement = (await judgementsOf(tx, [id], policyFor(area))).get(id);
    if (judgement === undefined) continue;
    await tx.query('update corrective_action set judged_at = $2, judgement = $3 where id = $1', [
      id,
      at(tx.now),
      JSON.stringify(judgement),
    ]);
    const { verdict, reason, reasonEn } = judgement;
    await append(tx, [
      {
        type: 'corrective_action_judged',
        subjectType: 'transformer',
        subjectId: transformerId,
        happenedAt: tx.now,
        data: { actionId: id, kind, verdict, reason, reasonEn },
      },
    ]);
  }
}

/** The live warnings of voltage at the transformers of actions: what was done there, or taken back, belongs to their advice. */
export async function warningsOfActions(db: Queryable, actionIds: readonly number[]): Promise<number[]> {
  if (actionIds.length === 0) return [];
  const rows = await db.query<{ id: number }>(
    `select w.id from warning w where w.subject_type = 'transformer' and w.status <> 'resolved'
      and w.kind in ('low_voltage', 'high_voltage', 'chronic_voltage')
      and w.subject_id in (select transformer_id from corrective_action where id = any($1)) order by w.id`,
    [actionIds],
  );
  return rows.map(({ id }) => id);
}

/**
 * Advice with what was done last and did not help: of the newest action that falls into the warning's life, or the hours before it over
 * which actions are judged.
 */
export async function withEffects(
  db: Queryable,
  advised: readonly { id: number; advice: readonly Advice[] }[],
  judgementHours: number,
): Promise<{ id: number; advice: readonly Advice[] }[]> {
  const actions = await db.query<DoneAction & { warningId: number; judgement: Judgement }>(
    `select w.id as "warningId", c.kind, c.from_value as "from", c.to_value as "to", c.acted_at as at, c.judgement
     from warning w
     cross join lateral (select * from corrective_action c where c.transformer_id = w.subject_id and c.withdrawn_at is null
                         order by c.acted_at desc, c.id desc limit 1) c
     where w.id = any($1) and w.subject_type = 'transformer' and c.judgement is not null
       and c.acted_at >= w.happened_at - $2 * interval '1 hour'`,
    [advised.map(({ id }) => id), judgementHours],
  );
  const effects = new Map(
    actions.map(({ warningId, judgement, ...action }) => [warningId, adviseEffect(action, judgement)]),
  );
  return advised.map(({ id, advice }) => {
    const effect = effects.get(id) ?? null;
    return { id, advice: effect === null ? advice : [...advice, effect] };
  });
}
