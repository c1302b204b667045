import { DAY_MS } from '../../domain/instants.js';
import type { PassedOn } from '../../domain/service-quality/service-figures.js';
import type { ServiceCase } from '../../domain/service-quality/service-case.js';
import type { Period } from '../../domain/reliability.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';

/** Repair orders that were reported in the period. */
export async function serviceCasesOf(
  tx: Tx,
  { from, to }: Period,
  area: string | null,
  fixedDays: number,
): Promise<ServiceCase[]> {
  return tx.query<ServiceCase>(
    `select o.id as "orderId", o.job_id as "jobId", j.crew, o.unit, r.recorded_by as agent, r.area, o.setting, r.extent,
       o.started_at as "startedAt", j.dispatched_at as "dispatchedAt", j.arrived_at as "arrivedAt", o.restored_at as "restoredAt",
       o.called_back_at as "calledBackAt", o.outcome, o.round,
       exists (select from fault_report n
               where n.customer_id = r.customer_id and n.outcome = 'repair_order' and n.reported_at > o.restored_at
                 and n.reported_at <= o.restored_at + $4 * interval '1 ms') as "isReportedAgain"
     from repair_order o join fault_report r on r.id = o.report_id join repair_job j on j.id = o.job_id
     where o.started_at >= $1 and o.started_at < $2 and ($3::text is null or r.area = $3)
     order by o.started_at, o.id`,
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
