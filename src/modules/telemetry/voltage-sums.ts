/**
 * SQL that both the voltage report and the worker of its daily sums use. All sums are whole milliseconds in double precision, which adds
 * them exactly (below 2^53: a phase of 285,000 transformers for a year), so a report is the same number whatever its parts were summed from.
 */

/** Of a transformer whose terminal was taken away: what terminals are registered with when nothing else is said. */
export const USUAL_INTERVAL_SECONDS = 60;

const PHASES = ['a', 'b', 'c'] as const;
const SUMS = ['monitored', 'over', 'under'] as const;
export type PhaseSum = `${(typeof PHASES)[number]}_${(typeof SUMS)[number]}`;
/** The columns of `voltage_day`. */
export const PHASE_SUMS = PHASES.flatMap((phase) => SUMS.map((sum): PhaseSum => `${phase}_${sum}`));

/** How long before a day a reading can stand into it, and how long after it one can end what stands, by a row with seconds and silence. */
export const reachOf = (alias: string): string => `make_interval(secs => ${alias}.seconds::float8 * ${alias}.silence)`;

/**
 * The sums of the rows of a preceding CTE `piece (key, position, id, since, until, seconds, silence, lowest, low, high, highest)` straight
 * from the readings, by key and position; those without readings are missing. `id` is a transformer, the instants `from` and `to` (SQL)
 * lie outside all pieces and what they reach.
 *
 * A reading stands until the next one, or, when that is further away than the silence limit, for one reporting interval. It is cut at the
 * edges of the piece. Voltages are compared in single precision, as the column holds them.
 */
export const sumsOfPieces = (from: string, to: string): string => `
  select key, position, ${PHASES.map(
    (phase) => `
    coalesce(sum(ms) filter (where u${phase} between lowest and highest), 0) as ${phase}_monitored,
    coalesce(sum(ms) filter (where u${phase} > high and u${phase} <= highest), 0) as ${phase}_over,
    coalesce(sum(ms) filter (where u${phase} < low and u${phase} >= lowest), 0) as ${phase}_under`,
  ).join(',')}
  from (
    select p.*, r.*,
      round(1000 * date_part('epoch', least(p.until,
        case when r.next - r.ts <= ${reachOf('p')} then r.next else r.ts + make_interval(secs => p.seconds) end)
        - greatest(p.since, r.ts))) as ms
    from piece p
    cross join lateral (
      -- The window keeps this a look along the key for each piece, in its order: nothing is sorted and no other reading touched.
      select ts, ua, ub, uc, lead(ts) over (order by ts) as next from reading
      where transformer_id = p.id and ts > p.since - ${reachOf('p')} and ts < p.until + ${reachOf('p')} and ts > ${from} and ts < ${to}
    ) r
    where r.ts < p.until) standing
  where ms > 0
  group by key, position`;
