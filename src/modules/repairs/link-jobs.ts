import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { append } from '../journal/append.js';
import { alignJob } from './align-job.js';
import { lockJobs } from './open-order.js';

/** A caller may be faster than a terminal that reports every quarter of an hour. */
const CALLED_BEFORE_MINUTES = 15;

/**
 * Calls that came before the service knew: jobs whose callers hang on transformers of these outages belong to them. Of several jobs of
 * one outage those that no crew was sent to yet go over to one: one outage, one crew.
 */
export async function linkJobs(tx: Tx, active: PolicyInForce, outageIds: readonly number[]): Promise<void> {
  const [some] = await tx.query('select 1 from repair_job where done_at is null limit 1');
  if (some === undefined) return; // nearly always: outages are many, open jobs few
  await lockJobs(tx);
  await tx.query(
    `update repair_job j set outage_id = null from outage x
     where j.done_at is null and x.id = j.outage_id and x.id = any($1) and x.state = 'discarded'`,
    [outageIds],
  );
  await tx.query(
    `update repair_job j set outage_id = x.merged_into_id from outage x
     where j.done_at is null and x.id = j.outage_id and x.id = any($1) and x.merged_into_id is not null`,
    [outageIds],
  );
  await tx.query(
    `update repair_job j set outage_id = found.outage_id
     from (select distinct on (o.job_id) o.job_id, x.id as outage_id
           from repair_order o
           join fault_report r on r.id = o.report_id
           join outage_transformer t on t.transformer_id = r.transformer_id and t.outage_id = any($1)
            and t.started_at <= o.started_at + $2 * interval '1 minute' and (t.ended_at is null or t.ended_at >= o.started_at)
           join outage x on x.id = t.outage_id and x.state <> 'discarded' and x.merged_into_id is null
           where o.state <> 'closed' and o.round = 1
           order by o.job_id, x.id) found
     where j.id = found.job_id and j.done_at is null and j.outage_id is null`,
    [outageIds, CALLED_BEFORE_MINUTES],
  );
  const groups = await tx.query<{ jobIds: number[] }>(
    `select array_agg(j.id order by (j.dispatched_at is null), j.id) as "jobIds"
     from repair_job j where j.done_at is null and j.grouped_into is null and j.outage_id is not null
     group by j.outage_id having count(*) > 1`,
  );
  for (const { jobIds } of groups) await groupJobs(tx, active, jobIds);
}

/** @param jobIds the one that stays first */
async function groupJobs(tx: Tx, active: PolicyInForce, jobIds: readonly number[]): Promise<void> {
  const [into, ...others] = jobIds;
  const moved = await tx.query<{ id: number; jobId: number }>(
    `select o.id, o.job_id as "jobId" from repair_order o
     where o.job_id = any($1) and not exists (select from repair_leg l where l.job_id = o.job_id and l.source = 'claimed')
     order by o.id for update`,
    [others],
  );
  if (moved.length === 0 || into === undefined) return;
  await tx.query('update repair_order set job_id = $2 where id = any($1)', [moved.map(({ id }) => id), into]);
  await tx.query(
    `insert into repair_order_job (order_id, job_id, since, why) select id, $2, $3, 'same_outage' from unnest($1::bigint[]) id`,
    [moved.map(({ id }) => id), into, at(tx.now)],
  );
  await tx.query('update repair_job set grouped_into = $2, done_at = $3 where id = any($1)', [
    [...new Set(moved.map(({ jobId }) => jobId))],
    into,
    at(tx.now),
  ]);
  await append(
    tx,
    moved.map(({ id, jobId }) => ({
      type: 'repair_grouped' as const,
      subjectType: 'repair_order' as const,
      subjectId: id,
      happenedAt: tx.now,
      data: { jobId, intoJobId: into, why: 'same_outage' },
    })),
  );
  await alignJob(tx, active, into, 'system');
}

/** Telemetry saw supply go or come on these transformers: the jobs of callers who hang there are brought in line. */
export async function alignJobsAt(tx: Tx, active: PolicyInForce, transformerIds: readonly number[]): Promise<void> {
  const jobs = await tx.query<{ id: number }>(
    `select distinct o.job_id as id from repair_order o join fault_report r on r.id = o.report_id
     where o.state <> 'closed' and r.transformer_id = any($1) order by o.job_id`,
    [transformerIds],
  );
  if (jobs.length > 0) await lockJobs(tx);
  for (const { id } of jobs) await alignJob(tx, active, id, 'system');
}
