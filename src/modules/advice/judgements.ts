import type { Judgement, Side } from '../../domain/advice/judge-action.js';
import { judgeAction } from '../../domain/advice/judge-action.js';
import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { Policy } from '../../domain/policy.js';
import type { Queryable } from '../database/database.js';

/** Whether actions helped, by what is measured now. */
export async function judgementsOf(
  db: Queryable,
  ids: readonly number[],
  policy: Policy,
): Promise<Map<number, Judgement>> {
  const sides = await loadSides(db, ids, policy);
  const { judgementMinimumHours: minimumHours, changeShare } = policy.advice;
  const sideOf = (id: number, side: 'before' | 'after'): Side => sides.get(`${id} ${side}`) ?? UNMEASURED;
  return new Map(
    ids.map((id) => [id, judgeAction(sideOf(id, 'before'), sideOf(id, 'after'), { minimumHours, changeShare })]),
  );
}

const UNMEASURED: Side = { hours: 0, phases: { A: null, B: null, C: null } };

const phaseJson = (column: string): string =>
  `case when count(*) filter (where ${column} >= $4) > 0 then jsonb_build_object(
     'p05', percentile_cont(0.05) within group (order by ${column}) filter (where ${column} >= $4),
     'p95', percentile_cont(0.95) within group (order by ${column}) filter (where ${column} >= $4),
     'readings', count(*) filter (where ${column} >= $4),
     'lowShare', avg((${column} < $5::real)::integer) filter (where ${column} >= $4),
     'highShare', avg((${column} > $6::real)::integer) filter (where ${column} >= $4)) end`;

/**
 * Both sides of each action over the same hours of the day. What has passed since, up to 72 h, is cut to whole days once there is one;
 * below that, the same hours of each of the days before are taken.
 */
async function loadSides(db: Queryable, ids: readonly number[], policy: Policy): Promise<Map<string, Side>> {
  if (ids.length === 0) return new Map();
  const { voltage, supply, advice } = policy;
  const rows = await db.query<Side & { id: number; side: string }>(
    `with action as (
       select c.id, c.transformer_id, c.acted_at,
              case when passed >= $3 then floor(passed / $3) * $3 else passed end as passed
       from corrective_action c join transformer_state s on s.transformer_id = c.transformer_id
       cross join lateral (select least(extract(epoch from s.last_ts - c.acted_at)::float8 * 1000, $2::float8) as passed) p
       where c.id = any($1) and passed > 0
     )
     select a.id, case when r.ts >= a.acted_at then 'after' else 'before' end as side,
            count(distinct date_trunc('hour', r.ts))::integer as hours,
            jsonb_build_object('A', ${phaseJson('r.ua')}, 'B', ${phaseJson('r.ub')}, 'C', ${phaseJson('r.uc')}) as phases
     from action a
     join reading r on r.transformer_id = a.transformer_id
      and r.ts >= a.acted_at - ceil($2::float8 / $3) * $3 * interval '1 ms'
      and r.ts <= a.acted_at + a.passed * interval '1 ms'
      and case when a.passed >= $3
          then r.ts >= a.acted_at - a.passed * interval '1 ms' and r.ts < a.acted_at + a.passed * interval '1 ms'
          else (extract(epoch from r.ts - a.acted_at) * 1000 + 1000 * $3::numeric) % $3::numeric <= a.passed end
     group by a.id, 2`,
    [
      ids,
      advice.judgementHours * HOUR_MS,
      DAY_MS,
      supply.nominalV * supply.deadBelowShare,
      voltage.lowV,
      voltage.highV,
    ],
  );
  return new Map(rows.map(({ id, side, ...measured }) => [`${id} ${side}`, measured]));
}
