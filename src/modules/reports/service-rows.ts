import { DAY_MS } from '../../domain/instants.js';
import type { PassedOn } from '../../domain/service-quality/service-figures.js';
import type { ServiceCase } from '../../domain/service-quality/service-case.js';
import type { Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** Attempts at repair orders that began in the period: the last one of each order, and those that the customer sent back. */
export async function serviceCasesOf(
  tx: Tx,
  { from, to }: Period,
  area: string | null,
  fixedDays: number,
): Promise<ServiceCase[]> {
  return tx.query<ServiceCase>(
    `select o.id as "orderId", o.job_id as "jobId", j.crew, o.unit, r.recorded_by as agent, r.area, o.setting, r.extent,
       o.started_at as "startedAt", j.dispatched_at as "dispatchedAt", j.arrived_at as "arrivedAt", o.restored_at as "restoredAt",
       o.called_back_at as "calledBackAt", o.outcome, o.round, false as "wentBack",
       exists (select from fault_report n
               where n.customer_id = r.customer_id and n.outcome = 'repair_order' and n.reported_at > o.restored_at
                 and n.reported_at <= o.restored_at + $4 * interval '1 ms') as "isReportedAgain"
     from repair_order o join fault_report r on r.id = o.report_id join repair_job j on j.id = o.job_id
     where o.started_at >= $1 and o.started_at < $2 and ($3::text is null or r.area = $3)
     union all
     select o.id, j.id, j.crew, o.unit, r.recorded_by, r.area, o.setting, r.extent, s.started_at, j.dispatched_at, j.arrived_at,
       coalesce((select l.at from repair_leg l where l.job_id = j.id and l.leg = 'repaired' and l.source = 'observed'
                 order by l.id desc limit 1), j.repaired_at),
       b.at, 'unsatisfied', b.round, true, false
     from repair_callback b join repair_order o on o.id = b.order_id and b.round < o.round and not b.satisfied
     join fault_report r on r.id = o.report_id
     cross join lateral (
       select coalesce(max(p.at), r.reported_at) as started_at from repair_callback p
       where p.order_id = o.id and p.round = b.round - 1 and not p.satisfied) s
     join lateral (
       select h.job_id from repair_order_job h
       where h.order_id = o.id and h.since <= b.recorded_at and not (h.why = 'customer_unsatisfied' and h.since = b.recorded_at)
       order by h.since desc, h.job_id desc limit 1) tried on true
     join repair_job j on j.id = tried.job_id
     where s.started_at >= $1 and s.started_at < $2 and ($3::text is null or r.area = $3)
     order by "startedAt", "orderId"`,
    [at(from), at(to), area, fixedDays * DAY_MS],
  );
}

/** Opinions and suggestions confirmed in the period. */
export async function passedOnOf(tx: Tx, { from, to }: Period, area: string | null): Promise<PassedOn[]> {
  return tx.query<PassedOn>(
    `select recorded_by as agent, confirmed_at as "confirmedAt", passed_on_at as "passedOnAt" from service_request
     where confirmed_at >= $1 and confirmed_at < $2 and ($3::text is null or area = $3)`,
    [at(from), at(to), area],
  );
}
