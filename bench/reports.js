/**
 * How long the reports take: a network with its customers, a year of losses and silences and four years of losses before it, straight into
 * the tables of an embedded PostgreSQL, readings in the order of time. Prints time, peak memory and longest pause of each report, of a
 * workbook, and of two looks at five published months.
 *
 *     npm run bench:reports -- [--transformers 50000] [--customers 20] [--losses 10] [--silences 10] [--years 4] [--metered 200]
 *
 * Numbers are by transformer; losses and silences by year.
 */
import { createPool, Database } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { Clock } from '../dist/clock.js';
import { PolicyTimeline } from '../dist/domain/policy-in-force.js';
import { builtInPolicyFile, readPolicyFile } from '../dist/policy-file.js';
import { reportReliability } from '../dist/modules/reports/reliability-report.js';
import { RELIABILITY_COLUMNS } from '../dist/modules/reports/reliability-table.js';
import { keepLook, knownNow, stateSeen } from '../dist/modules/reports/known-reports.js';
import { listPublished, publishReliability } from '../dist/modules/reports/published-reports.js';
import { reportVoltage } from '../dist/modules/reports/voltage-report.js';
import { sumVoltageDays } from '../dist/modules/telemetry/voltage-days.js';
import { tableFile } from '../dist/modules/http/spreadsheet.js';
import { measured, megabytes, startDatabase } from './support.js';

process.env.TZ = 'Asia/Shanghai';
const asked = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? fallback : Number(process.argv[index + 1]);
};
const [transformers, customers] = [asked('transformers', 50_000), asked('customers', 20)];
const [losses, silences, years] = [asked('losses', 10), asked('silences', 10), asked('years', 4)];
/** Of how many transformers a week of readings by the minute is stored. */
const metered = asked('metered', 200);
const FROM = Date.parse('2025-01-01T00:00:00+08:00');
const TO = Date.parse('2026-01-01T00:00:00+08:00');

async function fill(pool) {
  await pool.query(`select setseed(0.5)`);
  await pool.query(`insert into asset (code, kind, path, name) select 'F' || n, 'feeder', '{}', 'F' || n from generate_series(1, greatest(1, $1::int / 50)) n`, [transformers]); // prettier-ignore
  await pool.query(
    `insert into asset (code, kind, parent_id, path, name, area) select 'X' || n, 'transformer', f.id, '{}', 'X' || n, 'A' || n % 20
     from generate_series(1, $1::int) n join asset f on f.code = 'F' || (1 + n % greatest(1, $1::int / 50))`,
    [transformers],
  );
  await pool.query(`update asset set path = case when parent_id is null then array[id] else array[parent_id, id] end`);
  await pool.query(`insert into asset_parent (asset_id, parent_id, valid_from) select id, parent_id, '-infinity' from asset`); // prettier-ignore
  await pool.query(`insert into terminal (code, transformer_id) select 'D' || id, id from asset where kind = 'transformer'`); // prettier-ignore
  await pool.query(`insert into transformer_state (transformer_id, known_since) select transformer_id, '2000-01-01' from terminal`); // prettier-ignore
  await pool.query(
    `insert into customer (account_no, transformer_id) select t.id || '-' || c, t.id from asset t, generate_series(1, $1::int) c where t.kind = 'transformer'`,
    [customers],
  );
  // One customer in 53 moved house within the reported year.
  await pool.query(
    `insert into customer_transformer (customer_id, transformer_id, valid_from, valid_to)
     select id, transformer_id, '-infinity', case when id % 53 = 0 then $1::timestamptz + id % 300 * interval '1 day' end from customer`,
    [new Date(FROM)],
  );
  await pool.query(
    `insert into customer_transformer (customer_id, transformer_id, valid_from)
     select h.customer_id, o.transformer_id, h.valid_to from customer_transformer h
     join customer o on o.id = h.customer_id % 1000 + 1 where h.valid_to is not null`,
  );
  const lengths = `case when random() < 0.3 then random() * 5 when random() < 0.95 then 10 + random() * 200 else 400 + random() * 400 end`;
  await pool.query(
    `with lost as (
       select t.id as transformer_id, n, $2::timestamptz - n * interval '1 year' / $1 - random() * interval '20 days' as started_at,
         interval '1 minute' * (${lengths}) as lasted
       from asset t, generate_series(1, $1::int * $3::int) n where t.kind = 'transformer'),
     numbered as (select *, row_number() over (order by n, transformer_id) as id from lost),
     made as (
       insert into outage (id, state, nature, root_asset_id, area, started_at, known_at, policy_version)
       overriding system value
       select id, 'closed', case when id % 5 = 0 then 'planned' else 'fault' end, transformer_id, '', started_at, started_at, 1 from numbered)
     insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
     select id, transformer_id, started_at, started_at + lasted, 'reading', $4 from numbered`,
    [losses, new Date(TO), years + 1, customers],
  );
  await pool.query(
    `insert into supply_interval (transformer_id, state, started_at, ended_at, source, end_source)
     select t.id, 'unknown', s, s + interval '1 minute' * (random() * 600), 'silence', 'reading'
     from asset t, generate_series(1, $1::int) n, lateral (select $2::timestamptz - n * interval '1 year' / $1 - random() * interval '10 days' as s) s
     where t.kind = 'transformer'`,
    [silences, new Date(TO)],
  );
  await pool.query('vacuum analyze');
}

const server = await startDatabase();
const pool = createPool(server.url);
const db = new Database(pool, new Clock());
try {
  await migrate(pool);
  const began = performance.now();
  await fill(pool);
  console.log(
    `${transformers} transformers, ${transformers * customers} customers, ${transformers * losses} losses and ${transformers * silences} silences in the year, ${years} years of losses before it (made in ${((performance.now() - began) / 1000).toFixed(0)} s)`,
  );
  const loaded = readPolicyFile(builtInPolicyFile('csg'));
  const rules = new PolicyTimeline([{ ...loaded, version: 1, effectiveFrom: 0 }]).at(0);
  for (const by of ['none', 'area', 'month', 'transformer']) {
    const ask = { from: FROM, to: TO, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 3, by };
    const { result, text } = await measured(() => db.inTx((tx) => reportReliability(tx, ask, rules)));
    const { saidiMinutes, unknown } = result.total;
    console.log(
      `reliability by ${by.padEnd(11)} ${text}, ${result.items.length} rows; SAIDI ${saidiMinutes.toFixed(3)}, with the unknown ${unknown.saidiMinutes.max.toFixed(3)}`,
    );
    if (by !== 'transformer') continue;
    const about = { period: ask, filter: [], policyVersion: 1, madeAt: TO };
    const table = { name: 'x', zh: '表', en: 'T', columns: RELIABILITY_COLUMNS, rows: result.items, about };
    let bytes = 0;
    const file = await measured(async () => {
      for await (const chunk of tableFile('xlsx', table).getStream()) bytes += chunk.length;
    });
    console.log(`  as a workbook           ${file.text}, ${megabytes(bytes)}`);
  }
  for (let month = 1; month <= 5; month += 1) {
    const [from, to] = [new Date(2025, month, 1).getTime(), new Date(2025, month + 1, 1).getTime()];
    const ask = { from, to, area: null, nature: null, sustainedMinutes: 3, cemiMoreThan: 3, by: 'none' };
    const report = await db.snapshot((tx) => reportReliability(tx, ask, rules, true));
    await db.inTx((tx) => publishReliability(tx, { ask, ...report, at: TO, policyVersion: 1, note: '', by: 'bench' }));
  }
  for (const name of ['first', 'second']) {
    const { text } = await measured(async () => {
      const look = await db.snapshot(async (tx) => {
        const known = await knownNow(tx, await listPublished(tx, null, 5), rules);
        return { known: [...known.values()], seen: await stateSeen(tx), lookedAt: tx.now, policyVersion: 1 };
      });
      await db.inTx((tx) => keepLook(tx, look));
    });
    console.log(`five published months, ${name.padEnd(6)} look ${text}`);
  }
  const minutes = 7 * 24 * 60;
  await pool.query(
    `insert into reading (transformer_id, ts, received_at, ua, ub, uc)
     select t.id, s, s, 215 + random() * 25, 215 + random() * 25, 215 + random() * 25
     from generate_series($2::timestamptz - $3::int * interval '1 minute', $2::timestamptz - interval '1 minute', interval '1 minute') s,
       (select id from asset where kind = 'transformer' order by id limit $1) t order by s, t.id`,
    [metered, new Date(TO), minutes],
  );
  await pool.query(
    `insert into transformer_state (transformer_id, last_ts) select distinct transformer_id, $1::timestamptz from reading`,
    [new Date(TO)],
  );
  await pool.query('vacuum analyze');
  const ask = { from: TO - minutes * 60_000, to: TO, area: null, by: 'transformer' };
  const voltage = () => db.snapshot((tx) => reportVoltage(tx, ask, rules));
  const fromReadings = await measured(voltage);
  console.log(`voltage by transformer  ${fromReadings.text}, from ${metered * minutes} readings`);
  const summing = await measured(async () => {
    while (await db.inTx((tx) => sumVoltageDays(tx, rules, TO + 2 * 3_600_000)));
  });
  console.log(`  sums of its days      ${summing.text}`);
  await pool.query('vacuum analyze');
  const fromSums = await measured(voltage);
  if (JSON.stringify(fromSums.result) !== JSON.stringify(fromReadings.result))
    throw new Error('the sums say otherwise');
  console.log(`  from these sums       ${fromSums.text}, the same to the last digit`);
} finally {
  await db.close();
  await server.stop();
}
