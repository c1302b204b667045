import { DAY_MS, HOUR_MS } from '../../domain/instants.js';
import type { OutageState } from '../../domain/journal-entry.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { measureEffect } from '../../domain/supervision/effect.js';
import type { Effect, EffectFacts } from '../../domain/supervision/effect.js';
import { at } from '../database/database.js';
import type { Queryable } from '../database/database.js';

export interface Supervised {
  subjectType: string;
  subjectId: number;
  area: string;
  /** Of the run of repeats. */
  category: string | null;
}

/** What is measured of the cause of an order at this instant. */
export async function effectOf(db: Queryable, active: PolicyInForce, order: Supervised, now: number): Promise<Effect> {
  const [effect = NO_RECORD] = await effectsOf(db, active, [order], now);
  return effect;
}

/** The same of many orders, in their order: one statement for each type of subject. */
export async function effectsOf(
  db: Queryable,
  active: PolicyInForce,
  orders: readonly Supervised[],
  now: number,
): Promise<Effect[]> {
  const effects: Effect[] = orders.map(() => NO_RECORD);
  const watchMs = active.policy.supervision.noRepeatDays * DAY_MS;
  for (const [type, places] of partition(orders.keys(), (place) => orders[place]?.subjectType)) {
    const sql = type === undefined ? undefined : FACTS[type];
    if (sql === undefined) continue;
    const asked = places.flatMap((place) => orders[place] ?? []);
    const rows = await db.query<{ place: number } & (PlainFacts | WorkFacts)>(sql, [
      asked.map(({ subjectId }) => subjectId),
      asked.map(({ category }) => category),
      watchMs,
      at(now),
    ]);
    for (const { place, ...facts } of rows) {
      const order = asked[place - 1];
      const index = places[place - 1];
      if (order === undefined || index === undefined) continue;
      const limitMs = active.policyFor(order.area).outage.longHours * HOUR_MS;
      effects[index] = measureEffect(facts.of === 'work' ? factsOfWork(facts, limitMs, now) : facts);
    }
  }
  return effects;
}

const NO_RECORD: Effect = {
  measured: false,
  at: null,
  zh: '没有可核实的记录',
  en: 'there is no record to measure it by',
};

type PlainFacts = Exclude<EffectFacts, { of: 'planned_outage' }>;

/** A planned work, and the newest of its outages. */
interface WorkFacts {
  of: 'work';
  registered: boolean;
  startsAt: number;
  endsAt: number;
  state: OutageState | null;
  endedAt: number | null;
}

/** A work that has begun is measured by its outages; before that by its window. */
const factsOfWork = (
  { registered, startsAt, endsAt, state, endedAt }: WorkFacts,
  limitMs: number,
  now: number,
): EffectFacts =>
  state === null
    ? { of: 'planned_outage', registered, startsAt, endsAt, limitMs, now }
    : { of: 'outage', state, endedAt };

/** Parameters: $1 subjects, $2 categories, $3 how long without a repeat in ms, $4 the present; `place` counts from 1. */
const ASKED = `(select * from unnest($1::bigint[], $2::text[]) with ordinality
  cross join (values ($3::bigint, $4::timestamptz)) as given) as q(subject, category, place, watch, present)`;

/** Of an outage that was merged into another, that other one. */
const OUTAGE = `
  with recursive line as (
    select q.place, o.id, o.merged_into_id from ${ASKED} join outage o on o.id = q.subject
    union select l.place, o.id, o.merged_into_id from line l join outage o on o.id = l.merged_into_id)
  select l.place, 'outage' as of, o.state, o.ended_at as "endedAt"
  from line l join outage o on o.id = l.id where l.merged_into_id is null`;

const PLANNED_OUTAGE = `
  select q.place, 'work' as of, p.state = 'registered' as registered, p.starts_at as "startsAt", p.ends_at as "endsAt",
         o.state, o.ended_at as "endedAt"
  from ${ASKED} join planned_outage p on p.id = q.subject
  left join lateral (
    select state, ended_at from outage where planned_outage_id = p.id and state <> 'discarded' and merged_into_id is null
    order by ended_at desc nulls first, id desc limit 1) o on true`;

const RECONNECTION_ORDER = `
  select q.place, 'reconnection_order' as of, d.measured_at as "measuredAt", d.claimed_at as "claimedAt",
         o.state = 'cancelled' as cancelled
  from ${ASKED} join reconnection_order o on o.id = q.subject join disconnection d on d.id = o.disconnection_id`;

const REPAIR_ORDER = `
  select q.place, 'repair_order' as of, r.restored_at as "restoredAt",
         coalesce(r.restored_source = 'observed', false) as observed,
         case when r.outcome = 'satisfied' then r.called_back_at end as "satisfiedAt"
  from ${ASKED} join repair_order r on r.id = q.subject`;

const WATCH = `(extract(epoch from s.at) * 1000)::bigint + q.watch as "watchUntil",
  (extract(epoch from q.present) * 1000)::bigint as now`;

const COMPLAINT = `
  select q.place, 'complaint' as of, s.at as "answeredAt", ${WATCH},
         (select min(r.received_at) from complaint r where r.customer_id = c.customer_id and r.category = c.category
          and r.received_at > s.at) as "repeatedAt"
  from ${ASKED} join complaint c on c.id = q.subject
  left join complaint_step s on s.complaint_id = c.id and s.step = 'answered'`;

const REPEATS = `
  select q.place, 'customer' as of, s.unanswered, s.at as "answeredAt", ${WATCH},
         (select min(r.received_at) from complaint r where r.customer_id = q.subject
          and (q.category is null or r.category = q.category) and r.received_at > s.at) as "repeatedAt"
  from ${ASKED}
  cross join lateral (
    select count(*) filter (where a.at is null)::integer as unanswered, max(a.at) as at
    from complaint k left join complaint_step a on a.complaint_id = k.id and a.step = 'answered'
    where k.customer_id = q.subject and (q.category is null or k.category = q.category)) s`;

const FACTS: Readonly<Record<string, string>> = {
  outage: OUTAGE,
  planned_outage: PLANNED_OUTAGE,
  reconnection_order: RECONNECTION_ORDER,
  repair_order: REPAIR_ORDER,
  complaint: COMPLAINT,
  customer: REPEATS,
};
