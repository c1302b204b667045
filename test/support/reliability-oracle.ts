import fc from 'fast-check';
import { MINUTE_MS } from '../../src/domain/instants.js';

export const NOW = Date.parse('2026-07-15T10:00:00+08:00');
const BEGIN = NOW - 3 * 24 * 60 * MINUTE_MS;
export const CUSTOMERS = 6;
const NATURES = ['fault', 'planned', 'temporary', 'rationing'] as const;

export interface Interval {
  from: number;
  to: number | null;
  nature: (typeof NATURES)[number];
}
/** Losses, silences, moves and the edges of periods lie on one grid, so that they often touch. */
const GRID_MS = 30 * MINUTE_MS;
const STEPS = 3 * 48;
/** Intervals over some three days that neither overlap nor touch; the last may go on. */
const intervals: fc.Arbitrary<Interval[]> = fc
  .tuple(
    fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 16 }),
        minutes: fc.oneof(
          fc.integer({ min: 1, max: 6 }),
          fc.integer({ min: 1, max: 30 }).map((steps) => steps * 30),
        ),
        nature: fc.constantFrom(...NATURES),
      }),
      { maxLength: 6 },
    ),
    fc.boolean(),
  )
  .map(([parts, goesOn]) => {
    let moment = BEGIN;
    const list = parts.map(({ gap, minutes, nature }) => {
      const from = BEGIN + Math.ceil((moment - BEGIN) / GRID_MS) * GRID_MS + gap * GRID_MS;
      moment = from + minutes * MINUTE_MS;
      return { from, to: moment, nature };
    });
    const within: Interval[] = list.filter(({ to }) => to < NOW);
    return within.map((one, index) => (goesOn && index === within.length - 1 ? { ...one, to: null } : one));
  });
const minute = fc.integer({ min: 0, max: STEPS }).map((step) => BEGIN + step * GRID_MS);
export const LONG_AGO = BEGIN - 30 * 24 * 60 * MINUTE_MS;
/** The first word of its terminal; 'never' = there is a terminal, 'no terminal' = there never was one. */
const firstWord = fc.oneof(fc.constantFrom(LONG_AGO, 'never' as const, 'no terminal' as const), minute);
export const history = fc.record({
  heard: fc.tuple(firstWord, firstWord, firstWord),
  lost: fc.tuple(intervals, intervals, intervals),
  silent: fc.tuple(intervals, intervals, intervals),
  customers: fc.array(
    fc.record({
      homes: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
      moves: fc.uniqueArray(minute, { maxLength: 3 }).map((instants) => instants.toSorted((a, b) => a - b)),
    }),
    { minLength: CUSTOMERS, maxLength: CUSTOMERS },
  ),
  period: fc.tuple(minute, minute).filter(([a, b]) => a !== b),
  sustained: fc.constantFrom(3, 5),
  more: fc.nat(3),
  nature: fc.constantFrom(null, 'fault' as const, 'planned' as const),
});

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;
export const HEARD_LONG_AGO: History['heard'] = [LONG_AGO, LONG_AGO, LONG_AGO];

export type Stored = Pick<History, 'heard' | 'lost' | 'silent' | 'customers'>;

/**
 * Written without looking at the domain: ranges and multiranges instead of loops, customer by customer. One row per transformer, one for all.
 * A loss that a customer comes into or leaves by a move is cut there; one that ends for it by a move onto another goes on with that.
 */
export const ORACLE = `
  with span as (select tstzrange($1, $2) as period),
  stay as (select customer_id, transformer_id, tstzrange(valid_from, valid_to) as there from customer_transformer),
  silence as (
    select transformer_id, tstzrange(started_at, coalesce(ended_at, $3)) as during from supply_interval where state = 'unknown' and withdrawn_at is null
    union all
    select m.transformer_id, tstzrange('2000-01-01', $3) from terminal m where m.transformer_id not in (select s.transformer_id from transformer_state s)
    union all
    select s.transformer_id, tstzrange('2000-01-01', s.known_since) from transformer_state s),
  piece as (
    select customer_id, there, o.nature, there * tstzrange(ot.started_at, coalesce(ot.ended_at, $3)) as during
    from stay join outage_transformer ot using (transformer_id) join outage o on o.id = ot.outage_id
    where o.state <> 'discarded' and there && tstzrange(ot.started_at, coalesce(ot.ended_at, $3))),
  linked as (
    select *, coalesce(lag(there) over one <> there and lag(during) over one -|- during, false) as goes_on
    from piece window one as (partition by customer_id order by during)),
  numbered as (select *, count(*) filter (where not goes_on) over (partition by customer_id order by during) as nth from linked),
  loss as (
    select customer_id, range_merge(range_agg(during)) as during,
      $6::text is null or (array_agg(nature order by during))[1] = $6 as counts
    from numbered group by customer_id, nth),
  unknown as (
    select c.id as customer_id, unnest(
      coalesce((select range_agg(there * during) from stay join silence using (transformer_id) where customer_id = c.id), '{}') -
      coalesce((select range_agg(during) from loss l where l.customer_id = c.id), '{}')) as during
    from customer c),
  dark as (
    select customer_id, unnest(range_agg(during)) as during
    from (select customer_id, during from loss where counts union all table unknown) either group by 1),
  event as (select 'known' as world, customer_id, during from loss where counts
    union all select 'unknown', * from unknown
    union all select 'dark', * from dark),
  home as (
    select customer_id, a.code from customer_transformer h join asset a on a.id = h.transformer_id
    where h.valid_from < $2 and (h.valid_to is null or h.valid_to >= $2)),
  felt as (
    select customer_id, world,
      world = 'unknown' or upper(during) - lower(during) > make_interval(mins => $4) as sustained,
      upper(during) - lower(during) >= interval '8 hours' as long,
      lower(during) <@ (select period from span) as began,
      extract(epoch from upper(during * (select period from span)) - lower(during * (select period from span))) / 60 as minutes
    from event),
  each_customer as (
    select c.code, c.customer_id, w.world,
      coalesce(sum(f.minutes) filter (where f.sustained), 0) as minutes,
      count(*) filter (where f.began and f.sustained) as sustained,
      count(*) filter (where f.began and not f.sustained) as momentary,
      coalesce(bool_or(f.began and f.sustained and f.long), false) as long
    from home c cross join (values ('known'), ('unknown'), ('dark')) as w(world)
    left join felt f on f.customer_id = c.customer_id and f.world = w.world group by 1, 2, 3)
  select coalesce(code, 'total') as key, world, count(*) as served, avg(minutes) as saidi, avg(sustained) as saifi, avg(momentary) as maifi,
    avg((sustained > $5)::int) as cemi, avg(long::int) as celid
  from each_customer group by grouping sets ((code, world), (world))`;
