-- One message to one customer. `once_key` = customer, event lineage and kind: the same news is sent once, also over merge, retry and fail-over.
create table notice (
  id              bigint generated always as identity primary key,
  once_key        text not null unique,
  kind            text not null,
  customer_id     integer not null references customer,
  transformer_id  integer references asset,  -- where the customer hung when its supply went: whether it is back is asked there
  event_type      text not null,
  event_id        bigint not null,
  channel         text not null default 'sms' check (channel in ('sms', 'call_list')),
  recipient       text,            -- the number as it was when queued; null on the call list without a number
  language        text not null,
  text            text not null,
  segments        smallint not null,
  state           text not null default 'queued' check (state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'cancelled')),
  provider        text,
  provider_ref    text,
  attempts        smallint not null default 0,
  last_error      text,
  queued_at       timestamptz not null,
  next_attempt_at timestamptz not null,  -- of a row in 'sending': when its sender is given up for dead
  expires_at      timestamptz,           -- from then on the news is old: not sent any more
  maybe_told      boolean not null default false,  -- an attempt whose answer was lost: the customer may have got it
  sent_at         timestamptz,
  settled_at      timestamptz
);
create index notice_due on notice (next_attempt_at, id) where state in ('queued', 'sending') and channel = 'sms';
create index notice_to_call on notice (next_attempt_at, id) where state = 'queued' and channel = 'call_list';
create index notice_customer on notice (customer_id, id);
create index notice_event on notice (event_type, event_id);
create index notice_transformer on notice (transformer_id, queued_at) where transformer_id is not null;
-- Merges, splits and nested outages are one lineage: both directions are walked.
create index outage_merged_into on outage (merged_into_id) where merged_into_id is not null;
create index outage_parent on outage (parent_id) where parent_id is not null;
