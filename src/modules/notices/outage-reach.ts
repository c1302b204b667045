import { DAY_MS } from '../../domain/instants.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { lineageOf } from './outage-lineage.js';

/** News older than this is not taken up again by a later loss on the same transformer. */
const REMEMBERED_MS = 7 * DAY_MS;

/**
 * What one trouble reaches: outages that are one to a customer, and their transformers. A customer who still believes that supply is
 * out there (told of an earlier loss whose end was noticed only together with the next one) is not told again, only of the end.
 */
export interface Reach {
  lineage: readonly number[];
  transformers: readonly number[];
  /** Notices about these transformers count from here on. */
  since: number;
}

// Only `not in` over an uncorrelated query is sure to be hashed. A join is planned by statistics, and those do not know yet of a
// hundred thousand notices that were queued a moment ago: it was measured at minutes instead of a second.

/** Of notices `told`: the customer was not told "restored" after it, nor will be. */
const STILL_OUT = `not exists (
  select 1 from notice later where later.customer_id = told.customer_id and later.kind = 'restored' and later.id > told.id
   and (later.state <> 'cancelled' or later.maybe_told))`;

/**
 * Customers of an outage (its open transformers, as the network was when each went dark) who were not yet told `kinds`: neither under
 * its lineage, nor of a loss on the same transformer of which they were not told the end. Who is cut off has no supply to lose.
 * Parameters from the first one on: outage, longest start, kinds, lineage, transformers, since.
 */
export const untold = (at0: number): string => `
  select hit.customer_id, hit.transformer_id, $1::text || ':outage:' || $${at0}::bigint || ':' || hit.customer_id as once_key, 0 as variant
  from (
    select distinct on (hung.customer_id) hung.customer_id, out.transformer_id
    from outage_transformer out
    join customer_transformer hung on hung.transformer_id = out.transformer_id
     and hung.valid_from <= out.started_at and (hung.valid_to is null or hung.valid_to > out.started_at)
    where out.outage_id = $${at0}::bigint and out.ended_at is null and out.started_at <= $${at0 + 1}::timestamptz
    order by hung.customer_id, out.started_at
  ) hit
  where hit.customer_id not in (
    select customer_id from disconnection where disconnected_at is not null and reconnected_at is null)
  and hit.customer_id not in (
    select told.customer_id from notice told
    where told.event_type = 'outage' and told.kind = any($${at0 + 2}::text[]) and (told.state <> 'cancelled' or told.maybe_told)
      and (told.event_id = any($${at0 + 3}::bigint[])
           or (told.transformer_id = any($${at0 + 4}::int[]) and told.queued_at >= $${at0 + 5}::timestamptz and ${STILL_OUT})))`;

/** Of notices `told`: their transformer is in no outage any more, so that supply there was measured or confirmed. */
export const BACK = `not exists (
  select 1 from outage_transformer open where open.transformer_id = told.transformer_id and open.ended_at is null)`;

/**
 * Customers who were told "out", or may have been, whose supply is back and who were not told that yet; with the minute in which it
 * came back. Late data may have taken the loss out of the record altogether: then it is back now.
 * Parameters from `at0` on: kinds, lineage, transformers, since; and the parameter that holds the present time.
 */
export const toRestore = (at0: number, now: number): string => `
  select distinct on (told.customer_id) told.customer_id, told.transformer_id, told.id as notice_id,
         date_trunc('minute', coalesce((
           select max(out.ended_at) from outage_transformer out
           where out.transformer_id = told.transformer_id and out.ended_at >= $${at0 + 3}::timestamptz), $${now}::timestamptz)) as ended_at
  from notice told
  where told.event_type = 'outage' and told.kind = any($${at0}::text[])
    and (told.maybe_told or told.state in ('sending', 'accepted', 'delivered', 'unknown'))
    and (told.event_id = any($${at0 + 1}::bigint[])
         or (told.transformer_id = any($${at0 + 2}::int[]) and told.queued_at >= $${at0 + 3}::timestamptz))
    and ${BACK} and ${STILL_OUT}
  order by told.customer_id, told.id`;

/** As `untold` and `toRestore` want them. */
export const parametersOf = ({ lineage, transformers, since }: Reach): unknown[] => [lineage, transformers, at(since)];

export async function reachOf(tx: Tx, outageId: number): Promise<Reach> {
  const lineage = await lineageOf(tx, outageId);
  const [row] = await tx.query<{ transformers: number[] | null; since: number | null }>(
    `select array_agg(distinct transformer_id) as transformers, min(started_at) as since
     from outage_transformer where outage_id = any($1::bigint[])`,
    [lineage],
  );
  return { lineage, transformers: row?.transformers ?? [], since: (row?.since ?? tx.now) - REMEMBERED_MS };
}
