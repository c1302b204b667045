import { Injectable } from '@nestjs/common';
import { plannedInstants } from '../../domain/notices/planned-instants.js';
import { at } from '../database/database.js';
import type { Tx } from '../database/database.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { NoticeTexts } from './notice-texts.js';
import { FIRST_PARAMETER, oneVariant, queueNotices } from './queue-notices.js';

interface PlannedRow {
  id: number;
  state: string;
  startsAt: number;
  endsAt: number;
  reason: string;
  place: string;
}

const [A, B, C] = [FIRST_PARAMETER, FIRST_PARAMETER + 1, FIRST_PARAMETER + 2] as const;

// `not in`, and `in` that is compared with true, are hashed whatever the statistics say (see outage-notices.ts).

/** Customers that hang now on a transformer below an asset of the planned outage. Parameter: the planned outage. */
const AFFECTED = (parameter: number): string => `
  select distinct customer.id as customer_id
  from planned_outage_asset planned
  cross join lateral transformers_below_at(planned.asset_id, $3) below
  join customer on customer.transformer_id = below.transformer_id
  where planned.planned_outage_id = $${parameter}::bigint`;

/** The last thing each customer was told of the planned outage, or may have been. Parameter: the planned outage. */
const TOLD = (parameter: number): string => `
  select distinct on (customer_id) customer_id, id, kind, once_key
  from notice
  where event_type = 'planned_outage' and event_id = $${parameter}::bigint
    and (maybe_told or state in ('sending', 'accepted', 'delivered', 'unknown'))
  order by customer_id, id desc`;

/**
 * What customers are told of planned work: before it, on the day before, when the window moves, when it is called off.
 * Each call compares what is with what was told or queued. The window is part of the key: another window is other news.
 */
@Injectable()
export class PlannedNotices {
  constructor(
    private readonly texts: NoticeTexts,
    private readonly active: ActivePolicy,
  ) {}

  async tell(tx: Tx, plannedOutageId: number): Promise<void> {
    const planned = await readPlanned(tx, plannedOutageId);
    if (planned === null) return;
    await tx.query(
      `update notice set state = 'cancelled', settled_at = $2, last_error = 'the plan changed before this was sent'
       where event_type = 'planned_outage' and event_id = $1 and state = 'queued'`,
      [planned.id, at(tx.now)],
    );
    if (planned.state === 'registered' && planned.startsAt > tx.now) {
      await this.tellStages(tx, planned);
      await this.tellChanged(tx, planned);
    }
    await this.tellCancelled(tx, planned);
  }

  private async tellStages(tx: Tx, planned: PlannedRow): Promise<void> {
    const { plannedLeadDays, dayFromHour, dayToHour } = this.active.policy.notices;
    const daytime = { fromHour: dayFromHour, toHour: dayToHour };
    for (const { stage, at: sendAt } of plannedInstants(planned.startsAt, plannedLeadDays, tx.now, daytime)) {
      await queueNotices(tx, {
        kind: 'planned',
        eventType: 'planned_outage',
        texts: oneVariant(this.texts.inEveryLanguage('planned', planned)),
        sendAt,
        expiresAt: planned.startsAt,
        recipients: {
          // Who was told already hears of the change at once, and again on the day before.
          sql: `select $${A}::bigint as event_id, customer_id, null::int as transformer_id, 'planned:planned_outage:' || $${A}::bigint || ':' || $${B}::text || ':' || $${C}::text || ':' || customer_id as once_key,
                  0 as variant
                from (${AFFECTED(A)}) affected
                where $${C}::text <> 'lead' or customer_id not in (select customer_id from (${TOLD(A)}) told)`,
          values: [planned.id, windowOf(planned), stage],
        },
      });
    }
  }

  private async tellChanged(tx: Tx, planned: PlannedRow): Promise<void> {
    await queueNotices(tx, {
      kind: 'planned_changed',
      eventType: 'planned_outage',
      texts: oneVariant(this.texts.inEveryLanguage('planned_changed', planned)),
      sendAt: tx.now,
      expiresAt: planned.startsAt,
      recipients: {
        sql: `select $${A}::bigint as event_id, told.customer_id, null::int as transformer_id,
                'planned_changed:planned_outage:' || $${A}::bigint || ':' || $${B}::text || ':' || told.id || ':' || told.customer_id as once_key,
                0 as variant
              from (${TOLD(A)}) told
              where position(':' || $${B}::text || ':' in told.once_key) = 0
                and (told.customer_id in (${AFFECTED(A)})) is true`,
        values: [planned.id, windowOf(planned)],
      },
    });
  }

  /** The work is called off, or no longer reaches this customer. Work that has begun is an outage and told as such. */
  private async tellCancelled(tx: Tx, planned: PlannedRow): Promise<void> {
    await queueNotices(tx, {
      kind: 'planned_cancelled',
      eventType: 'planned_outage',
      texts: oneVariant(this.texts.inEveryLanguage('planned_cancelled', planned)),
      sendAt: tx.now,
      expiresAt: planned.startsAt,
      recipients: {
        sql: `select $${A}::bigint as event_id, told.customer_id, null::int as transformer_id,
                'planned_cancelled:planned_outage:' || $${A}::bigint || ':' || told.id || ':' || told.customer_id as once_key, 0 as variant
              from (${TOLD(A)}) told
              where told.kind <> 'planned_cancelled'
                and ($${B}::boolean or told.customer_id not in (${AFFECTED(A)}))`,
        values: [planned.id, planned.state === 'cancelled'],
      },
    });
  }
}

const windowOf = (planned: PlannedRow): string => `${planned.startsAt}-${planned.endsAt}`;

async function readPlanned(tx: Tx, id: number): Promise<PlannedRow | null> {
  const [row] = await tx.query<PlannedRow>(
    `select planned.id, planned.state, planned.starts_at as "startsAt", planned.ends_at as "endsAt", planned.reason,
            coalesce((select string_agg(coalesce(nullif(asset.name, ''), asset.code), ', ' order by asset.code)
                      from planned_outage_asset member join asset on asset.id = member.asset_id
                      where member.planned_outage_id = planned.id), '') as place
     from planned_outage planned where planned.id = $1`,
    [id],
  );
  return row ?? null;
}
