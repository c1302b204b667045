import type { ExplainFacts } from '../../domain/notices/explain.js';
import type {
  CallReason,
  NoticeEventType,
  NoticeKind,
  NoticeState,
  StaffEventType,
} from '../../domain/notices/notice-kinds.js';
import type { Queryable } from '../database/database.js';
import { lineageOf } from './outage-lineage.js';

export interface NoticeRow {
  id: number;
  kind: NoticeKind;
  /** Null = to one of the staff. */
  customerId: number | null;
  accountNo: string | null;
  staff: string | null;
  eventType: NoticeEventType | StaffEventType;
  eventId: number;
  channel: 'sms' | 'call_list';
  callReason: CallReason | null;
  recipient: string | null;
  language: string;
  text: string;
  segments: number;
  state: NoticeState;
  provider: string | null;
  attempts: number;
  lastError: string | null;
  queuedAt: number;
  nextAttemptAt: number;
  expiresAt: number | null;
  sentAt: number | null;
  settledAt: number | null;
}

const SELECT = `
  select notice.id, notice.kind, notice.customer_id as "customerId", customer.account_no as "accountNo", notice.staff,
         notice.event_type as "eventType", notice.event_id as "eventId", notice.channel,
         case when notice.channel = 'sms' then null when notice.attempts > 0 then 'sms_failed'
              when notice.customer_id is null then 'no_mobile' when not customer.sms then 'sms_declined'
              when coalesce(customer.mobile, '') = '' then 'no_mobile' else 'register_changed' end as "callReason",
         notice.recipient, notice.language,
         notice.text, notice.segments, notice.state, notice.provider, notice.attempts, notice.last_error as "lastError",
         notice.queued_at as "queuedAt", notice.next_attempt_at as "nextAttemptAt", notice.expires_at as "expiresAt", notice.sent_at as "sentAt",
         notice.settled_at as "settledAt"
  from notice left join customer on customer.id = notice.customer_id`;

export interface NoticeFilter {
  accountNo?: string | undefined;
  eventType?: string | undefined;
  eventId?: number | undefined;
  state?: string | undefined;
  channel?: string | undefined;
}

/** Newest first, below `beforeId`. */
export async function readNotices(
  db: Queryable,
  filter: NoticeFilter,
  beforeId: number | null,
  limit: number,
): Promise<NoticeRow[]> {
  return db.query<NoticeRow>(
    `${SELECT}
     where ($1::text is null or notice.customer_id = (select id from customer where account_no = $1))
       and ($2::text is null or notice.event_type = $2)
       and ($3::bigint is null or notice.event_id = $3)
       and ($4::text is null or notice.state = $4)
       and ($5::text is null or notice.channel = $5)
       and ($6::bigint is null or notice.id < $6)
     order by notice.id desc limit $7`,
    [
      filter.accountNo ?? null,
      filter.eventType ?? null,
      filter.eventId ?? null,
      filter.state ?? null,
      filter.channel ?? null,
      beforeId,
      limit,
    ],
  );
}

export async function readNotice(db: Queryable, id: number): Promise<NoticeRow | null> {
  const [row] = await db.query<NoticeRow>(`${SELECT} where notice.id = $1`, [id]);
  return row ?? null;
}

export interface AskedCustomer {
  id: number;
  mobile: string | null;
  sms: boolean;
  isCut: boolean;
}

export async function readCustomer(db: Queryable, accountNo: string): Promise<AskedCustomer | null> {
  const [row] = await db.query<AskedCustomer>('select id, mobile, sms from customer where account_no = $1', [
    accountNo,
  ]);
  return row ?? null;
}

/** What `explainNotices` needs, and the notices as rows. Of an outage, those of its whole lineage. */
export async function readFacts(
  db: Queryable,
  customer: AskedCustomer,
  eventType: NoticeEventType,
  eventId: number,
): Promise<{ facts: ExplainFacts; notices: NoticeRow[] }> {
  const lineage = eventType === 'outage' ? await lineageOf(db, eventId) : [eventId];
  const notices = await db.query<NoticeRow>(
    `${SELECT} where notice.customer_id = $1 and notice.event_type = $2 and notice.event_id = any($3::bigint[]) order by notice.id`,
    [customer.id, eventType, lineage],
  );
  const [event] = await db.query<NonNullable<ExplainFacts['event']> & { reached: boolean }>(EVENT[eventType], [
    eventId,
    customer.id,
  ]);
  return {
    notices,
    facts: {
      eventType,
      customer,
      event: event ?? null,
      reached: event?.reached ?? false,
      notices: notices.map((notice) => ({ ...notice, ofThisEvent: notice.eventId === eventId })),
    },
  };
}

/** State, times and whether the event reaches the customer ($2) of each type of event ($1). */
const EVENT: Record<NoticeEventType, string> = {
  outage: `
    select state, nature, momentary, merged_into_id as "mergedIntoId", started_at as "startedAt", ended_at as "endedAt", exists (
      select 1 from outage_transformer hit
      join customer_transformer hung on hung.transformer_id = hit.transformer_id and hung.customer_id = $2
       and hung.valid_from <= hit.started_at and (hung.valid_to is null or hung.valid_to > hit.started_at)
      where hit.outage_id = outage.id) as reached
    from outage where id = $1`,
  planned_outage: `
    select state, nature, false as momentary, null as "mergedIntoId", starts_at as "startedAt", ends_at as "endedAt", exists (
      select 1 from planned_outage_asset member
      cross join lateral transformers_below_at(member.asset_id, planned.registered_at) below
      join customer_transformer hung on hung.transformer_id = below.transformer_id and hung.customer_id = $2
       and hung.valid_from <= planned.registered_at and (hung.valid_to is null or hung.valid_to > planned.registered_at)
      where member.planned_outage_id = planned.id) as reached
    from planned_outage planned where id = $1`,
  reconnection_order: `
    select state, null as nature, false as momentary, null as "mergedIntoId", paid_at as "startedAt", restored_at as "endedAt", customer_id = $2 as reached
    from reconnection_order where id = $1`,
  dunning_step: `
    select result as state, null as nature, false as momentary, null as "mergedIntoId", at as "startedAt", null as "endedAt", customer_id = $2 as reached
    from dunning_step where id = $1`,
};
