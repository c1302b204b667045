import { Injectable } from '@nestjs/common';
import { HOUR_MS } from '../../domain/instants.js';
import { OUT_KINDS } from '../../domain/notices/notice-kinds.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import type { NoticeText } from './notice-texts.js';
import { FIRST_PARAMETER, oneVariant, queueNotices } from './queue-notices.js';
import { lineageOf } from './outage-lineage.js';

interface OutageRow {
  id: number;
  state: string;
  nature: string;
  cause: string;
  momentary: boolean;
  mergedIntoId: number | null;
  place: string;
  startedAt: number;
  estimatedRestorationAt: number | null;
}

/** What one trouble reaches: outages that are one to a customer, and the transformers that were in them since it began. */
interface Reach {
  lineage: readonly number[];
  transformers: readonly number[];
  since: number;
}

// Only `not in` over an uncorrelated query is sure to be hashed. A join is planned by statistics, and those do not know yet of a
// hundred thousand notices that were queued a moment ago: it was measured at minutes instead of a second.

/** The customer of a notice was not told "restored" after it. */
const stillOut = (alias: string): string => `not exists (
  select 1 from notice later where later.customer_id = ${alias}.customer_id and later.kind = 'restored' and later.id > ${alias}.id)`;

/**
 * Customers of an outage (its open transformers, as the network was when each went dark) who were not yet told `kinds`: neither under
 * its lineage, nor of a loss on the same transformer that the rules have grouped anew since.
 * Parameters from the first one on: outage, longest start, kinds, lineage, transformers, since.
 */
const UNTOLD = ((at0: number): string => `
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
    select told.customer_id from notice told
    where told.event_type = 'outage' and told.kind = any($${at0 + 2}::text[]) and (told.state <> 'cancelled' or told.maybe_told)
      and (told.event_id = any($${at0 + 3}::bigint[])
           or (told.transformer_id = any($${at0 + 4}::int[]) and told.queued_at >= $${at0 + 5}::timestamptz and ${stillOut('told')})))`)(
  FIRST_PARAMETER,
);

/** Of notices `told`: their transformer is in no outage any more, so that supply there was measured or confirmed. */
const BACK = `not exists (
  select 1 from outage_transformer open where open.transformer_id = told.transformer_id and open.ended_at is null)`;

/**
 * Customers who were told "out", or may have been, whose supply is back and who were not told that yet; with the minute in which it
 * came back. Late data may have taken the loss out of the record altogether: then it is back now.
 * Parameters from `at0` on: kinds, lineage, transformers, since; and the parameter that holds the present time.
 */
const TO_RESTORE = (at0: number, now: number): string => `
  select distinct on (told.customer_id) told.customer_id, told.transformer_id, told.id as notice_id,
         date_trunc('minute', coalesce((
           select max(out.ended_at) from outage_transformer out
           where out.transformer_id = told.transformer_id and out.ended_at >= $${at0 + 3}::timestamptz), $${now}::timestamptz)) as ended_at
  from notice told
  where told.event_type = 'outage' and told.kind = any($${at0}::text[])
    and (told.maybe_told or told.state in ('sending', 'accepted', 'delivered', 'unknown'))
    and (told.event_id = any($${at0 + 1}::bigint[])
         or (told.transformer_id = any($${at0 + 2}::int[]) and told.queued_at >= $${at0 + 3}::timestamptz))
    and ${BACK} and ${stillOut('told')}
  order by told.customer_id, told.id`;

/** What customers are told of an outage. Each call compares what is with what was told, so it may be repeated at will. */
@Injectable()
export class OutageNotices {
  constructor(
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  /** @param overLong a stage of the ladder at or beyond the long-outage limit has fired */
  async tell(tx: Tx, outageId: number, overLong: boolean): Promise<void> {
    const outage = await readOutage(tx, outageId);
    if (outage === null) return;
    if (outage.mergedIntoId !== null) {
      await this.tell(tx, outage.mergedIntoId, overLong);
      return;
    }
    const reach = await reachOf(tx, outageId);
    if (outage.state === 'discarded')
      await tx.query(
        `update notice set state = 'cancelled', settled_at = $3, last_error = 'the outage was discarded before this was sent'
         where event_type = 'outage' and event_id = $1 and kind = any($2::text[]) and state = 'queued'`,
        [outageId, OUT_KINDS, at(tx.now)],
      );
    // Late news: what is restored or closed already is not announced as out any more.
    if (outage.state === 'confirmed' && !outage.momentary) {
      if (overLong) await this.tellOver(tx, outage, reach);
      // A planned window was announced before it began.
      if (outage.nature === 'fault') await this.tellFault(tx, outage, reach);
    }
    await this.tellRestored(tx, outage, reach);
  }

  private async tellFault(tx: Tx, outage: OutageRow, reach: Reach): Promise<void> {
    const facts = { ...outage, ...upcoming(outage, tx.now) };
    await this.tellOut(tx, 'fault', outage, this.texts.inEveryLanguage('fault', facts), [
      at(tx.now),
      OUT_KINDS,
      ...parametersOf(reach),
    ]);
  }

  private async tellOver(tx: Tx, outage: OutageRow, reach: Reach): Promise<void> {
    const { longHours } = this.active.policy.outage;
    const { place, nature } = outage;
    const facts = { ...upcoming(outage, tx.now), place, hours: longHours, isFault: nature === 'fault' };
    // Transformers that joined later pass the limit later: a higher stage of the ladder finds them.
    await this.tellOut(tx, 'over_8h', outage, this.texts.inEveryLanguage('over_8h', facts), [
      at(tx.now - longHours * HOUR_MS),
      ['over_8h'],
      ...parametersOf(reach),
    ]);
  }

  private async tellOut(
    tx: Tx,
    kind: 'fault' | 'over_8h',
    outage: OutageRow,
    texts: readonly NoticeText[],
    values: readonly unknown[],
  ): Promise<void> {
    await queueNotices(tx, {
      kind,
      eventType: 'outage',
      eventId: outage.id,
      texts: oneVariant(texts),
      sendAt: tx.now,
      expiresAt: null,
      recipients: { sql: UNTOLD, values: [outage.id, ...values] },
    });
  }

  /** Whoever was told "out", or may have been, and has supply again is told so once; what was not yet sent is not sent any more. */
  private async tellRestored(tx: Tx, outage: OutageRow, reach: Reach): Promise<void> {
    const { lineage, transformers } = reach;
    const outNotices = `event_type = 'outage' and kind = any($1::text[]) and (event_id = any($2::bigint[]) or transformer_id = any($3::int[]))`;
    // Rows in a sender's hands count as told. The lock keeps the sender from writing down a failure until this is committed;
    // then it sees "restored" and does not try again (outbox.ts).
    await tx.query(`select id from notice where ${outNotices} and state = 'sending' order by id for update`, [
      OUT_KINDS,
      lineage,
      transformers,
    ]);
    await tx.query(
      `update notice told set state = 'cancelled', settled_at = $4, last_error = 'supply was back before this was sent'
       where ${outNotices} and state = 'queued' and ${BACK}`,
      [OUT_KINDS, lineage, transformers, at(tx.now)],
    );
    const values = [OUT_KINDS, ...parametersOf(reach)];
    const minutes = await tx.query<{ endedAt: number }>(
      `select distinct ended_at as "endedAt" from (${TO_RESTORE(1, 5)}) back order by 1`,
      [...values, at(tx.now)],
    );
    if (minutes.length === 0) return;
    await queueNotices(tx, {
      kind: 'restored',
      eventType: 'outage',
      eventId: outage.id,
      texts: minutes.flatMap(({ endedAt }, variant) =>
        this.texts
          .inEveryLanguage('restored', { place: outage.place, restoredAt: endedAt })
          .map((text) => ({ ...text, variant })),
      ),
      sendAt: tx.now,
      expiresAt: null,
      recipients: {
        sql: `select back.customer_id, back.transformer_id, 'restored:notice:' || back.notice_id as once_key,
                (minute.position - 1)::int as variant
              from (${TO_RESTORE(FIRST_PARAMETER, 4)}) back
              join unnest($${FIRST_PARAMETER + 4}::timestamptz[]) with ordinality as minute(ended_at, position)
                on minute.ended_at = back.ended_at`,
        values: [...values, minutes.map(({ endedAt }) => at(endedAt))],
      },
    });
  }
}

const parametersOf = ({ lineage, transformers, since }: Reach): unknown[] => [lineage, transformers, at(since)];

async function reachOf(tx: Tx, outageId: number): Promise<Reach> {
  const lineage = await lineageOf(tx, outageId);
  const [row] = await tx.query<{ transformers: number[] | null; since: number | null }>(
    `select array_agg(distinct transformer_id) as transformers, min(started_at) as since
     from outage_transformer where outage_id = any($1::bigint[])`,
    [lineage],
  );
  return { lineage, transformers: row?.transformers ?? [], since: row?.since ?? tx.now };
}

/** An estimate that has passed says nothing any more. */
const upcoming = (outage: OutageRow, now: number): { estimatedRestorationAt: number | null } => ({
  estimatedRestorationAt:
    outage.estimatedRestorationAt !== null && outage.estimatedRestorationAt > now
      ? outage.estimatedRestorationAt
      : null,
});

async function readOutage(tx: Tx, id: number): Promise<OutageRow | null> {
  const [row] = await tx.query<OutageRow>(
    `select outage.id, outage.state, outage.nature, outage.cause, outage.momentary,
            outage.merged_into_id as "mergedIntoId", outage.started_at as "startedAt",
            outage.estimated_restoration_at as "estimatedRestorationAt", coalesce(nullif(asset.name, ''), asset.code) as place
     from outage join asset on asset.id = outage.root_asset_id where outage.id = $1`,
    [id],
  );
  return row ?? null;
}
