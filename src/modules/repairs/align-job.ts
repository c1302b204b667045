import { currentLegs } from '../../domain/repairs/repair-legs.js';
import type { LegBooking, LegTimes } from '../../domain/repairs/repair-legs.js';
import { restorationOf } from '../../domain/repairs/restoration.js';
import type { DeadInterval, Restoration } from '../../domain/repairs/restoration.js';
import type { NewJournalEntry } from '../../domain/journal-entry.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at, atOrNull } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { alignClocks } from './align-clocks.js';
import type { JobOrder } from './job-order.js';

interface Job {
  id: number;
  dispatchedAt: number | null;
  arrivedAt: number | null;
  repairedAt: number | null;
}

/**
 * Brings a job and its orders in line with what is on record: bookings of the legs in whatever order they came, what telemetry saw of
 * each caller's transformer, calls back. The same record gives the same state, so it may be called again at any time.
 */
export async function alignJob(tx: Tx, active: PolicyInForce, jobId: number, actor: string): Promise<void> {
  const [job] = await tx.query<Job>(
    `select id, dispatched_at as "dispatchedAt", arrived_at as "arrivedAt", repaired_at as "repairedAt"
     from repair_job where id = $1 for update`,
    [jobId],
  );
  if (job === undefined) return;
  const bookings = await tx.query<LegBooking>(
    `select id, leg, at, by from repair_leg where job_id = $1 and source = 'claimed' order by id`,
    [jobId],
  );
  const legs = currentLegs(bookings);
  const before = await ordersOf(tx, jobId);
  const dead = await deadIntervals(tx, before);
  const orders = before.map((order) => {
    const restoration = restorationOf(dead.get(order.transformerId) ?? [], order.startedAt, legs.repaired);
    return {
      ...order,
      restoredAt: restoration?.at ?? null,
      restoredSource: restoration?.source ?? null,
      state: order.state === 'closed' ? 'closed' : stateOf(legs, restoration),
    };
  });
  await noteObserved(tx, jobId, orders);
  await saveOrders(tx, orders);
  const crew = bookings.findLast(({ leg }) => leg === 'dispatched')?.by ?? bookings.at(-1)?.by ?? null;
  await tx.query(
    `update repair_job set dispatched_at = $2, arrived_at = $3, repaired_at = $4, crew = $5,
       reported_at = coalesce((select min(started_at) from repair_order where job_id = $1), reported_at),
       done_at = case when exists (select from repair_order where job_id = $1 and state <> 'closed') then null
                      else coalesce(done_at, $6) end
     where id = $1`,
    [jobId, atOrNull(legs.dispatched), atOrNull(legs.arrived), atOrNull(legs.repaired), crew, at(tx.now)],
  );
  await append(tx, entriesOf(job, legs, before, orders, tx.now, actor));
  await alignClocks(tx, active, orders, legs);
}

const stateOf = (legs: LegTimes, restoration: Restoration | null): string =>
  restoration !== null
    ? 'repaired'
    : legs.arrived !== null
      ? 'arrived'
      : legs.dispatched !== null
        ? 'dispatched'
        : 'reported';

const ordersOf = (tx: Tx, jobId: number): Promise<JobOrder[]> =>
  tx.query<JobOrder>(
    `select o.id, o.round, r.transformer_id as "transformerId", r.area, o.started_at as "startedAt", o.setting,
            o.setting_known as "settingKnown", o.state, o.restored_at as "restoredAt", o.restored_source as "restoredSource",
            o.called_back_at as "calledBackAt"
     from repair_order o join fault_report r on r.id = o.report_id where o.job_id = $1 order by o.id for update of o`,
    [jobId],
  );

/** Stretches without supply of the orders' transformers, since the first report; those that end in silence prove nothing. */
async function deadIntervals(tx: Tx, orders: readonly JobOrder[]): Promise<Map<number | null, DeadInterval[]>> {
  const ids = [...new Set(orders.flatMap(({ transformerId }) => (transformerId === null ? [] : [transformerId])))];
  if (ids.length === 0) return new Map();
  const rows = await tx.query<DeadInterval & { transformerId: number }>(
    `select i.transformer_id as "transformerId", i.started_at as "startedAt", i.ended_at as "endedAt",
            i.ended_at is not null and not exists (
              select from supply_interval u where u.transformer_id = i.transformer_id and u.withdrawn_at is null
                and u.state = 'unknown' and u.started_at = i.ended_at) as "endedLive"
     from supply_interval i
     where i.transformer_id = any($1) and i.state = 'dead' and i.withdrawn_at is null
       and (i.ended_at is null or i.ended_at >= $2)`,
    [ids, at(Math.min(...orders.map(({ startedAt }) => startedAt)))],
  );
  const found = new Map<number | null, DeadInterval[]>();
  for (const row of rows) found.set(row.transformerId, [...(found.get(row.transformerId) ?? []), row]);
  return found;
}

/** Puts what telemetry saw beside what the crew said: a line of the trail whenever it is another than before. */
async function noteObserved(tx: Tx, jobId: number, orders: readonly JobOrder[]): Promise<void> {
  const seen = new Map<number, number | null>();
  for (const { transformerId, restoredAt, restoredSource } of orders) {
    if (transformerId === null) continue;
    seen.set(transformerId, restoredSource === 'observed' ? restoredAt : (seen.get(transformerId) ?? null));
  }
  await tx.query(
    `insert into repair_leg (job_id, leg, source, transformer_id, at, by, note, actor, recorded_at)
     select $1, 'repaired', 'observed', s.transformer_id, s.at, 'telemetry', '', 'system', $4
     from unnest($2::integer[], $3::timestamptz[]) as s(transformer_id, at)
     left join lateral (select l.at from repair_leg l where l.job_id = $1 and l.source = 'observed'
                        and l.transformer_id = s.transformer_id order by l.id desc limit 1) last on true
     where s.at is distinct from last.at`,
    [jobId, [...seen.keys()], [...seen.values()].map(atOrNull), at(tx.now)],
  );
}

async function saveOrders(tx: Tx, orders: readonly JobOrder[]): Promise<void> {
  await tx.query(
    `update repair_order o set state = n.state, restored_at = n.restored_at, restored_source = n.restored_source
     from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[]) as n(id, state, restored_at, restored_source)
     where o.id = n.id`,
    [
      orders.map(({ id }) => id),
      orders.map(({ state }) => state),
      orders.map(({ restoredAt }) => atOrNull(restoredAt)),
      orders.map(({ restoredSource }) => restoredSource),
    ],
  );
}

/** One entry for each order and leg that is another than before. */
function entriesOf(
  job: Job,
  legs: LegTimes,
  before: readonly JobOrder[],
  after: readonly JobOrder[],
  now: number,
  actor: string,
): NewJournalEntry[] {
  return after.flatMap((order, index): NewJournalEntry[] => {
    const about = { subjectType: 'repair_order' as const, subjectId: order.id, actor };
    const claimed = (legAt: number | null) => ({ jobId: job.id, legAt, source: 'claimed' as const });
    const entries: NewJournalEntry[] = [];
    if (legs.dispatched !== job.dispatchedAt)
      entries.push({
        ...about,
        type: 'repair_dispatched',
        happenedAt: legs.dispatched ?? now,
        data: claimed(legs.dispatched),
      });
    if (legs.arrived !== job.arrivedAt)
      entries.push({ ...about, type: 'repair_arrived', happenedAt: legs.arrived ?? now, data: claimed(legs.arrived) });
    const old = before[index];
    const isObserved = order.restoredSource === 'observed' || old?.restoredSource === 'observed';
    if (order.restoredAt !== old?.restoredAt || order.restoredSource !== old.restoredSource) {
      const source = isObserved ? ('observed' as const) : ('claimed' as const);
      const data = { jobId: job.id, legAt: order.restoredAt, source };
      entries.push({ ...about, type: 'repair_done', happenedAt: order.restoredAt ?? now, data });
    } else if (legs.repaired !== job.repairedAt) {
      entries.push({ ...about, type: 'repair_done', happenedAt: legs.repaired ?? now, data: claimed(legs.repaired) });
    }
    return entries;
  });
}
