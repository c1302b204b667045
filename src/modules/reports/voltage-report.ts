import { monthsWithin } from '../../domain/calendar.js';
import { partition } from '../../domain/partition.js';
import type { PolicyInForce } from '../../domain/policy-in-force.js';
import type { Period } from '../../domain/reliability.js';
import { qualificationRate, sumOfMinutes } from '../../domain/voltage-qualification.js';
import type { PhaseMinutes } from '../../domain/voltage-qualification.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
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

/** Of a transformer whose terminal was taken away: what terminals are registered with when nothing else is said. */
const USUAL_INTERVAL_SECONDS = 60;

const PHASES = ['a', 'b', 'c'] as const;

/**
 * Minutes of each phase by row and period.
 * A reading stands until the next one, or, when that is further away than the silence limit, for one reporting interval. It is cut at the
 * edges of the period. Voltages are compared in single precision, as the column holds them.
 */
const MINUTES = `
  with station as (
    select * from unnest($1::int[], $2::text[], $3::int[], $4::int[], $5::real[], $6::real[], $7::real[], $8::real[])
      as s(id, key, seconds, silence, lowest, low, high, highest)),
  span as (select * from unnest($9::timestamptz[], $10::timestamptz[]) with ordinality as p(since, until, position)),
  told as (
    select s.*, r.ts, r.ua, r.ub, r.uc, lead(r.ts) over (partition by r.transformer_id order by r.ts) as next
    from station s join reading r on r.transformer_id = s.id
    where r.ts > $11 and r.ts < $12),
  standing as (
    select *, ts as since,
      case when next - ts <= make_interval(secs => seconds * silence) then next else ts + make_interval(secs => seconds) end as until
    from told),
  part as (
    select t.*, p.position, extract(epoch from least(t.until, p.until) - greatest(t.since, p.since))::float8 / 60 as minutes
    from standing t join span p on t.since < p.until and t.until > p.since)
  select key, position, ${PHASES.map(
    (phase) => `
    coalesce(sum(minutes) filter (where u${phase} between lowest and highest), 0) as "${phase}Monitored",
    coalesce(sum(minutes) filter (where u${phase} > high and u${phase} <= highest), 0) as "${phase}Over",
    coalesce(sum(minutes) filter (where u${phase} < low and u${phase} >= lowest), 0) as "${phase}Under"`,
  ).join(',')}
  from part group by key, position`;

type Column = `${(typeof PHASES)[number]}${'Monitored' | 'Over' | 'Under'}`;
type MinutesRow = Record<Column, number> & { key: string; position: number };

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
  const rows = await minutesOf(tx, transformers, nameOf, months.length > 0 ? months : [period], rules);
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

const only = (rows: readonly MinutesRow[], position: number): MinutesRow[] =>
  rows.filter((row) => row.position === position);

function minutesOf(
  tx: Tx,
  transformers: readonly ReportTransformer[],
  nameOf: (transformer: ReportTransformer) => RowName,
  periods: readonly Period[],
  rules: PolicyInForce,
): Promise<MinutesRow[]> {
  const policies = transformers.map(({ area }) => rules.policyFor(area));
  const volts = (name: 'assessmentLowV' | 'lowV' | 'highV' | 'assessmentHighV') =>
    policies.map(({ voltage }) => voltage[name]);
  const seconds = transformers.map(({ intervalSeconds }) => intervalSeconds ?? USUAL_INTERVAL_SECONDS);
  const silence = policies.map(({ supply }) => supply.silenceIntervals);
  const furthestMs = seconds.reduce((most, one, index) => Math.max(most, one * (silence[index] ?? 1)), 0) * 1_000;
  return tx.query<MinutesRow>(MINUTES, [
    transformers.map(({ id }) => id),
    transformers.map((transformer) => nameOf(transformer).key),
    seconds,
    silence,
    volts('assessmentLowV'),
    volts('lowV'),
    volts('highV'),
    volts('assessmentHighV'),
    periods.map((period) => at(period.from)),
    periods.map((period) => at(period.to)),
    // What stands at the beginning was read before it; what ends the standing of the last reading may come after the end.
    at((periods[0]?.from ?? 0) - furthestMs - 1),
    at((periods.at(-1)?.to ?? 0) + furthestMs + 1),
  ]);
}

function rowOf(name: RowName, { from, to }: Period, rows: readonly MinutesRow[]): VoltageRow {
  const [a, b, c] = PHASES.map((phase) =>
    sumOfMinutes(
      rows.map((row) => ({
        monitored: row[`${phase}Monitored`],
        over: row[`${phase}Over`],
        under: row[`${phase}Under`],
      })),
    ),
  ) as [PhaseMinutes, PhaseMinutes, PhaseMinutes];
  const phases = { A: qualified(a), B: qualified(b), C: qualified(c) };
  return { key: name.key, name: name.name, from, to, ...qualified(sumOfMinutes([a, b, c])), phases };
}

const qualified = (minutes: PhaseMinutes): Qualified => ({
  ratePercent: qualificationRate(minutes),
  monitoredMinutes: minutes.monitored,
  overMinutes: minutes.over,
  underMinutes: minutes.under,
});
