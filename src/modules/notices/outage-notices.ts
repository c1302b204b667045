import { Injectable } from '@nestjs/common';
import { HOUR_MS } from '../../domain/instants.js';
import type { NoticeKind } from '../../domain/notices/notice-kinds.js';
import { OUT_KINDS } from '../../domain/notices/notice-kinds.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
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

const [A, B, C, D] = [FIRST_PARAMETER, FIRST_PARAMETER + 1, FIRST_PARAMETER + 2, FIRST_PARAMETER + 3] as const;

/**
 * Customers of an outage (its open transformers, as the network was when each went dark) who were not yet told `kinds`:
 * neither under this outage's lineage nor since their own supply went. Parameters: outage, lineage, kinds, longest start.
 */
const UNTOLD = `
  select hit.customer_id, hit.transformer_id, $1::text || ':outage:' || $${A}::bigint || ':' || hit.customer_id as once_key, 0 as variant
  from (
    select distinct on (hung.customer_id) hung.customer_id, out.transformer_id, out.started_at
    from outage_transformer out
    join customer_transformer hung on hung.transformer_id = out.transformer_id
     and hung.valid_from <= out.started_at and (hung.valid_to is null or hung.valid_to > out.started_at)
    where out.outage_id = $${A}::bigint and out.ended_at is null and out.started_at <= $${D}::timestamptz
    order by hung.customer_id, out.started_at
  ) hit
  where not exists (
    select 1 from notice told
    where told.customer_id = hit.customer_id and told.event_type = 'outage' and told.kind = any($${C}::text[])
      and (told.state <> 'cancelled' or told.maybe_told)
      and (told.event_id = any($${B}::bigint[]) or told.queued_at >= hit.started_at)
  )`;

/** Of notices `told`: their transformer is in no outage any more, so that supply there was measured or confirmed. */
const BACK = `not exists (
  select 1 from outage_transformer open where open.transformer_id = told.transformer_id and open.ended_at is null)`;

/**
 * Customers who were told "out" under a lineage, or may have been, whose supply is back and who were not told that yet; with the
 * minute in which it came back. Late data may have taken the loss out of the record altogether: then it is back now.
 * Parameters: lineage, kinds, now.
 */
const TO_RESTORE = (lineage: number, kinds: number, now: number): string => `
  select distinct on (told.customer_id) told.customer_id, told.transformer_id, told.id as notice_id,
         date_trunc('minute', coalesce((
           select max(out.ended_at) from outage_transformer out
           where out.transformer_id = told.transformer_id and out.outage_id = any($${lineage}::bigint[])), $${now}::timestamptz)) as ended_at
  from notice told
  where told.event_type = 'outage' and told.event_id = any($${lineage}::bigint[]) and told.kind = any($${kinds}::text[])
    and (told.maybe_told or told.state in ('sending', 'accepted', 'delivered', 'unknown'))
    and ${BACK}
    and not exists (
      select 1 from notice later where later.customer_id = told.customer_id and later.kind = 'restored' and later.id > told.id)
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
    const lineage = await lineageOf(tx, outageId);
    if (outage.state === 'discarded')
      await cancelUnsent(tx, [outageId], 'true', 'the outage was discarded before this was sent');
    // Late news: what is restored or closed already is not announced as out any more.
    if (outage.state === 'confirmed' && !outage.momentary) {
      if (overLong) await this.tellOver(tx, outage, lineage);
      // A planned window was announced before it began.
      if (outage.nature === 'fault') await this.tellFault(tx, outage, lineage);
    }
    await this.tellRestored(tx, outage, lineage);
  }

  private async tellFault(tx: Tx, outage: OutageRow, lineage: readonly number[]): Promise<void> {
    await queueNotices(tx, {
      kind: 'fault',
      eventType: 'outage',
      eventId: outage.id,
      texts: oneVariant(this.texts.inEveryLanguage('fault', { ...outage, ...upcoming(outage, tx.now) })),
      sendAt: tx.now,
      expiresAt: null,
      recipients: { sql: UNTOLD, values: [outage.id, lineage, OUT_KINDS, at(tx.now)] },
    });
  }

  private async tellOver(tx: Tx, outage: OutageRow, lineage: readonly number[]): Promise<void> {
    const { longHours } = this.active.policy.outage;
    const facts = {
      ...upcoming(outage, tx.now),
      place: outage.place,
      hours: longHours,
      isFault: outage.nature === 'fault',
    };
    await queueNotices(tx, {
      kind: 'over_8h',
      eventType: 'outage',
      eventId: outage.id,
      texts: oneVariant(this.texts.inEveryLanguage('over_8h', facts)),
      sendAt: tx.now,
      expiresAt: null,
      // Transformers that joined later pass the limit later: a higher stage of the ladder finds them.
      recipients: { sql: UNTOLD, values: [outage.id, lineage, ['over_8h'], at(tx.now - longHours * HOUR_MS)] },
    });
  }

  /** Whoever was told "out", or may have been, and has supply again is told so once; what was not yet sent is not sent any more. */
  private async tellRestored(tx: Tx, outage: OutageRow, lineage: readonly number[]): Promise<void> {
    // Rows in a sender's hands count as told. The lock keeps the sender from writing down a failure until this is committed;
    // then it sees "restored" and does not try again (outbox.ts).
    await tx.query(
      `select id from notice where event_type = 'outage' and event_id = any($1::bigint[]) and kind = any($2::text[]) and state = 'sending'
       order by id for update`,
      [lineage, OUT_KINDS],
    );
    await cancelUnsent(tx, lineage, BACK, 'supply was back before this was sent');
    const minutes = await tx.query<{ endedAt: number }>(
      `select distinct ended_at as "endedAt" from (${TO_RESTORE(1, 2, 3)}) told order by 1`,
      [lineage, OUT_KINDS, at(tx.now)],
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
        sql: `select told.customer_id, told.transformer_id, 'restored:notice:' || told.notice_id as once_key,
                (minute.position - 1)::int as variant
              from (${TO_RESTORE(A, B, 4)}) told
              join unnest($${C}::timestamptz[]) with ordinality as minute(ended_at, position) on minute.ended_at = told.ended_at`,
        values: [lineage, OUT_KINDS, minutes.map(({ endedAt }) => at(endedAt))],
      },
    });
  }
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

/** Takes "out" notices that were not sent yet out of the queue, those for which `condition` holds. */
async function cancelUnsent(tx: Tx, lineage: readonly number[], condition: string, why: string): Promise<void> {
  const kinds: readonly NoticeKind[] = OUT_KINDS;
  await tx.query(
    `update notice told set state = 'cancelled', settled_at = $3, last_error = $4
     where event_type = 'outage' and event_id = any($1::bigint[]) and kind = any($2::text[]) and state = 'queued' and ${condition}`,
    [lineage, kinds, at(tx.now), why],
  );
}
