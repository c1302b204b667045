import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { measureEffect } from '../../domain/supervision/effect.js';
import type { Effect, EffectFacts } from '../../domain/supervision/effect.js';
import type { Queryable } from '../database/database.js';

interface Supervised {
  subjectType: string;
  subjectId: number;
  area: string;
  /** Of the run of repeats. */
  category: string | null;
}

/** What is measured of the cause of an order at this instant. */
export async function effectOf(db: Queryable, active: PolicyInForce, order: Supervised, now: number): Promise<Effect> {
  const facts = await factsOf(db, active, order, now);
  return facts === null
    ? { measured: false, at: null, zh: '没有可核实的记录', en: 'there is no record to measure it by' }
    : measureEffect(facts);
}

async function factsOf(
  db: Queryable,
  active: PolicyInForce,
  order: Supervised,
  now: number,
): Promise<EffectFacts | null> {
  const watchMs = active.policy.supervision.noRepeatDays * DAY_MS;
  switch (order.subjectType) {
    case 'outage':
      return one(db, OUTAGE, [order.subjectId]);
    case 'planned_outage':
      return plannedFacts(db, order.subjectId, active.policyFor(order.area).outage.longHours * HOUR_MS, now);
    case 'reconnection_order':
      return one(
        db,
        `select 'reconnection_order' as of, d.measured_at as "measuredAt", d.claimed_at as "claimedAt", o.state = 'cancelled' as cancelled
         from reconnection_order o join disconnection d on d.id = o.disconnection_id where o.id = $1`,
        [order.subjectId],
      );
    case 'repair_order':
      return one(
        db,
        `select 'repair_order' as of, restored_at as "restoredAt", coalesce(restored_source = 'observed', false) as observed,
                case when outcome = 'satisfied' then called_back_at end as "satisfiedAt"
         from repair_order where id = $1`,
        [order.subjectId],
      );
    case 'complaint':
      return one(db, COMPLAINT, [order.subjectId, watchMs, new Date(now)]);
    case 'customer':
      return one(db, REPEATS, [order.subjectId, watchMs, new Date(now), order.category]);
    default:
      return null;
  }
}

async function one(db: Queryable, sql: string, values: readonly unknown[]): Promise<EffectFacts | null> {
  const [row] = await db.query<EffectFacts>(sql, values);
  return row ?? null;
}

/** Of an outage that was merged into another, that other one. */
const OUTAGE = `
  with recursive line as (
    select id, merged_into_id from outage where id = $1
    union select o.id, o.merged_into_id from line l join outage o on o.id = l.merged_into_id)
  select 'outage' as of, o.state, o.ended_at as "endedAt" from line l join outage o on o.id = l.id where l.merged_into_id is null`;

/** A work that has begun is measured by its outages; before that by its window. */
async function plannedFacts(db: Queryable, id: number, limitMs: number, now: number): Promise<EffectFacts | null> {
  const [last] = await db.query<EffectFacts & { of: 'outage' }>(
    `select 'outage' as of, state, ended_at as "endedAt" from outage
     where planned_outage_id = $1 and state <> 'discarded' and merged_into_id is null
     order by ended_at desc nulls first, id desc limit 1`,
    [id],
  );
  if (last !== undefined) return last;
  const [plan] = await db.query<{ registered: boolean; startsAt: number; endsAt: number }>(
    `select state = 'registered' as registered, starts_at as "startsAt", ends_at as "endsAt" from planned_outage where id = $1`,
    [id],
  );
  return plan === undefined ? null : { of: 'planned_outage', ...plan, limitMs, now };
}

const WATCH = `(extract(epoch from s.at) * 1000)::bigint + $2::bigint as "watchUntil",
  (extract(epoch from $3::timestamptz) * 1000)::bigint as now`;

const COMPLAINT = `
  select 'complaint' as of, s.at as "answeredAt", ${WATCH},
         (select min(r.received_at) from complaint r where r.customer_id = c.customer_id and r.category = c.category
          and r.received_at > s.at) as "repeatedAt"
  from complaint c left join complaint_step s on s.complaint_id = c.id and s.step = 'answered'
  where c.id = $1`;

const REPEATS = `
  select 'customer' as of, c.unanswered, s.at as "answeredAt", ${WATCH},
         (select min(r.received_at) from complaint r where r.customer_id = $1 and ($4::text is null or r.category = $4)
          and r.received_at > s.at) as "repeatedAt"
  from (select count(*) filter (where a.at is null)::integer as unanswered, max(a.at) as answered_at
        from complaint k left join complaint_step a on a.complaint_id = k.id and a.step = 'answered'
        where k.customer_id = $1 and ($4::text is null or k.category = $4)) c
  cross join lateral (select c.answered_at as at) s`;
