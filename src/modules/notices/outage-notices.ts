import { Injectable } from '@nestjs/common';
import { HOUR_MS } from '../../domain/instants.js';
import { OUT_KINDS } from '../../domain/notices/notice-kinds.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import type { NoticeText } from './notice-texts.js';
import { FIRST_PARAMETER, oneVariant, queueNotices } from './queue-notices.js';
import { BACK, parametersOf, reachOf, toRestore, untold } from './outage-reach.js';
import type { Reach } from './outage-reach.js';

interface OutageRow {
  id: number;
  state: string;
  nature: string;
  cause: string;
  momentary: boolean;
  mergedIntoId: number | null;
  area: string;
  place: string;
  startedAt: number;
  estimatedRestorationAt: number | null;
}

/** What customers are told of an outage. Each call compares what is with what was told, so it may be repeated at will. */
@Injectable()
export class OutageNotices {
  constructor(
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  /** @param stageHours the highest stage of the ladder that has fired, 0 = none; customers are told from the long-outage limit on */
  async tell(tx: Tx, outageId: number, stageHours: number): Promise<void> {
    const outage = await readOutage(tx, outageId);
    if (outage === null) return;
    if (outage.mergedIntoId !== null) {
      await this.tell(tx, outage.mergedIntoId, stageHours);
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
      await takeBackRestored(tx, reach);
      const { longHours } = this.active.at(tx.now).policyFor(outage.area).outage;
      if (stageHours >= longHours) await this.tellOver(tx, outage, reach, longHours);
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

  private async tellOver(tx: Tx, outage: OutageRow, reach: Reach, longHours: number): Promise<void> {
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
      recipients: { sql: untold(FIRST_PARAMETER), values: [outage.id, ...values] },
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
      `select distinct ended_at as "endedAt" from (${toRestore(1, 5)}) back order by 1`,
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
              from (${toRestore(FIRST_PARAMETER, 4)}) back
              join unnest($${FIRST_PARAMETER + 4}::timestamptz[]) with ordinality as minute(ended_at, position)
                on minute.ended_at = back.ended_at`,
        values: [...values, minutes.map(({ endedAt }) => at(endedAt))],
      },
    });
  }
}

/**
 * "Restored" that was not sent before supply went again would arrive as an untruth. Without it the customer still believes that
 * supply is out, which is true, and is not told so a second time.
 */
async function takeBackRestored(tx: Tx, { transformers }: Reach): Promise<void> {
  await tx.query(
    `update notice told set state = 'cancelled', settled_at = $2, last_error = 'supply went again before this was sent'
     where kind = 'restored' and state = 'queued' and transformer_id = any($1::int[]) and not ${BACK}`,
    [transformers, at(tx.now)],
  );
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
    `select outage.id, outage.state, outage.nature, outage.cause, outage.momentary, outage.area,
            outage.merged_into_id as "mergedIntoId", outage.started_at as "startedAt",
            outage.estimated_restoration_at as "estimatedRestorationAt", coalesce(nullif(asset.name, ''), asset.code) as place
     from outage join asset on asset.id = outage.root_asset_id where outage.id = $1`,
    [id],
  );
  return row ?? null;
}
