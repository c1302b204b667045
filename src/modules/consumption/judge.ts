import { assessAbnormalUse } from '../../domain/consumption/abnormal-use.js';
import type { Neighbours } from '../../domain/consumption/abnormal-use.js';
import { monthBefore, spanOf, startOfDate } from '../../domain/consumption/month.js';
import type { Absence, MonthOfUse } from '../../domain/consumption/month.js';
import { assessZeroUse, zeroHorizonMonths } from '../../domain/consumption/zero-use.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { saveFindings } from './save-findings.js';
import type { Judged } from './save-findings.js';

/** Histories are held in memory for so many customers at a time. */
const CHUNK = 2_000;
/** A year of history, the same month a year before, and what an actual reading may make good. */
const ABNORMAL_MONTHS = 24;

interface Candidate {
  customerId: number;
  transformerId: number;
  month: string;
}

/** Judges these customers' run of months at zero, up to the newest month of each. */
export async function judgeZero(tx: Tx, customerIds: readonly number[], rules: PolicyInForce): Promise<void> {
  const policy = rules.policy.consumption;
  const horizon = zeroHorizonMonths(policy);
  // Who used something in the newest month and has no finding needs no history.
  const candidates = await tx.query<Candidate>(
    `select c.id as "customerId", c.transformer_id as "transformerId", to_char(last.month, 'YYYY-MM') as month
     from unnest($1::integer[]) as given(id) join customer c on c.id = given.id
     join lateral (select month, kwh from monthly_energy e where e.customer_id = c.id order by month desc limit 1) last on true
     where last.kwh is null or last.kwh <= $2
        or exists (select from consumption_finding f where f.customer_id = c.id and f.kind = 'zero' and f.state <> 'over')`,
    [customerIds, policy.zeroUpToKwh],
  );
  await inChunks(candidates, async (chunk) => {
    const [months, absences] = [await monthsOf(tx, chunk, horizon), await absencesOf(tx, chunk, horizon)];
    const judged = chunk.map(({ customerId, transformerId, month }): Judged => {
      const detail = assessZeroUse(months.get(customerId) ?? [], absences.get(customerId) ?? [], month, policy);
      return { customerId, transformerId, month, isFound: detail.isHit, detail };
    });
    await saveFindings(tx, 'zero', judged, rules.version);
  });
}

/**
 * Judges homes' use in the given months: the customers themselves, and all homes on their transformers, whose neighbours these are.
 * A month that is not a customer's newest is judged again only where something was found in it.
 */
export async function judgeAbnormal(
  tx: Tx,
  given: readonly { customerId: number; month: string }[],
  rules: PolicyInForce,
): Promise<void> {
  const policy = rules.policy.consumption;
  const candidates = await tx.query<Candidate & { neighbours: number; medianKwhPerDay: number }>(
    `with touched as materialized (
       select distinct c.transformer_id, (g.month || '-01')::date as month
       from unnest($1::integer[], $2::text[]) as g(customer_id, month) join customer c on c.id = g.customer_id),
     used as materialized (
       select t.transformer_id, t.month, c.id as customer_id, e.kwh, e.reading,
         e.kwh / extract(day from t.month + interval '1 month' - interval '1 day') as per_day
       from touched t join customer c on c.transformer_id = t.transformer_id and c.category = 'residential'
       join monthly_energy e on e.customer_id = c.id and e.month = t.month),
     around as (
       select transformer_id, month, count(*) as homes, percentile_cont(0.5) within group (order by per_day) as median
       from used where reading = 'actual' group by 1, 2)
     select u.customer_id as "customerId", u.transformer_id as "transformerId", to_char(u.month, 'YYYY-MM') as month,
       coalesce(n.homes - 1, 0)::integer as neighbours, coalesce(n.median, 0) as "medianKwhPerDay"
     from used u left join around n using (transformer_id, month)
     where u.reading = 'actual' and u.kwh > $3 and u.per_day > n.median
         and not exists (select from monthly_energy e where e.customer_id = u.customer_id and e.month > u.month)
       or exists (select from consumption_finding f where f.customer_id = u.customer_id and f.kind = 'abnormal' and f.month = u.month)`,
    [given.map(({ customerId }) => customerId), given.map(({ month }) => month), policy.abnormalFromKwh],
  );
  await inChunks(candidates, async (chunk) => {
    const months = await monthsOf(tx, chunk, ABNORMAL_MONTHS);
    const judged = chunk.map((candidate): Judged => {
      const { customerId, transformerId, month } = candidate;
      const neighbours: Neighbours = { count: candidate.neighbours, medianKwhPerDay: candidate.medianKwhPerDay };
      const detail = assessAbnormalUse(months.get(customerId) ?? [], neighbours, month, policy);
      return { customerId, transformerId, month, isFound: detail.verdict === 'abnormal', detail };
    });
    await saveFindings(tx, 'abnormal', judged, rules.version);
  });
}

async function inChunks<Row>(rows: readonly Row[], work: (chunk: readonly Row[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) await work(rows.slice(from, from + CHUNK));
}

/** The months of each customer up to the one it is judged by. */
async function monthsOf(
  tx: Tx,
  chunk: readonly Candidate[],
  horizonMonths: number,
): Promise<Map<number, MonthOfUse[]>> {
  const rows = await tx.query<MonthOfUse & { customerId: number }>(
    `select e.customer_id as "customerId", to_char(e.month, 'YYYY-MM') as month, e.kwh, e.reading
     from unnest($1::integer[], $2::text[]) as g(customer_id, month)
     join monthly_energy e on e.customer_id = g.customer_id and e.month <= (g.month || '-01')::date
      and e.month > (g.month || '-01')::date - $3 * interval '1 month'`,
    [chunk.map(({ customerId }) => customerId), chunk.map(({ month }) => month), horizonMonths],
  );
  return partition(rows, ({ customerId }) => customerId);
}

/** When each customer could not use power, or was known to be away: outages of its transformer, cuts, vacancies. */
async function absencesOf(tx: Tx, chunk: readonly Candidate[], horizonMonths: number): Promise<Map<number, Absence[]>> {
  const [earliest = ''] = chunk.map(({ month }) => month).sort();
  const rows = await tx.query<Absence & { customerId: number }>(
    `with given as materialized (select unnest($1::integer[]) as id)
     select h.customer_id as "customerId", 'outage' as kind, greatest(ot.started_at, h.valid_from) as "startedAt",
       least(ot.ended_at, h.valid_to) as "endedAt"
     from given g join customer_transformer h on h.customer_id = g.id
     join outage_transformer ot on ot.transformer_id = h.transformer_id and ot.started_at < coalesce(h.valid_to, 'infinity')
      and coalesce(ot.ended_at, 'infinity') > greatest(h.valid_from, $2)
     join outage o on o.id = ot.outage_id and o.state <> 'discarded'
     union all
     select d.customer_id, 'disconnected', d.disconnected_at, d.reconnected_at
     from given g join disconnection d on d.customer_id = g.id
     where d.disconnected_at is not null and (d.reconnected_at is null or d.reconnected_at > $2)`,
    [chunk.map(({ customerId }) => customerId), at(spanOf(monthBefore(earliest, horizonMonths)).from)],
  );
  const vacancies = await tx.query<{ customerId: number; fromDate: string; dayAfter: string | null }>(
    `select customer_id as "customerId", from_date::text as "fromDate", (to_date + 1)::text as "dayAfter"
     from vacancy where customer_id = any($1::integer[])`,
    [chunk.map(({ customerId }) => customerId)],
  );
  const empty = vacancies.map(({ customerId, fromDate, dayAfter }): Absence & { customerId: number } => ({
    customerId,
    kind: 'vacancy',
    startedAt: startOfDate(fromDate),
    endedAt: dayAfter === null ? null : startOfDate(dayAfter),
  }));
  return partition([...rows, ...empty], ({ customerId }) => customerId);
}
