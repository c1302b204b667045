import type { RepairFacts } from '../../domain/warnings/facts.js';
import type { Tx } from '../database/database.js';

/** Repair orders as their clocks and legs stand; what is named is the account or the order, never a person. */
export async function loadRepairFacts(tx: Tx, ids: readonly number[]): Promise<RepairFacts[]> {
  if (ids.length === 0) return [];
  return tx.query<RepairFacts>(
    `select o.id, coalesce('户号 ' || r.account_no, '报修单 ' || o.id) as code,
            coalesce(a.name, r.place, r.address, '') as place, r.area, r.transformer_id as "assetId", j.outage_id as "outageId",
            o.unit, o.setting, o.round, o.started_at as "startedAt", j.dispatched_at as "dispatchedAt",
            j.arrived_at as "arrivedAt", o.restored_at as "restoredAt"
     from repair_order o join fault_report r on r.id = o.report_id join repair_job j on j.id = o.job_id
     left join asset a on a.id = r.transformer_id
     where o.id = any($1)`,
    [ids],
  );
}
