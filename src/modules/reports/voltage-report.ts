import { dateOf, daysBetween, monthsWithin, spanOfDate, utilityZone } from '../../domain/calendar.js';
import { MINUTE_MS } from '../../domain/instants.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Period } from '../../domain/reliability.js';
import { qualificationRate, sumOfMinutes } from '../../domain/voltage-qualification.js';
import type { PhaseMinutes } from '../../domain/voltage-qualification.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { PHASE_SUMS, reachOf, sumsOfPieces, USUAL_INTERVAL_SECONDS } from '../telemetry/voltage-sums.js';
import type { PhaseSum } from '../telemetry/voltage-sums.js';
import { rowOfTransformer, transformersOf } from './report-transformers.js';
import type { ReportTransformer, RowName } from './report-transformers.js';

export type VoltageBy = 'transformer' | 'area' | 'month' | 'none';

export interface VoltageAsk extends Period {
  area: string | null;
  by: VoltageBy;
}

interface Qualified {
  ratePercent: number | null;
  monitoredMinutes: number;
  overMinutes: number;
  underMinutes: number;
}

export interface VoltageRow extends Qualified, Period, RowName {
  phases: { A: Qualified; B: Qualified; C: Qualified };
}

const PHASES = ['a', 'b', 'c'] as const;
const TOTAL = PHASE_SUMS.map((sum) => `sum(${sum})::float8 as ${sum}`).join(', ');

/**
 * Sums of each phase by row and period: of whole days from `voltage_day` where that is true now (see telemetry/voltage-days.ts), of all
 * other time from the readings.
 */
const SUMS = `
  with station as (
    select * from unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::real[], $6::real[], $7::real[], $8::real[])
      as s(key, id, seconds, silence, lowest, low, high, highest)),
  day as (
    select * from unnest($9::timestamptz[], $10::timestamptz[], $11::bool[], $12::int[]) as d(since, until, whole, position)),
  done as (
    select s.id, p.until, p.basis_id from station s
    join voltage_progress p on p.transformer_id = s.id
    join voltage_basis b on b.id = p.basis_id
      and (b.zone, b.seconds, b.silence, b.lowest, b.low, b.high, b.highest)
        = ($13, s.seconds, s.silence, s.lowest, s.low, s.high, s.highest)),
  late as (
    select transformer_id as id, since from voltage_day_late
    union
    select s.id, d.since from rollup_dirty m join station s on s.id = m.transformer_id
      join day d on d.since < m.bucket + interval '1 hour' + ${reachOf('s')} and d.until > m.bucket - ${reachOf('s')}),
  kept as (
    select s.key, s.id, d.position, d.since, ${PHASE_SUMS.join(', ')}
    from day d
    join voltage_day v on v.since = d.since
    join station s on s.id = v.transformer_id
    cross join rollup_progress r
    left join done on done.id = s.id
    left join late on late.id = s.id and late.since = d.since
    where v.since >= $14 and v.since < $15 and d.whole and (d.since - ${reachOf('s')} < r.readings_from
      or (d.since < done.until and v.basis_id = done.basis_id and late.id is null))),
  missing as (
    select s.*, d.since, d.until, d.position
    from station s cross join day d left join kept k on k.id = s.id and k.since = d.since
    where k.id is null),
  begun as materialized (
    select id, (select ts from reading where transformer_id = m.id and ts > $14 and ts < $15 order by ts limit 1) as ts
    from (select distinct id from missing) m),
  -- Day by day, as the readings were stored: so a page is read once, also where not all fit into memory.
  piece as (select m.* from missing m join begun b on b.id = m.id and b.ts < m.until order by m.since),
  part as (
    select key, position, ${PHASE_SUMS.join(', ')} from kept
    union all
    ${sumsOfPieces('$14', '$15')})
  select key, position, ${TOTAL} from part group by key, position`;

// The lists given have no statistics, nor has a table that was just filled: a planner that takes them for short walks through one for each
// row of another (109 s instead of 2 s for 5,000 transformers and 31 days). Ruling that out makes what remains look dear, so no JIT, either.
const NO_WALKS = 'set local enable_nestloop = off; set local jit = off';

type SumsRow = Record<PhaseSum, number> & { key: string; position: number };

/** The voltage qualification rate as the stored readings, late ones included, say now. `ask.to` must not be in the future. */
export async function reportVoltage(
  tx: Tx,
  ask: VoltageAsk,
  rules: PolicyInForce,
): Promise<{ total: VoltageRow; items: VoltageRow[] }> {
  const period: Period = { from: ask.from, to: ask.to };
  const transformers = await transformersOf(tx, ask.area, period.to);
  const months = ask.by === 'month' ? monthsWithin(period) : [];
  const nameOf = (transformer: ReportTransformer): RowName =>
    ask.by === 'transformer' || ask.by === 'area' ? rowOfTransformer(transformer, ask.by) : { key: '', name: '' };
  const rows = await sumsOf(tx, transformers, nameOf, months.length > 0 ? months : [period], rules);
  const byKey = partition(rows, ({ key }) => key);
  const names = new Map(transformers.map((transformer) => [nameOf(transformer).key, nameOf(transformer).name]));
  const items =
    ask.by === 'none'
      ? []
      : ask.by === 'month'
        ? months.map((month, index) => rowOf({ ...month, name: month.key }, month, only(rows, index + 1)))
        : [...names].map(([key, name]) => rowOf({ key, name }, period, byKey.get(key) ?? []));
  return { total: rowOf({ key: 'total', name: ask.area ?? '' }, period, rows), items };
}

const only = (rows: readonly SumsRow[], position: number): SumsRow[] => rows.filter((row) => row.position === position);

async function sumsOf(
  tx: Tx,
  transformers: readonly ReportTransformer[],
  nameOf: (transformer: ReportTransformer) => RowName,
  periods: readonly Period[],
  rules: PolicyInForce,
): Promise<SumsRow[]> {
  const policies = transformers.map(({ area }) => rules.policyFor(area));
  const volts = (name: 'assessmentLowV' | 'lowV' | 'highV' | 'assessmentHighV') =>
    policies.map(({ voltage }) => voltage[name]);
  const seconds = transformers.map(({ intervalSeconds }) => intervalSeconds ?? USUAL_INTERVAL_SECONDS);
  const silence = policies.map(({ supply }) => supply.silenceIntervals);
  const furthestMs = seconds.reduce((most, one, index) => Math.max(most, one * (silence[index] ?? 1)), 0) * 1_000;
  const days = periods.flatMap((period, index) => daysOf(period).map((day) => ({ ...day, position: index + 1 })));
  await tx.client.query(NO_WALKS);
  return tx.query<SumsRow>(SUMS, [
    transformers.map((transformer) => nameOf(transformer).key),
    transformers.map(({ id }) => id),
    seconds,
    silence,
    volts('assessmentLowV'),
    volts('lowV'),
    volts('highV'),
    volts('assessmentHighV'),
    days.map(({ from }) => at(from)),
    days.map(({ to }) => at(to)),
    days.map(({ isWhole }) => isWhole),
    days.map(({ position }) => position),
    utilityZone(),
    // What stands at the beginning was read before it; what ends the standing of the last reading may come after the end.
    at((periods[0]?.from ?? 0) - furthestMs - 1),
    at((periods.at(-1)?.to ?? 0) + furthestMs + 1),
  ]);
}

/** The days that a period touches, cut to it. */
const daysOf = ({ from, to }: Period): (Period & { isWhole: boolean })[] =>
  daysBetween(from, to).map((start) => {
    const day = spanOfDate(dateOf(start));
    return { from: Math.max(from, start), to: Math.min(to, day.to), isWhole: start >= from && day.to <= to };
  });

function rowOf(name: RowName, { from, to }: Period, rows: readonly SumsRow[]): VoltageRow {
  const [a, b, c] = PHASES.map((phase) => minutesOf(rows, phase)) as [PhaseMinutes, PhaseMinutes, PhaseMinutes];
  const phases = { A: qualified(a), B: qualified(b), C: qualified(c) };
  return { key: name.key, name: name.name, from, to, ...qualified(sumOfMinutes([a, b, c])), phases };
}

/** Summed before they are divided: whole milliseconds add up the same in any order. */
function minutesOf(rows: readonly SumsRow[], phase: (typeof PHASES)[number]): PhaseMinutes {
  const minutes = (sum: 'monitored' | 'over' | 'under') =>
    rows.reduce((ms, row) => ms + row[`${phase}_${sum}`], 0) / MINUTE_MS;
  return { monitored: minutes('monitored'), over: minutes('over'), under: minutes('under') };
}

const qualified = (minutes: PhaseMinutes): Qualified => ({
  ratePercent: qualificationRate(minutes),
  monitoredMinutes: minutes.monitored,
  overMinutes: minutes.over,
  underMinutes: minutes.under,
});
