import { jobFor } from '../../domain/repairs/job-grouping.js';
import type { Extent, OpenJob } from '../../domain/repairs/job-grouping.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { unitAndPerson } from '../../domain/repairs/unit-and-person.js';
import type { Answerable } from '../../domain/repairs/unit-and-person.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { alignJob } from './align-job.js';
import type { Caller } from './caller.js';
import { nearest } from '../warnings/place.js';
import { routeFor } from './routes.js';

/** Jobs are joined and grouped one after another, so that two calls that come together find each other. Held until the commit. */
export async function lockJobs(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('lamplighter.repair_job'))`);
}

interface NewOrder {
  reportId: number;
  caller: Caller;
  extent: Extent;
  reportedAt: number;
}

/** Makes the repair order of a report, in the job of the same event where there is one, and starts its clocks. */
export async function openOrder(tx: Tx, active: PolicyInForce, order: NewOrder, actor: string): Promise<void> {
  const { reportId, caller, extent, reportedAt } = order;
  await lockJobs(tx);
  const report = {
    transformerId: caller.transformerId,
    outageId: await openOutageOf(tx, caller.transformerId),
    extent,
    reportedAt,
  };
  const grouping = jobFor(report, await openJobs(tx), active.policy.repairs.sameJobMinutes);
  const jobId = grouping.jobId ?? (await insertJob(tx, report));
  const { unit, person, note } = await responsibleFor(tx, caller);
  const [row] = await tx.query<{ id: number }>(
    `insert into repair_order (report_id, job_id, started_at, setting, setting_known, unit, person, route_note, policy_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      reportId,
      jobId,
      at(reportedAt),
      caller.setting ?? 'urban',
      caller.setting !== null,
      unit,
      person,
      note === null ? null : JSON.stringify(note),
      active.version,
    ],
  );
  const orderId = row?.id ?? 0;
  await tx.query('insert into repair_order_job (order_id, job_id, since, why) values ($1, $2, $3, $4)', [
    orderId,
    jobId,
    at(tx.now),
    grouping.why,
  ]);
  await append(tx, [
    {
      type: 'repair_reported',
      subjectType: 'repair_order',
      subjectId: orderId,
      happenedAt: reportedAt,
      actor,
      data: { jobId, customerId: caller.customerId, transformerId: caller.transformerId, reportedAt },
    },
  ]);
  await alignJob(tx, active, jobId, actor);
}

/** The unit by the routing table, else by what the register writes of the owner of the transformer, or of what it hangs on. */
async function responsibleFor(tx: Tx, caller: Caller): Promise<Answerable & { note: object | null }> {
  const routed = await routeFor(tx, 'repair', caller.area);
  if (routed.route !== null) return { ...routed.route, note: null };
  const [asset] = await tx.query<{ owner: string | null }>(
    `select ${nearest('owner')} as owner from asset a where a.id = $1`,
    [caller.transformerId],
  );
  const owner = unitAndPerson(asset?.owner ?? null);
  return { ...owner, note: owner.unit === null ? routed.why : null };
}

async function openOutageOf(tx: Tx, transformerId: number | null): Promise<number | null> {
  if (transformerId === null) return null;
  const [row] = await tx.query<{ id: number }>(
    `select o.id from outage_transformer t join outage o on o.id = t.outage_id
     where t.transformer_id = $1 and t.ended_at is null and o.state in ('suspected', 'confirmed') and o.merged_into_id is null`,
    [transformerId],
  );
  return row?.id ?? null;
}

/** Jobs that a crew is not done with. */
const openJobs = (tx: Tx): Promise<OpenJob[]> =>
  tx.query<OpenJob>(
    `select j.id, j.transformer_id as "transformerId", j.outage_id as "outageId", j.extent, j.reported_at as "reportedAt"
     from repair_job j
     where j.done_at is null and j.grouped_into is null and j.repaired_at is null
       and exists (select from repair_order o where o.job_id = j.id and o.restored_at is null)`,
  );

/** A job of its own for a report, or for an order that goes back to the unit. */
export async function insertJob(
  tx: Tx,
  job: { transformerId: number | null; outageId: number | null; extent: Extent; reportedAt: number },
): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `insert into repair_job (transformer_id, outage_id, extent, reported_at) values ($1, $2, $3, $4) returning id`,
    [job.transformerId, job.outageId, job.extent, at(job.reportedAt)],
  );
  if (row === undefined) throw new Error('an insert returns its row');
  return row.id;
}
