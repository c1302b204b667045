-- paid_at: when the customer paid; received_at: when the utility had it; cleared_at: when arrears and penalty were settled.
alter table payment
  add cleared_at           timestamptz,
  add outstanding_arrears  numeric(12, 2),  -- what billing says is still open after a payment in part
  add outstanding_penalty  numeric(12, 2),
  add reversed_at          timestamptz,     -- bounced, or booked in error
  add reversal_reason      text,
  add reversal_recorded_at timestamptz;
create index payment_of_customer on payment (customer_id, paid_at);

-- Everything said or measured about the return of a cut customer's supply; what it adds up to is computed (domain/reconnection/restoration.ts)
-- and kept in the disconnection's columns.
create table restoration_fact (
  disconnection_id bigint not null references disconnection,
  kind             text not null check (kind in ('claim', 'switch_closed', 'switch_open', 'power_on', 'power_after_outage')),
  at               timestamptz not null,
  source           text not null,  -- the crew; terminal:<code>; command:<rid>; the key of the system that sent it
  recorded_at      timestamptz not null,
  primary key (disconnection_id, kind, at, source)
);
alter table disconnection
  add refuted_at      timestamptz,  -- the word of claimed_at was refuted by a switch measured open
  add switch_at       timestamptz,
  add switch_source   text,
  add power_at        timestamptz,
  add power_source    text;

alter table reconnection_order
  drop constraint reconnection_order_state_check,
  add constraint reconnection_order_state_check check (state in ('open', 'claimed', 'met', 'breached', 'cancelled')),
  add ordered_at          timestamptz not null default now(),  -- when the service knew enough to order; the payment may be older
  add claimed_at          timestamptz,  -- the word that stands, by which it was judged last
  add field_since         timestamptz,  -- a crew is needed from here on; null while the remote switch is tried
  add payment_reversed_at timestamptz,  -- supply was back when its payment was reversed
  add cancellation        jsonb,        -- {since, knownAt, reason, paymentExternalId, policyVersion}: why nothing is promised any more
  add forecast_missed_at  timestamptz;  -- the queue said that the limit will be missed
create index reconnection_order_customer on reconnection_order (customer_id);
create index reconnection_order_paid on reconnection_order (paid_at);

-- What a crew, or the person at the desk, reports on the way.
create table reconnection_step (
  order_id    bigint not null references reconnection_order,
  step        text not null check (step in ('crew_assigned', 'crew_en_route', 'acknowledged')),
  at          timestamptz not null,
  by          text not null,
  note        text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (order_id, step, at, by)
);

-- Whether a customer agreed to be switched on without being asked first; without a row the category decides.
create table direct_reconnection (
  customer_id integer primary key references customer,
  agreed      boolean not null,
  reason      text not null,
  recorded_by text not null,
  recorded_at timestamptz not null
);

-- One try to close a customer's switch from afar: one command, sent as often as needed under one rid. At most one is under way per order.
create table remote_reconnection (
  id           bigint generated always as identity primary key,
  order_id     bigint not null references reconnection_order,
  state        text not null check (state in ('waiting', 'sending', 'succeeded', 'refused', 'timed_out', 'cancelled')),
  rid          uuid references terminal_command,  -- null while the customer's acknowledgement is waited for
  attempts     integer not null default 0,
  requested_at timestamptz not null,
  ends_at      timestamptz not null,  -- then a crew goes; the command expires at the same instant
  sent_at      timestamptz,           -- first
  settled_at   timestamptz,
  reason       text not null default '',
  answer_seen  boolean not null default false
);
create unique index remote_reconnection_under_way on remote_reconnection (order_id) where state in ('waiting', 'sending');
create index remote_reconnection_order on remote_reconnection (order_id);
create index remote_reconnection_unanswered on remote_reconnection (requested_at) where rid is not null and not answer_seen;
