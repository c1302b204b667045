/**
 * How long a month of energy takes: customers with a history of months, straight into the tables of an embedded PostgreSQL, then the file of
 * the next month as a billing system sends it, read and judged in one transaction. Beside it the bare COPY of the same rows, so that the
 * ratio says something on any machine. A second time the same file (nothing is new), and a month that corrects the one before.
 *
 *     npm run bench:consumption -- [--customers 100000] [--per-transformer 100] [--months 24] [--rounds 2]
 *
 * Of the customers 2 % are at zero for the whole time, a tenth of those known to be vacant; 1 % use five times as much in the new month;
 * every transformer lost supply once a month.
 */
import { once } from 'node:events';
import { from as copyFrom } from 'pg-copy-streams';
import { Clock } from '../dist/clock.js';
import { PolicyTimeline } from '../dist/domain/policy-in-force.js';
import { ENERGY_COLUMNS } from '../dist/domain/consumption/energy-rows.js';
import { createPool, Database } from '../dist/modules/database/database.js';
import { migrate } from '../dist/modules/database/migrate.js';
import { importEnergy } from '../dist/modules/consumption/import-energy.js';
import { readImportFile } from '../dist/modules/network/import-file.js';
import { builtInPolicyFile, readPolicyFile } from '../dist/policy-file.js';
import { median, startDatabase } from './support.js';

process.env.TZ = 'Asia/Shanghai';
const asked = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? fallback : Number(process.argv[index + 1]);
};
const [customers, perTransformer] = [asked('customers', 100_000), asked('per-transformer', 100)];
const [months, rounds] = [asked('months', 24), asked('rounds', 2)];
const NOW = Date.parse('2026-07-02T09:00:00+08:00');

/** `2026-06`, and so many months before. */
const monthOf = (back) => {
  const date = new Date(2026, 5 - back, 1);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
};
/** kWh of customer n in a month; the same for the same month. */
const kwhOf = (n, back) =>
  n % 50 === 0 ? 0 : 80 + (n % 170) + ((n * 7 + back * 13) % 40) + (back === 0 && n % 100 === 1 ? 900 : 0);
const rowsOf = (back, more = 0) =>
  Array.from({ length: customers }, (_, n) => [
    `C${n + 1}`,
    monthOf(back),
    (kwhOf(n + 1, back) + more).toFixed(2),
    'actual',
  ]);
const csvOf = (rows) => `account_no,month,kwh,reading\n${rows.map((row) => row.join(',')).join('\n')}\n`;

async function fill(pool) {
  const transformers = Math.ceil(customers / perTransformer);
  await pool.query(
    `insert into asset (code, kind, path, name, area) select 'X' || n, 'transformer', array[n], 'X' || n, 'A' || n % 20 from generate_series(1, $1::int) n`,
    [transformers],
  );
  await pool.query(
    `insert into asset_parent (asset_id, parent_id, valid_from) select id, null, '-infinity' from asset`,
  );
  await pool.query(
    `insert into customer (account_no, transformer_id, category)
     select 'C' || n, 1 + (n - 1) / $2::int, case when n % 10 = 0 then 'commercial' else 'residential' end from generate_series(1, $1::int) n`,
    [customers, perTransformer],
  );
  await pool.query(`insert into customer_transformer (customer_id, transformer_id, valid_from) select id, transformer_id, '-infinity' from customer`); // prettier-ignore
  await pool.query(`insert into vacancy (customer_id, from_date, note, recorded_at) select id, '2024-01-01', '', now() from customer where id % 500 = 0`); // prettier-ignore
  for (let back = months; back >= 1; back -= 1) {
    await copy(pool, 'monthly_energy (customer_id, month, kwh, reading, recorded_at)', rowsOf(back).map((row, n) => [n + 1, `${row[1]}-01`, row[2], row[3], '2026-06-01'])); // prettier-ignore
  }
  await pool.query(
    `with lost as (
       select a.id as transformer_id, n, '2026-06-20'::timestamptz - n * interval '30 days' as started_at, row_number() over () as id
       from asset a, generate_series(0, $1::int - 1) n),
     made as (
       insert into outage (id, state, nature, root_asset_id, area, started_at, known_at, policy_version) overriding system value
       select id, 'closed', 'fault', transformer_id, '', started_at, started_at, 1 from lost)
     insert into outage_transformer (outage_id, transformer_id, started_at, ended_at, source, customers)
     select id, transformer_id, started_at, started_at + interval '3 hours', 'reading', $2 from lost`,
    [months, perTransformer],
  );
  await pool.query('create table copied (account_no text, month date, kwh numeric(12, 2), reading text)');
  await pool.query('vacuum analyze');
}

async function copy(pool, into, rows) {
  const client = await pool.connect();
  try {
    const stream = client.query(copyFrom(`copy ${into} from stdin`));
    stream.end(rows.map((row) => row.join('\t')).join('\n') + '\n');
    await once(stream, 'finish');
  } finally {
    client.release();
  }
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const server = await startDatabase();
const pool = createPool(server.url);
const clock = new Clock();
clock.now = () => NOW;
const db = new Database(pool, clock);
try {
  await migrate(pool);
  const made = await timed(() => fill(pool));
  console.log(`${customers} customers on ${Math.ceil(customers / perTransformer)} transformers, ${months} months of history (made in ${made.toFixed(0)} s)`); // prettier-ignore
  const rules = new PolicyTimeline([{ ...readPolicyFile(builtInPolicyFile('csg')), version: 1, effectiveFrom: 0 }]).at(
    NOW,
  );
  const measure = async (name, rows) => {
    const ratios = [];
    const csv = csvOf(rows);
    for (let round = 1; round <= rounds; round += 1) {
      const copied = await timed(() => copy(pool, 'copied', rows.map(([no, month, ...rest]) => [no, `${month}-01`, ...rest]))); // prettier-ignore
      await pool.query('truncate copied');
      const took = await timed(() =>
        db.inTx((tx) => importEnergy(tx, readImportFile(csv, 'csv', ENERGY_COLUMNS), rules)),
      );
      ratios.push(took / copied);
      console.log(
        `${name.padEnd(24)} ${round}: ${took.toFixed(1).padStart(5)} s, ${Math.round(rows.length / took)} rows/s; COPY ${copied.toFixed(2)} s, ${Math.round(rows.length / copied)} rows/s; ${(took / copied).toFixed(0)} times COPY`,
      );
    }
    return median(ratios);
  };
  await measure('the new month', rowsOf(0));
  await measure('the month before, other', rowsOf(1, 1));
  const [{ zero, abnormal }] = await db.query(
    `select count(*) filter (where kind = 'zero') as zero, count(*) filter (where kind = 'abnormal') as abnormal from consumption_finding where state <> 'over'`,
  );
  console.log(`found: ${zero} at zero, ${abnormal} abnormal`);
} finally {
  await db.close();
  await server.stop();
}
