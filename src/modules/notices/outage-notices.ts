import { Injectable } from '@nestjs/common';
import { HOUR_MS } from '../../domain/instants.js';
import { OUT_KINDS } from '../../domain/notices/notice-kinds.js';
import { partition } from '../../domain/partition.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import type { NoticeText } from './notice-texts.js';
import { FIRST_PARAMETER, queueNotices } from './queue-notices.js';
import { afterReach, BACK, parametersOf, reachOf, toRestore, untold } from './outage-reach.js';
import type { Reach } from './outage-reach.js';

interface OutageRow {
  id: number;
  state: string;
  nature: string;
  cause: string;
  momentary: boolean;
  area: string;
  place: string;
  startedAt: number;
  estimatedRestorationAt: number | null;
}

/** An outage whose customers are to be told that supply is out. */
interface Out {
  outage: OutageRow;
  /** Transformers that lost supply after this are left out. */
  longest: number;
  texts: readonly NoticeText[];
}

/** What customers are told of outages. Each call compares what is with what was told, so it may be repeated at will. */
@Injectable()
export class OutageNotices {
  constructor(
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  /**
   * About ten statements, whatever the number of outages.
   * @param stages outage -> the highest stage of the ladder that has fired, hours; 0 = none. Customers are told from the long-outage
   *   limit on. News of an outage that was merged are news of the one it went into.
   */
  async tell(tx: Tx, stages: ReadonlyMap<number, number>): Promise<void> {
    if (stages.size === 0) return;
    const rows = await readOutages(tx, [...stages.keys()]);
    if (rows.length === 0) return;
    const outages = [...new Map(rows.map((row) => [row.id, row])).values()];
    const stageOf = new Map<number, number>();
    for (const { id, asked } of rows) stageOf.set(id, Math.max(stageOf.get(id) ?? 0, stages.get(asked) ?? 0));
    const reach = await reachOf(
      tx,
      outages.map(({ id }) => id),
    );
    await cancelDiscarded(tx, outages);
    // Late news: what is restored or closed already is not announced as out any more.
    const running = outages.filter(({ state, momentary }) => state === 'confirmed' && !momentary);
    if (running.length > 0) {
      await takeBackRestored(tx, running, reach);
      await this.tellOver(tx, running, reach, stageOf);
      // A planned window was announced before it began.
      await this.tellFault(tx, running.filter(({ nature }) => nature === 'fault'), reach); // prettier-ignore
    }
    await this.tellRestored(tx, outages, reach);
  }

  private async tellFault(tx: Tx, outages: readonly OutageRow[], reach: Reach): Promise<void> {
    const outs = outages.map((outage): Out => {
      const facts = { ...outage, ...upcoming(outage, tx.now) };
      return { outage, longest: tx.now, texts: this.texts.inEveryLanguage('fault', facts) };
    });
    await this.tellOut(tx, 'fault', outs, OUT_KINDS, reach);
  }

  private async tellOver(
    tx: Tx,
    outages: readonly OutageRow[],
    reach: Reach,
    stageOf: ReadonlyMap<number, number>,
  ): Promise<void> {
    const outs = outages.flatMap((outage): Out[] => {
      const { longHours: hours } = this.active.at(tx.now).policyFor(outage.area).outage;
      if ((stageOf.get(outage.id) ?? 0) < hours) return [];
      const { place, nature } = outage;
      const facts = { ...upcoming(outage, tx.now), place, hours, isFault: nature === 'fault' };
      // Transformers that joined later pass the limit later: a higher stage of the ladder finds them.
      const longest = tx.now - hours * HOUR_MS;
      return [{ outage, longest, texts: this.texts.inEveryLanguage('over_8h', facts) }];
    });
    await this.tellOut(tx, 'over_8h', outs, ['over_8h'], reach);
  }

  /** @param kinds who was told one of these is not told again */
  private async tellOut(
    tx: Tx,
    kind: 'fault' | 'over_8h',
    outs: readonly Out[],
    kinds: readonly string[],
    reach: Reach,
  ): Promise<void> {
    if (outs.length === 0) return;
    await queueNotices(tx, {
      kind,
      eventType: 'outage',
      texts: outs.flatMap(({ texts }, variant) => texts.map((text) => ({ ...text, variant }))),
      sendAt: tx.now,
      expiresAt: null,
      recipients: {
        sql: untold(FIRST_PARAMETER),
        values: [
          ...parametersOf(reach),
          outs.map(({ outage }) => outage.id),
          outs.map(({ outage }) => reach.troubleOf.get(outage.id) ?? outage.id),
          outs.map(({ longest }) => at(longest)),
          outs.map((_, variant) => variant),
          kinds,
        ],
      },
    });
  }

  /** Whoever was told "out", or may have been, and has supply again is told so once; what was not yet sent is not sent any more. */
  private async tellRestored(tx: Tx, outages: readonly OutageRow[], reach: Reach): Promise<void> {
    const ofReach = `event_type = 'outage' and kind = any($1::text[]) and (event_id = any($2::bigint[]) or transformer_id = any($3::int[]))`;
    const reached = [
      OUT_KINDS,
      reach.outages.map(({ outageId }) => outageId),
      reach.transformers.map(({ transformerId }) => transformerId),
    ];
    // Rows in a sender's hands count as told. The lock keeps the sender from writing down a failure until this is committed;
    // then it sees "restored" and does not try again (outbox.ts).
    await tx.query(`select id from notice where ${ofReach} and state = 'sending' order by id for update`, reached);
    await tx.query(
      `update notice told set state = 'cancelled', settled_at = $4, last_error = 'supply was back before this was sent'
       where ${ofReach} and state = 'queued' and ${BACK}`,
      [...reached, at(tx.now)],
    );
    const parameters = parametersOf(reach);
    const next = afterReach(1);
    const minutes = await tx.query<{ trouble: number; endedAt: number }>(
      `select distinct trouble, ended_at as "endedAt" from (${toRestore(1, next, next + 1)}) back order by 1, 2`,
      [...parameters, OUT_KINDS, at(tx.now)],
    );
    if (minutes.length === 0) return;
    const tellers = partition(outages, ({ id }) => reach.troubleOf.get(id) ?? id);
    const news = minutes.flatMap(({ trouble, endedAt }) => {
      const [outage] = tellers.get(trouble) ?? [];
      return outage === undefined ? [] : [{ trouble, endedAt, outage }];
    });
    const own = afterReach(FIRST_PARAMETER);
    await queueNotices(tx, {
      kind: 'restored',
      eventType: 'outage',
      texts: news.flatMap(({ endedAt, outage }, variant) =>
        this.texts
          .inEveryLanguage('restored', { place: outage.place, restoredAt: endedAt })
          .map((text) => ({ ...text, variant })),
      ),
      sendAt: tx.now,
      expiresAt: null,
      recipients: {
        sql: `select news.outage_id as event_id, back.customer_id, back.transformer_id, 'restored:notice:' || back.notice_id as once_key,
                (news.position - 1)::int as variant
              from (${toRestore(FIRST_PARAMETER, own, 3)}) back
              join unnest($${own + 1}::bigint[], $${own + 2}::timestamptz[], $${own + 3}::bigint[])
                with ordinality as news(trouble, ended_at, outage_id, position)
                on news.trouble = back.trouble and news.ended_at = back.ended_at
              order by back.customer_id`,
        values: [
          ...parameters,
          OUT_KINDS,
          news.map(({ trouble }) => trouble),
          news.map(({ endedAt }) => at(endedAt)),
          news.map(({ outage }) => outage.id),
        ],
      },
    });
  }
}

async function cancelDiscarded(tx: Tx, outages: readonly OutageRow[]): Promise<void> {
  const discarded = outages.filter(({ state }) => state === 'discarded').map(({ id }) => id);
  if (discarded.length === 0) return;
  await tx.query(
    `update notice set state = 'cancelled', settled_at = $3, last_error = 'the outage was discarded before this was sent'
     where event_type = 'outage' and event_id = any($1::bigint[]) and kind = any($2::text[]) and state = 'queued'`,
    [discarded, OUT_KINDS, at(tx.now)],
  );
}

/**
 * "Restored" that was not sent before supply went again would arrive as an untruth. Without it the customer still believes that
 * supply is out, which is true, and is not told so a second time.
 */
async function takeBackRestored(tx: Tx, running: readonly OutageRow[], reach: Reach): Promise<void> {
  const troubles = new Set(running.map(({ id }) => reach.troubleOf.get(id) ?? id));
  const transformers = reach.transformers.filter(({ trouble }) => troubles.has(trouble));
  await tx.query(
    `update notice told set state = 'cancelled', settled_at = $2, last_error = 'supply went again before this was sent'
     where kind = 'restored' and state = 'queued' and transformer_id = any($1::int[]) and not ${BACK}`,
    [transformers.map(({ transformerId }) => transformerId), at(tx.now)],
  );
}

/** An estimate that has passed says nothing any more. */
const upcoming = (outage: OutageRow, now: number): { estimatedRestorationAt: number | null } => ({
  estimatedRestorationAt:
    outage.estimatedRestorationAt !== null && outage.estimatedRestorationAt > now
      ? outage.estimatedRestorationAt
      : null,
});

/** What the asked outages are now: those that were merged as the one they went into, in the order asked. */
async function readOutages(tx: Tx, ids: readonly number[]): Promise<(OutageRow & { asked: number })[]> {
  return tx.query<OutageRow & { asked: number }>(
    `with recursive way(asked, position, id) as (
       select id, position, id from unnest($1::bigint[]) with ordinality as asked(id, position)
       union
       select way.asked, way.position, outage.merged_into_id from way join outage on outage.id = way.id
       where outage.merged_into_id is not null)
     select way.asked, outage.id, outage.state, outage.nature, outage.cause, outage.momentary, outage.area,
            outage.started_at as "startedAt", outage.estimated_restoration_at as "estimatedRestorationAt",
            coalesce(nullif(asset.name, ''), asset.code) as place
     from way join outage on outage.id = way.id and outage.merged_into_id is null join asset on asset.id = outage.root_asset_id
     order by way.position`,
    [ids],
  );
}
