import type { ByPhase, Picture, TapChanger } from '../../domain/advice/advice.js';
import { DAY_MS } from '../../domain/instants.js';
import type { Policy } from '../../domain/policy.js';
import type { Queryable } from '../database/database.js';

/** A live warning to be advised on: what it is about, since when, and until when there is something to see. */
interface Asked {
  warningId: number;
  transformerId: number;
  kind: Picture['kind'];
}

export interface Asking extends Asked {
  feederId: number | null;
  picture: Picture;
}

interface Limits {
  policy: Pick<Policy, 'voltage' | 'supply' | 'unbalance' | 'advice'>;
  timeZone: string;
}

/** Chronic low voltage is advised on as low voltage, by the whole window: its warning begins when the days were counted. */
export const MEANT = `case w.kind when 'high_voltage' then 'high_voltage' else 'low_voltage' end`;
/** From when on readings and neighbours show what the warning means; the placeholder is the window in ms. */
const since = (windowMs: '$2' | '$3'): string =>
  `(w.happened_at - case w.kind when 'chronic_voltage' then ${windowMs}::float8 else 0 end * interval '1 ms')`;

/** The warnings among `ids` that are live and of voltage, each with what was measured. Event time decides what "the last days" are. */
export async function loadPictures(db: Queryable, ids: readonly number[], limits: Limits): Promise<Asking[]> {
  const asked = await db.query<Asked & Register>(
    `select w.id as "warningId", t.id as "transformerId", ${MEANT} as kind, f.id as "feederId", t.capacity_kva as "capacityKva",
            t.tap_position as "tapPosition", t.tap_count as "tapCount", t.tap_step_percent as "tapStepPercent",
            coalesce(t.connection, $2) as connection,
            near.measured, near.alike
     from warning w
     join asset t on t.id = w.subject_id
     left join lateral (select a.id from asset a where a.id = any(t.path) and a.kind = 'feeder' limit 1) f on true
     cross join lateral (
       select count(*)::integer as measured,
              count(*) filter (where exists (
                select from episode e where e.transformer_id = n.id and e.kind = ${MEANT} and e.withdrawn_at is null
                 and (e.ended_at is null or e.ended_at > ${since('$3')})))::integer as alike
       from asset n join transformer_state s on s.transformer_id = n.id and s.supply = 'live'
       where n.path @> array[f.id] and n.id <> t.id) near
     where w.id = any($1) and w.subject_type = 'transformer' and w.kind in ('low_voltage', 'high_voltage', 'chronic_voltage')
       and w.status <> 'resolved'
     order by w.id`,
    [ids, limits.policy.unbalance.usualConnection, limits.policy.advice.windowDays * DAY_MS],
  );
  if (asked.length === 0) return [];
  const warningIds = asked.map(({ warningId }) => warningId);
  const spreads = await loadSpreads(db, warningIds, limits);
  const abnormal = await loadAbnormal(db, warningIds, limits);
  const peaks = await loadPeaks(db, warningIds, limits);
  return asked.map((one) => ({
    warningId: one.warningId,
    transformerId: one.transformerId,
    kind: one.kind,
    feederId: one.feederId,
    picture: {
      kind: one.kind,
      ...(spreads.get(one.warningId) ?? NOTHING),
      abnormal: abnormal.get(one.warningId) ?? null,
      peakKva: peaks.get(one.warningId) ?? null,
      capacityKva: one.capacityKva,
      connection: one.connection,
      tap: tapOf(one),
      neighbours: { measured: one.measured, alike: one.alike },
    },
  }));
}

interface Register {
  feederId: number | null;
  capacityKva: number | null;
  connection: Picture['connection'];
  tapPosition: number | null;
  tapCount: number | null;
  tapStepPercent: number | null;
  measured: number;
  alike: number;
}

function tapOf({ tapPosition, tapCount, tapStepPercent }: Register): TapChanger | null {
  if (tapPosition === null || tapCount === null || tapStepPercent === null) return null;
  // A register that says tap 7 of 5 says nothing.
  if (tapPosition < 1 || tapPosition > tapCount || tapStepPercent <= 0) return null;
  return { position: tapPosition, count: tapCount, stepPercent: tapStepPercent };
}

/** Readings of the window that ends with the newest reading; `r`, with `w` the warning. Parameters: $1 ids, $2 window in ms. */
const WINDOW = `from warning w
  join transformer_state s on s.transformer_id = w.subject_id
  join reading r on r.transformer_id = w.subject_id and r.ts <= s.last_ts and r.ts > s.last_ts - $2 * interval '1 ms'
  where w.id = any($1)`;

type Spread = Pick<Picture, 'hours' | 'percentiles' | 'lowestHour' | 'highestHour'>;
const NOTHING: Spread = { hours: 0, percentiles: { A: null, B: null, C: null }, lowestHour: null, highestHour: null };

const percentiles = (name: string, column: string): string =>
  `to_jsonb(percentile_cont(array[0.05, 0.95]) within group (order by ${column}) filter (where ${column} >= $3)) as "${name}"`;

/** Percentiles of the whole window, and of each hour of the day for the hours that are lowest and highest. */
async function loadSpreads(
  db: Queryable,
  ids: readonly number[],
  { policy, timeZone }: Limits,
): Promise<Map<number, Spread>> {
  type Band = [number, number] | null;
  const rows = await db.query<{ id: number; hour: number | null; hours: number; A: Band; B: Band; C: Band }>(
    `select x.id, x.hour, count(distinct date_trunc('hour', x.ts))::integer as hours,
            ${percentiles('A', 'x.ua')}, ${percentiles('B', 'x.ub')}, ${percentiles('C', 'x.uc')}
     from (select w.id, extract(hour from r.ts at time zone $4)::integer as hour, r.ts, r.ua, r.ub, r.uc ${WINDOW}) x
     group by grouping sets ((x.id), (x.id, x.hour)) order by x.id, x.hour`,
    [ids, policy.advice.windowDays * DAY_MS, deadV(policy), timeZone],
  );
  const spreads = new Map<number, Spread>();
  for (const id of ids) {
    const mine = rows.filter((row) => row.id === id);
    const whole = mine.find((row) => row.hour === null);
    if (whole === undefined) continue;
    const perHour = mine.flatMap(({ hour, A, B, C }) => {
      const bands = [A, B, C].filter((band) => band !== null);
      if (hour === null || bands.length === 0) return [];
      return [{ hour, low: Math.min(...bands.map(([p05]) => p05)), high: Math.max(...bands.map(([, p95]) => p95)) }];
    });
    const range = (band: Band) => (band === null ? null : { p05: band[0], p95: band[1] });
    spreads.set(id, {
      hours: whole.hours,
      percentiles: { A: range(whole.A), B: range(whole.B), C: range(whole.C) },
      lowestHour: perHour.toSorted((a, b) => a.low - b.low)[0]?.hour ?? null,
      highestHour: perHour.toSorted((a, b) => b.high - a.high)[0]?.hour ?? null,
    });
  }
  return spreads;
}

const deadV = ({ supply }: Limits['policy']): number => supply.nominalV * supply.deadBelowShare;

const PHASE_COLUMNS = { A: ['ua', 'ia'], B: ['ub', 'ib'], C: ['uc', 'ic'] } as const;
/** Limits of voltage compare in the column's own precision; $3 dead, $4 low, $5 high. */
const isLow = (u: string): string => `coalesce(r.${u} >= $3 and r.${u} < $4::real, false)`;
const isHigh = (u: string): string => `coalesce(r.${u} > $5::real, false)`;
const anyLow = `(${isLow('ua')} or ${isLow('ub')} or ${isLow('uc')})`;
const anyHigh = `(${isHigh('ua')} or ${isHigh('ub')} or ${isHigh('uc')})`;

const phaseJson = Object.entries(PHASE_COLUMNS)
  .map(
    ([phase, [u, i]]) =>
      `'${phase}', jsonb_build_object('lowShare', avg(${isLow(u)}::integer), 'highShare', avg(${isHigh(u)}::integer),
         'meanV', avg(r.${u}), 'meanA', avg(r.${i}))`,
  )
  .join(', ');

/** Readings since the warning became true in which a phase was wrong in the warning's sense. */
async function loadAbnormal(
  db: Queryable,
  ids: readonly number[],
  { policy }: Limits,
): Promise<Map<number, NonNullable<Picture['abnormal']>>> {
  const rows = await db.query<{ id: number; readings: number; lowAndHighShare: number; phases: PhasesNow }>(
    `select w.id, count(*)::integer as readings, avg((${anyLow} and ${anyHigh})::integer)::float8 as "lowAndHighShare",
            jsonb_build_object(${phaseJson}) as phases
     ${WINDOW} and r.ts >= ${since('$2')} and case w.kind when 'high_voltage' then ${anyHigh} else ${anyLow} end
     group by w.id`,
    [ids, policy.advice.windowDays * DAY_MS, deadV(policy), policy.voltage.lowV, policy.voltage.highV],
  );
  return new Map(rows.map(({ id, ...abnormal }) => [id, abnormal]));
}

type PhasesNow = ByPhase<{ lowShare: number; highShare: number; meanV: number | null; meanA: number | null }>;

/** The highest mean apparent power of two clock hours that follow each other, in kVA; from power where it is measured, else from currents. */
async function loadPeaks(db: Queryable, ids: readonly number[], { policy }: Limits): Promise<Map<number, number>> {
  const rows = await db.query<{ id: number; kva: number }>(
    `select id, max(kva) as kva
     from (select id, (kva + lead(kva) over next) / 2 as kva, hour, lead(hour) over next as following
           from (select w.id, date_trunc('hour', r.ts) as hour,
                        avg(coalesce(sqrt(r.p * r.p + r.q * r.q), (r.ua * r.ia + r.ub * r.ib + r.uc * r.ic) / 1000))::float8 as kva
                 ${WINDOW} group by w.id, 2) hourly
           window next as (partition by id order by hour)) pairs
     where following = hour + interval '1 hour' and kva is not null group by id`,
    [ids, policy.advice.windowDays * DAY_MS],
  );
  return new Map(rows.map(({ id, kva }) => [id, kva]));
}
