-- One measurement of one transformer's terminal at one instant (event time). Volts line to neutral, amperes, kW, kvar, Hz, degC.
-- A hypertable where the server has TimescaleDB. Absent measurements are null, never 0.
create table reading (
  transformer_id integer not null,
  ts             timestamptz not null,
  received_at    timestamptz not null,
  ua real, ub real, uc real,
  ia real, ib real, ic real, in_ real,
  p real, q real, pf real, f real, temp real,
  sid integer, seq bigint, tq smallint,
  primary key (transformer_id, ts)
);

-- What each transformer looks like now; one row, locked in transformer_id order by the ingest transaction.
create table transformer_state (
  transformer_id integer primary key references asset,
  last_ts        timestamptz,  -- event time of the newest input that was applied
  last_heard_at  timestamptz,  -- arrival of the newest live message; silence is counted from here
  supply         text not null default 'unknown' check (supply in ('live', 'dead', 'unknown')),
  supply_since   timestamptz,
  supply_source  text,
  terminal_id    integer,      -- whose boots and readings sid and seq count
  sid            integer,
  seq            bigint,
  ua real, ub real, uc real,
  ia real, ib real, ic real,
  signals        jsonb  -- the reducer's memory of signals that are not normal; null when all are
) with (fillfactor = 60);
create index transformer_state_not_live on transformer_state (supply) where supply <> 'live';

-- The reducer's whole state once per transformer and local day, so that late data re-run one day, not the whole history.
create table detector_checkpoint (
  transformer_id integer not null,
  ts             timestamptz not null,
  state          jsonb not null,
  primary key (transformer_id, ts)
);

-- Transformers whose history must be run again because data arrived late; one row each, the earliest instant wins.
create table reassessment (
  transformer_id integer primary key,
  from_ts        timestamptz not null,
  requested_at   timestamptz not null
);

-- Intervals in which supply was not live. Revised, never silently overwritten: `revision` counts, the journal tells.
create table supply_interval (
  id             bigint generated always as identity primary key,
  transformer_id integer not null,
  state          text not null check (state in ('dead', 'unknown')),
  started_at     timestamptz not null,
  ended_at       timestamptz,
  source         text not null,
  end_source     text,
  revision       integer not null default 0,
  withdrawn_at   timestamptz  -- late data showed it never was
);
create index supply_interval_transformer on supply_interval (transformer_id, started_at);
create index supply_interval_open on supply_interval (transformer_id) where ended_at is null and withdrawn_at is null;

-- An interval in which one signal of one transformer was wrong.
create table episode (
  id             bigint generated always as identity primary key,
  transformer_id integer not null,
  kind           text not null check (kind in ('low_voltage', 'high_voltage', 'phase_loss', 'broken_neutral', 'unbalance', 'overload')),
  phase          text not null check (phase in ('A', 'B', 'C', '')),
  severity       text not null check (severity in ('critical', 'major', 'minor', 'info')),
  started_at     timestamptz not null,
  confirmed_at   timestamptz not null,  -- event time at which the hold time was over
  last_seen_at   timestamptz not null,
  ended_at       timestamptz,
  worst_value    real,
  evidence       jsonb not null,
  policy_version integer not null,
  revision       integer not null default 0,
  withdrawn_at   timestamptz
);
create index episode_transformer on episode (transformer_id, started_at);
create unique index episode_open on episode (transformer_id, kind, phase) where ended_at is null and withdrawn_at is null;

create table terminal_event (
  id             bigint generated always as identity primary key,
  terminal_id    integer not null references terminal,
  transformer_id integer not null,
  ts             timestamptz not null,
  received_at    timestamptz not null,
  type           text not null,
  phases         text,
  dedupe_key     text collate "C" not null,  -- eid:<eid>@<ts>, or type:<type>@<ts> where there is no eid; C, for the range of an eid
  data           jsonb not null,
  unique (terminal_id, dedupe_key)
);
create index terminal_event_transformer on terminal_event (transformer_id, ts);

create table sequence_gap (
  id             bigint generated always as identity primary key,
  terminal_id    integer not null references terminal,
  transformer_id integer not null,
  sid            integer not null,
  from_seq       bigint not null,
  to_seq         bigint not null,
  from_ts        timestamptz not null,
  to_ts          timestamptz not null,
  found_at       timestamptz not null,
  missing        integer not null,  -- counts down as readings of the gap arrive
  asked_at       timestamptz,
  filled_at      timestamptz,
  unique (terminal_id, sid, from_seq)
);
create index sequence_gap_open on sequence_gap (terminal_id) where filled_at is null;

-- Commands to terminals; published by the ingest role, answered on up/reply by rid.
create table terminal_command (
  rid         uuid primary key default gen_random_uuid(),
  terminal_id integer not null references terminal,
  kind        text not null,
  body        jsonb not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  sent_at     timestamptz,
  answered_at timestamptz,
  answer      jsonb
);
create index terminal_command_unsent on terminal_command (created_at) where sent_at is null;

-- Messages that could not become readings or events: kept with the reason and the bytes, bounded per terminal, can be re-driven.
create table rejected_message (
  id                bigint generated always as identity primary key,
  topic             text not null,
  terminal          text not null,
  reason            text not null,
  detail            text not null,
  payload           bytea not null,  -- cut to 16 KiB
  payload_bytes     integer not null,
  digest            bytea not null,  -- of topic and payload; the same message again counts up
  count             bigint not null default 1,
  first_received_at timestamptz not null,
  last_received_at  timestamptz not null,
  redrive_requested_at timestamptz,
  redriven_at       timestamptz,
  unique (terminal, reason, digest)
);
create index rejected_message_redrive on rejected_message (id) where redrive_requested_at is not null;
create index rejected_message_reason on rejected_message (reason, id);
-- What was refused beyond a terminal's bound, so that nothing is dropped uncounted.
create table rejected_overflow (
  terminal text not null,
  reason   text not null,
  count    bigint not null,
  primary key (terminal, reason)
);

-- Hours of readings that changed after they were rolled up (late data), and how far the rollup has come. Unused where TimescaleDB's
-- continuous aggregates do this work.
create table rollup_dirty (
  transformer_id integer not null,
  bucket         timestamptz not null,
  primary key (transformer_id, bucket)
);
create table rollup_progress (
  only_row boolean primary key default true check (only_row),
  until    timestamptz  -- hours before this are in reading_hour
);
insert into rollup_progress (until) values (null);
