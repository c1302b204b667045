create table arrears (
  customer_id integer not null references customer,
  amount      numeric(12, 2) not null,
  due_on      date not null,
  recorded_at timestamptz not null,
  cleared_at  timestamptz,
  primary key (customer_id, due_on)
);
create table dunning_step (
  id          bigint generated always as identity primary key,
  customer_id integer not null references customer,
  stage       text not null check (stage in ('remote', 'phone', 'onsite')),
  at          timestamptz not null,
  by          text not null,
  result      text not null
);
create index dunning_step_customer on dunning_step (customer_id, at);
-- One customer cut (欠费停电, or violation or theft).
create table disconnection (
  id               bigint generated always as identity primary key,
  external_id      text not null unique,
  customer_id      integer not null references customer,
  reason           text not null check (reason in ('arrears', 'violation', 'theft')),
  approved_by      text,
  notice_served_at timestamptz,
  final_notice_at  timestamptz,
  planned_at       timestamptz not null,
  disconnected_at  timestamptz,
  missing_steps    jsonb not null default '[]',  -- of the procedure before a cut for arrears: [{step, field, zh, en, source}]
  claimed_at       timestamptz,  -- back on by the crew's word
  claimed_by       text,
  measured_at      timestamptz,  -- power seen by telemetry; stronger than the crew's word
  reconnected_at   timestamptz,  -- measured_at, else claimed_at
  recorded_at      timestamptz not null
);
create index disconnection_customer on disconnection (customer_id, planned_at);
create index disconnection_in_force on disconnection (customer_id) where disconnected_at is not null and reconnected_at is null;
create table payment (
  id          bigint generated always as identity primary key,
  external_id text not null unique,
  customer_id integer not null references customer,
  paid_at     timestamptz not null,
  received_at timestamptz not null,
  amount      numeric(12, 2) not null,
  settled     boolean not null  -- arrears and penalty paid in full: only that starts the clock
);
create index payment_customer on payment (customer_id, paid_at) where settled;
-- The promise to restore after payment in full.
create table reconnection_order (
  id               bigint generated always as identity primary key,
  disconnection_id bigint not null unique references disconnection,
  customer_id      integer not null references customer,
  payment_id       bigint not null references payment,
  paid_at          timestamptz not null,
  due_at           timestamptz not null,
  state            text not null default 'open' check (state in ('open', 'met', 'breached')),
  restored_at      timestamptz,  -- the disconnection's reconnected_at
  receipt          jsonb not null,  -- the arithmetic of due_at
  policy_version   integer not null
);
create index reconnection_order_due on reconnection_order (due_at, id);
create index reconnection_order_unrestored on reconnection_order (state) where restored_at is null;
