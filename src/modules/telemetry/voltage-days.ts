import { dateOf, daysBetween, spanOfDate, utilityZone } from '../../domain/calendar.js';
import { HOUR_MS } from '../../domain/instants.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { PHASE_SUMS, sumsOfPieces, USUAL_INTERVAL_SECONDS } from './voltage-sums.js';
import type { PhaseSum } from './voltage-sums.js';

/**
 * Voltage sums of days (`voltage_day`). What a day says depends on its readings, on those within a reach (interval x silence limit) around
 * it, and on its basis. Its row is true while the transformer's progress has passed it by the present basis, no late hour within reach is
 * marked (`rollup_dirty`) and the day is not in `voltage_day_late`; else the report reads the readings. Days whose readings are no longer
 * all kept (`rollup_progress.readings_from`) have the sums they have. All writers of these tables hold the lock of the rollups.
 */

/** About 300,000 readings by the minute. */
const DAYS_PER_STEP = 200;
/** The journal's readers wait for a transaction that writes: 20,000 rows at once held warnings back for up to 4 s. */
const BASES_PER_STEP = 1_000;

interface Day {
  /** The transformer. */
  id: number;
  since: number;
  until: number;
  reachMs: number;
}

/** Notes the days that are done and that readings of these hours change. Called with the marks of the hours, when they are taken out. */
export async function noteLateDays(
  tx: Tx,
  hours: readonly { transformer_id: number; bucket: number }[],
): Promise<void> {
  const ids = [...new Set(hours.map(({ transformer_id }) => transformer_id))];
  const done = await tx.query<{ id: number; until: number; reachMs: number }>(
    `select p.transformer_id as id, p.until, 1000::float8 * b.seconds * b.silence as "reachMs"
     from voltage_progress p join voltage_basis b on b.id = p.basis_id where p.transformer_id = any($1::int[]) and p.until is not null`,
    [ids],
  );
  const byId = new Map(done.map((row) => [row.id, row]));
  const late = new Map<string, { id: number; since: number }>();
  for (const { transformer_id: id, bucket } of hours) {
    const { until, reachMs } = byId.get(id) ?? { until: -Infinity, reachMs: 0 };
    if (bucket - reachMs >= until) continue;
    for (const since of daysBetween(bucket - reachMs, bucket + HOUR_MS + reachMs))
      if (since < until) late.set(`${id}@${since}`, { id, since });
  }
  if (late.size === 0) return;
  const days = [...late.values()];
  await tx.query(
    'insert into voltage_day_late select * from unnest($1::int[], $2::timestamptz[]) on conflict do nothing',
    [days.map(({ id }) => id), days.map(({ since }) => at(since))],
  );
}

/**
 * One bounded piece: days to be done again, or the next ones that are over, the oldest first. Reads before it writes, so that it has no
 * transaction number, which the journal's readers would wait for, while it sums.
 * @param closedAt readings before this that are still to come will mark their hours
 * @returns true when there may be more to do at once
 */
export async function sumVoltageDays(tx: Tx, rules: PolicyInForce, closedAt: number): Promise<boolean> {
  const [progress] = await tx.query<{ from: number | null }>('select readings_from as "from" from rollup_progress');
  const keptFrom = progress?.from ?? 0;
  const late = await lateDays(tx, keptFrom);
  const next = late.picked.length > 0 ? { days: [], passed: [] } : await nextDays(tx, closedAt, keptFrom);
  const days = [...late.days, ...next.days];
  if (late.picked.length === 0 && next.passed.length === 0) return adoptBases(tx, rules, null);
  if (
    await adoptBases(
      tx,
      rules,
      days.map(({ id }) => id),
    )
  )
    return true;
  if (days.length > 0) await keep(tx, await sumDays(tx, days));
  await tx.query(
    `delete from voltage_day_late where (transformer_id, since) in (select * from unnest($1::int[], $2::timestamptz[]))`,
    [late.picked.map(({ id }) => id), late.picked.map(({ since }) => at(since))],
  );
  await tx.query(
    `update voltage_progress p set until = n.until from unnest($1::int[], $2::timestamptz[]) as n(id, until) where p.transformer_id = n.id`,
    [next.passed.map(({ id }) => id), next.passed.map(({ until }) => at(until))],
  );
  return true;
}

/** Those that were noted; of them the days that are done and have all readings are to be done again. */
async function lateDays(tx: Tx, keptFrom: number): Promise<{ picked: { id: number; since: number }[]; days: Day[] }> {
  const picked = await tx.query<{ id: number; since: number; done: boolean; reachMs: number }>(
    `select l.transformer_id as id, l.since, l.since < p.until as done, 1000::float8 * b.seconds * b.silence as "reachMs"
     from voltage_day_late l join voltage_progress p on p.transformer_id = l.transformer_id join voltage_basis b on b.id = p.basis_id
     order by l.transformer_id, l.since limit ${DAYS_PER_STEP}`,
  );
  const days = picked.filter(({ done, since, reachMs }) => done && since - reachMs >= keptFrom);
  return { picked, days: days.map(({ id, since, reachMs }) => ({ id, since, until: endOfDay(since), reachMs })) };
}

/** The next day of the transformers that are furthest behind, from the first one with readings on, and how far they are then. */
async function nextDays(
  tx: Tx,
  closedAt: number,
  keptFrom: number,
): Promise<{ days: Day[]; passed: { id: number; until: number }[] }> {
  const bases = await tx.query<{ id: number; reachMs: number }>(
    'select id, 1000::float8 * seconds * silence as "reachMs" from voltage_basis',
  );
  // The day that holds this instant is not closed yet. An hour more: marks are by the hour.
  const closedOf = new Map(bases.map(({ id, reachMs }) => [id, startOfDay(closedAt - HOUR_MS - reachMs)]));
  const behind = await tx.query<{ id: number; from: number | null; basis: number; reachMs: number }>(
    `select p.transformer_id as id, p.basis_id as basis, 1000::float8 * b.seconds * b.silence as "reachMs",
       coalesce(p.until, (select r.ts from reading r where r.transformer_id = p.transformer_id and r.ts >= $3 order by r.ts limit 1)) as from
     from voltage_progress p join voltage_basis b on b.id = p.basis_id
       join unnest($1::int[], $2::timestamptz[]) as c(basis, closed) on c.basis = p.basis_id
     where p.until is null or p.until < c.closed order by p.until nulls first limit ${DAYS_PER_STEP}`,
    [[...closedOf.keys()], [...closedOf.values()].map(at), at(keptFrom)],
  );
  const days: Day[] = [];
  const passed = behind.map(({ id, from, basis, reachMs }) => {
    const closed = closedOf.get(basis) ?? 0;
    if (from === null) return { id, until: closed };
    let since = startOfDay(Math.max(from, keptFrom));
    while (since - reachMs < keptFrom) since = endOfDay(since);
    if (since >= closed) return { id, until: closed };
    const until = endOfDay(since);
    days.push({ id, since, until, reachMs });
    return { id, until };
  });
  return { days, passed };
}

const startOfDay = (moment: number): number => spanOfDate(dateOf(moment)).from;
const endOfDay = (moment: number): number => spanOfDate(dateOf(moment)).to;

/**
 * Gives some transformers that have readings their basis of now; those whose basis changed begin anew.
 * @param ids null = all
 * @returns true when there may be more of them
 */
async function adoptBases(tx: Tx, rules: PolicyInForce, ids: readonly number[] | null): Promise<boolean> {
  const areas = await tx.query<{ area: string }>(`select distinct area from asset where kind = 'transformer'`);
  const policies = areas.map(({ area }) => rules.policyFor(area));
  const columns = 'zone, seconds, silence, lowest, low, high, highest';
  const adopted = await tx.query(
    `with limits as (
       select * from unnest($2::text[], $3::int[], $4::real[], $5::real[], $6::real[], $7::real[]) as l(area, silence, lowest, low, high, highest)),
     present as materialized (
       select s.transformer_id, $1::text as zone, l.*,
         coalesce((select max(interval_seconds) from terminal t where t.transformer_id = s.transformer_id), ${USUAL_INTERVAL_SECONDS}) as seconds
       from transformer_state s join asset a on a.id = s.transformer_id join limits l on l.area = a.area
       where s.last_ts is not null and ($8::int[] is null or s.transformer_id = any($8))),
     made as (
       insert into voltage_basis (${columns})
       select ${columns} from present except select ${columns} from voltage_basis
       returning *),
     basis as (select * from made union all select * from voltage_basis)
     insert into voltage_progress (transformer_id, basis_id)
     select n.transformer_id, b.id from present n join basis b using (${columns})
       left join voltage_progress p on p.transformer_id = n.transformer_id
     where p.basis_id is distinct from b.id
     order by n.transformer_id limit ${BASES_PER_STEP}
     on conflict (transformer_id) do update set basis_id = excluded.basis_id, until = null
     returning 1`,
    [
      utilityZone(),
      areas.map(({ area }) => area),
      policies.map(({ supply }) => supply.silenceIntervals),
      policies.map(({ voltage }) => voltage.assessmentLowV),
      policies.map(({ voltage }) => voltage.lowV),
      policies.map(({ voltage }) => voltage.highV),
      policies.map(({ voltage }) => voltage.assessmentHighV),
      ids,
    ],
  );
  return adopted.length > 0;
}

type DaySums = Record<PhaseSum, number> & { id: number; since: number };

function sumDays(tx: Tx, days: readonly Day[]): Promise<DaySums[]> {
  return tx.query<DaySums>(
    `with piece as (
       select d.n as key, 0 as position, d.id, d.since, d.until, b.*
       from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) with ordinality as d(id, since, until, n)
         join voltage_progress p on p.transformer_id = d.id
         cross join lateral (select seconds, silence, lowest, low, high, highest from voltage_basis where id = p.basis_id) b),
     summed as (${sumsOfPieces('$4', '$5')})
     select p.id, p.since, ${PHASE_SUMS.map((sum) => `coalesce(s.${sum}, 0) as ${sum}`).join(', ')}
     from piece p left join summed s on s.key = p.key`,
    [
      days.map(({ id }) => id),
      days.map(({ since }) => at(since)),
      days.map(({ until }) => at(until)),
      at(Math.min(...days.map(({ since, reachMs }) => since - reachMs)) - 1),
      at(Math.max(...days.map(({ until, reachMs }) => until + reachMs)) + 1),
    ],
  );
}

async function keep(tx: Tx, days: readonly DaySums[]): Promise<void> {
  const sums = PHASE_SUMS.join(', ');
  await tx.query(
    `insert into voltage_day (since, transformer_id, basis_id, ${sums})
     select d.since, d.id, p.basis_id, ${sums}
     from unnest($1::int[], $2::timestamptz[], ${PHASE_SUMS.map((_, index) => `$${index + 3}::int[]`).join(', ')}) as d(id, since, ${sums})
       join voltage_progress p on p.transformer_id = d.id
     on conflict (since, transformer_id) do update
     set (basis_id, ${sums}) = (excluded.basis_id, ${PHASE_SUMS.map((sum) => `excluded.${sum}`).join(', ')})`,
    [
      days.map(({ id }) => id),
      days.map(({ since }) => at(since)),
      ...PHASE_SUMS.map((sum) => days.map((day) => day[sum])),
    ],
  );
}
