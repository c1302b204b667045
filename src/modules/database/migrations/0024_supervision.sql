-- The last number of each year; its row is locked while orders are numbered, so numbers have no gaps.
create table supervision_number (
  year integer primary key,
  last integer not null
);

-- A numbered order to a responsible unit (督办单). One per cause: `cause_key` names it.
create table supervision_order (
  id             bigint generated always as identity primary key,
  year           integer not null,
  number         integer not null,
  cause_key      text not null unique,
  cause          text not null check (cause in ('long_outage', 'breached_promise', 'repeat_complaint')),
  kind           text not null,  -- of the warning that speaks for it now
  warning_id     bigint not null references warning,
  subject_type   text not null,
  subject_id     bigint not null,
  subject_code   text not null,
  subject_name   text not null,
  area           text not null,
  asset_id       integer references asset,
  title          text not null,
  facts          jsonb not null,  -- evidence of the warning
  happened_at    timestamptz not null,
  due_at         timestamptz,     -- the limit that was broken, or that will be
  opened_at      timestamptz not null,
  unit           text,
  person         text,
  route_note     jsonb,           -- {zh, en}: why there is no unit
  level          smallint not null default 0,  -- steps of the escalation that were taken
  state          text not null default 'open' check (state in ('open', 'replied', 'closed')),
  reply_due_at   timestamptz,
  closed_at      timestamptz,
  closed_by      text,
  closed_on      text check (closed_on in ('measured', 'word')),
  close_note     text,
  effect         jsonb,           -- as measured when it was closed
  policy_version integer not null,
  unique (year, number)
);
create index supervision_order_open on supervision_order (id) where state <> 'closed';
create index supervision_order_subject on supervision_order (subject_type, subject_id);

-- What happened to an order, in order. Never changed.
create table supervision_step (
  id       bigint generated always as identity primary key,
  order_id bigint not null references supervision_order,
  at       timestamptz not null,
  actor    text not null,
  by       text not null,
  action   text not null check (action in ('opened', 'revised', 'reminded', 'escalated', 'replied', 'assigned', 'effect', 'closed')),
  text_zh  text not null,
  text_en  text not null
);
create index supervision_step_order on supervision_step (order_id, id);
