import { DAY_MS } from '../../domain/instants.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { lineagesOf } from './outage-lineage.js';

/** News older than this is not taken up again by a later loss on the same transformer. */
const REMEMBERED_MS = 7 * DAY_MS;

/**
 * What each trouble reaches: outages that are one to a customer, and their transformers. A customer who still believes that supply is
 * out there (told of an earlier loss whose end was noticed only together with the next one) is not told again, only of the end.
 */
export interface Reach {
  /** Outage -> its trouble, named by the eldest outage of it. */
  troubleOf: ReadonlyMap<number, number>;
  outages: readonly { trouble: number; outageId: number; since: number }[];
  /** Notices about these transformers count from `since` on. */
  transformers: readonly { trouble: number; transformerId: number; since: number }[];
}

/** Of notices `told`: the customer was not told "restored" after it, nor will be. */
const STILL_OUT = `not exists (
  select 1 from notice later where later.customer_id = told.customer_id and later.kind = 'restored' and later.id > told.id
   and (later.state <> 'cancelled' or later.maybe_told))`;

/** Of notices `told`: their transformer is in no outage any more, so that supply there was measured or confirmed. */
export const BACK = `not exists (
  select 1 from outage_transformer open where open.transformer_id = told.transformer_id and open.ended_at is null)`;

/** How many parameters `parametersOf` gives. */
const REACH_PARAMETERS = 6;

/**
 * Notices of each trouble, with its number; some twice; none whose end the customer was told since. The condition is on `told`.
 * Parameters as `parametersOf` gives them.
 */
const ofTrouble = (at0: number, condition: string): string => `
    select reach.trouble, reach.since, told.id, told.customer_id, told.transformer_id
    from unnest($${at0}::bigint[], $${at0 + 1}::bigint[], $${at0 + 2}::timestamptz[]) as reach(trouble, outage_id, since)
    join notice told on told.event_type = 'outage' and told.event_id = reach.outage_id and ${condition} and ${STILL_OUT}
    union all
    select reach.trouble, reach.since, told.id, told.customer_id, told.transformer_id
    from unnest($${at0 + 3}::bigint[], $${at0 + 4}::int[], $${at0 + 5}::timestamptz[]) as reach(trouble, transformer_id, since)
    join notice told on told.event_type = 'outage' and told.transformer_id = reach.transformer_id and told.queued_at >= reach.since
     and ${condition} and ${STILL_OUT}`;

/** The number of the first parameter after those of the reach. */
export const afterReach = (at0: number): number => at0 + REACH_PARAMETERS;

/**
 * Customers of outages (their open transformers, as the network was when each went dark) who were not yet told `kinds`: neither under
 * the same trouble, nor of a loss on the same transformer, or were told the end since and are out again: the key of what they are told
 * then names that last word. Who is cut off has no supply to lose.
 * Who is out and who was told are counted together, which takes one sort whatever the statistics say: as a join it was planned by
 * statistics that do not know yet of a hundred thousand notices queued a moment ago, and took minutes instead of a second.
 * Own parameters after those of the reach: outages, their troubles, longest starts, variants; kinds.
 */
export function untold(at0: number): string {
  const own = afterReach(at0);
  return `
  select max(event_id) as event_id, customer_id, max(transformer_id) as transformer_id,
         $1::text || ':outage:' || max(event_id) || ':' || customer_id || coalesce(':' || (
           select max(word.id) from notice word where word.customer_id = counted.customer_id and word.kind = 'restored'
            and (word.state <> 'cancelled' or word.maybe_told)), '') as once_key, max(variant) as variant
  from (
    (select distinct on (asked.trouble, hung.customer_id) asked.trouble, asked.outage_id as event_id, asked.variant, hung.customer_id, out.transformer_id
     from unnest($${own}::bigint[], $${own + 1}::bigint[], $${own + 2}::timestamptz[], $${own + 3}::int[]) as asked(outage_id, trouble, longest, variant)
     join outage_transformer out on out.outage_id = asked.outage_id and out.ended_at is null and out.started_at <= asked.longest
     join customer_transformer hung on hung.transformer_id = out.transformer_id
      and hung.valid_from <= out.started_at and (hung.valid_to is null or hung.valid_to > out.started_at)
     order by asked.trouble, hung.customer_id, out.started_at)
    union all
    select trouble, null, null, customer_id, null from (
      ${ofTrouble(at0, `told.kind = any($${own + 4}::text[]) and (told.state <> 'cancelled' or told.maybe_told)`)}
    ) told
  ) counted
  where customer_id not in (
    select customer_id from disconnection where disconnected_at is not null and reconnected_at is null)
  group by trouble, customer_id having bool_and(event_id is not null)
  order by trouble, customer_id`;
}

/**
 * Customers who were told one of the kinds, or may have been, whose supply is back and who were not told that yet; with the minute in
 * which it came back. Late data may have taken the loss out of the record altogether: then it is back now.
 * @param kinds number of the parameter that holds the kinds
 * @param now number of the parameter that holds the present time
 */
export const toRestore = (at0: number, kinds: number, now: number): string => `
  select distinct on (told.customer_id) told.trouble, told.customer_id, told.transformer_id, told.id as notice_id,
         date_trunc('minute', coalesce((
           select max(out.ended_at) from outage_transformer out
           where out.transformer_id = told.transformer_id and out.ended_at >= told.since), $${now}::timestamptz)) as ended_at
  from (${ofTrouble(at0, `told.kind = any($${kinds}::text[]) and (told.maybe_told or told.state in ('sending', 'accepted', 'delivered', 'unknown'))`)}) told
  where ${BACK} and ${STILL_OUT}
  order by told.customer_id, told.id, told.trouble`;

/** As `untold` and `toRestore` want them. */
export const parametersOf = ({ outages, transformers }: Reach): unknown[] => [
  outages.map(({ trouble }) => trouble),
  outages.map(({ outageId }) => outageId),
  outages.map(({ since }) => at(since)),
  transformers.map(({ trouble }) => trouble),
  transformers.map(({ transformerId }) => transformerId),
  transformers.map(({ since }) => at(since)),
];

export async function reachOf(tx: Tx, outageIds: readonly number[]): Promise<Reach> {
  const lineages = await lineagesOf(tx, outageIds);
  const troubleOf = new Map([...lineages].map(([outageId, lineage]) => [outageId, lineage[0] ?? outageId]));
  const members = new Map([...lineages.values()].map((lineage) => [lineage[0] ?? 0, lineage]));
  const pairs = [...members].flatMap(([trouble, lineage]) => lineage.map((outageId) => ({ trouble, outageId })));
  const rows = await tx.query<{ trouble: number; transformers: number[]; startedAt: number }>(
    `select l.trouble, array_agg(distinct ot.transformer_id) as transformers, min(ot.started_at) as "startedAt"
     from unnest($1::bigint[], $2::bigint[]) as l(trouble, outage_id)
     join outage_transformer ot on ot.outage_id = l.outage_id group by l.trouble`,
    [pairs.map(({ trouble }) => trouble), pairs.map(({ outageId }) => outageId)],
  );
  const since = new Map(rows.map(({ trouble, startedAt }) => [trouble, startedAt - REMEMBERED_MS]));
  return {
    troubleOf,
    outages: pairs.map((pair) => ({ ...pair, since: since.get(pair.trouble) ?? tx.now - REMEMBERED_MS })),
    transformers: rows.flatMap(({ trouble, transformers }) =>
      transformers.map((transformerId) => ({ trouble, transformerId, since: since.get(trouble) ?? tx.now })),
    ),
  };
}
