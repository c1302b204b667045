/**
 * How long the service-quality report takes: a year of calls with their repair orders, jobs, legs and call backs, straight into the tables of
 * an embedded PostgreSQL. Prints time, peak memory and longest pause of the report by crew, unit and agent, and of the cases of one crew.
 *
 *     npm run bench:service -- [--orders 100000] [--crews 60]
 *
 * Two callers share a job; one order in fifty went back to the unit; one customer in thirty reports again.
 */
import { Clock } from '../dist/clock.js';
import { PolicyTimeline } from '../dist/domain/policy-in-force.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { casesOf, reportService } from '../dist/modules/reports/service-report.js';
import { builtInPolicyFile, readPolicyFile } from '../dist/policy-file.js';
import { measured, startDatabase } from './support.js';

process.env.TZ = 'Asia/Shanghai';
const asked = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? fallback : Number(process.argv[index + 1]);
};
const [orders, crews] = [asked('orders', 100_000), asked('crews', 60)];
const FROM = Date.parse('2025-07-01T00:00:00+08:00');
const TO = Date.parse('2026-07-01T00:00:00+08:00');

async function fill(pool) {
  const jobs = Math.ceil(orders / 2);
  await pool.query(
    `insert into asset (code, kind, path, name, area) select 'X' || n, 'transformer', array[n], 'X' || n, 'A' || n % 20 from generate_series(1, 1000) n`,
  );
  await pool.query(
    `insert into customer (account_no, transformer_id) select 'C' || n, 1 + n % 1000 from generate_series(1, $1::int) n`,
    [orders],
  );
  await pool.query(
    `insert into repair_job (id, transformer_id, extent, reported_at, dispatched_at, arrived_at, repaired_at, crew, done_at)
     overriding system value
     select n, 1 + n % 1000, (array['premises', 'several', 'area', 'unknown'])[1 + n % 4], t, t + interval '4 min', t + interval '40 min',
       t + interval '40 min' + n % 200 * interval '1 min', 'crew ' || n % $2::int, t + interval '6 h'
     from (select n, $3::timestamptz + n * ($4::timestamptz - $3::timestamptz) / $1::int as t from generate_series(1, $1::int) n) x`,
    [jobs, crews, new Date(FROM), new Date(TO)],
  );
  await pool.query(
    `insert into fault_report (id, account_no, customer_id, transformer_id, area, symptom, extent, reported_at, recorded_at, recorded_by, outcome, given)
     overriding system value
     select n, 'C' || n, case when n % 30 = 0 then n - 1 else n end, j.transformer_id, 'A' || j.id % 20, '没电', j.extent,
       j.reported_at + n % 2 * interval '5 min', j.reported_at, 'agent ' || n % 80, 'repair_order', '{}'
     from generate_series(1, $1::int) n join repair_job j on j.id = (n + 1) / 2`,
    [orders],
  );
  await pool.query(
    `insert into repair_order (id, report_id, job_id, round, started_at, setting, setting_known, unit, state, restored_at, restored_source,
       called_back_at, outcome, policy_version)
     overriding system value
     select r.id, r.id, j.id, case when r.id % 50 = 0 then 2 else 1 end, r.reported_at, (array['urban', 'rural', 'remote'])[1 + r.id % 3], true,
       'unit ' || j.id % 12, 'closed', j.repaired_at, 'observed', j.repaired_at + interval '2 h',
       (array['satisfied', 'satisfied', 'satisfied', 'not_reached', 'unsatisfied'])[1 + r.id % 5], 1
     from fault_report r join repair_job j on j.id = (r.id + 1) / 2`,
  );
  await pool.query(
    `insert into repair_order_job (order_id, job_id, since, why) select id, job_id, started_at, 'reported' from repair_order`,
  );
  await pool.query(
    `insert into repair_leg (job_id, leg, source, at, by, note, actor, recorded_at)
     select j.id, leg, source, at, '', '', '', at from repair_job j
     cross join lateral (values ('dispatched', 'claimed', j.dispatched_at), ('arrived', 'claimed', j.arrived_at),
       ('repaired', 'claimed', j.repaired_at), ('repaired', 'observed', j.repaired_at)) as l(leg, source, at)`,
  );
  await pool.query(
    `insert into repair_callback (order_id, round, at, by, reached, satisfied, note, actor, recorded_at)
     select o.id, n, o.called_back_at - (o.round - n) * interval '1 h', '', o.outcome <> 'not_reached', n = o.round and o.outcome = 'satisfied', '', '',
       o.called_back_at from repair_order o cross join lateral generate_series(1, o.round) n`,
  );
  await pool.query(
    `insert into service_request (external_id, business, area, text, confirmed_at, recorded_at, recorded_by, passed_on_at, passed_on_by, policy_version)
     select 'R' || n, 'opinion', 'A' || n % 20, '', t, t, 'agent ' || n % 80, t + n % 14 * interval '1 min', '', 1
     from (select n, $2::timestamptz + n * ($3::timestamptz - $2::timestamptz) / $1::int as t from generate_series(1, $1::int) n) x`,
    [Math.ceil(orders / 2), new Date(FROM), new Date(TO)],
  );
  await pool.query('vacuum analyze');
}

const server = await startDatabase();
const pool = createPool(server.url);
const clock = new Clock();
clock.now = () => TO;
const db = new Database(pool, clock);
try {
  await migrate(pool);
  await fill(pool);
  console.log(`${orders} calls and repair orders, ${Math.ceil(orders / 2)} jobs of ${crews} crews, within a year`);
  const { policy } = new PolicyTimeline([
    { ...readPolicyFile(builtInPolicyFile('csg')), version: 1, effectiveFrom: 0 },
  ]).at(TO);
  for (const [name, from] of [
    ['a year', FROM],
    ['a month', TO - 30 * 24 * 3_600_000],
  ]) {
    const ask = { from, to: TO, area: null };
    for (const by of ['crew', 'unit', 'agent']) {
      const { result, text } = await measured(() => db.inTx((tx) => reportService(tx, { ...ask, by }, policy)));
      console.log(`${name} by ${by.padEnd(6)} ${text}, ${result.items.length} rows, ${result.total.cases} cases`);
    }
    const { result, text } = await measured(() =>
      db.inTx((tx) => casesOf(tx, { ...ask, by: 'crew' }, 'crew 1', policy)),
    );
    console.log(`${name}, a crew    ${text}, ${result.length} cases`);
  }
} finally {
  await db.close();
  await server.stop();
}
