-- Voltage qualification by transformer and local day, so that a report need not read all its readings. Exact or not used: see
-- modules/telemetry/voltage-days.ts.

-- What the sums of a day depend on, beside its readings.
create table voltage_basis (
  id      integer generated always as identity primary key,
  zone    text not null,     -- whose days
  seconds integer not null,  -- between readings, as registered
  silence integer not null,  -- so many intervals without a reading are a gap
  lowest  real not null,     -- assessment band and limits, V
  low     real not null,
  high    real not null,
  highest real not null,
  unique (zone, seconds, silence, lowest, low, high, highest)
);

-- Milliseconds by phase.
create table voltage_day (
  since          timestamptz not null,  -- the day's first instant
  transformer_id integer not null,
  basis_id       integer not null references voltage_basis,
  a_monitored integer not null, a_over integer not null, a_under integer not null,
  b_monitored integer not null, b_over integer not null, b_under integer not null,
  c_monitored integer not null, c_over integer not null, c_under integer not null,
  primary key (since, transformer_id)
);

-- By which basis a transformer's days are worked out, and how far; a new basis begins anew.
create table voltage_progress (
  transformer_id integer primary key,
  basis_id       integer not null references voltage_basis,
  until          timestamptz  -- the days before this are done
);
create index voltage_progress_until on voltage_progress (until nulls first);

-- Days that were done before late readings came.
create table voltage_day_late (
  transformer_id integer not null,
  since          timestamptz not null,
  primary key (transformer_id, since)
);

-- Readings before this were removed, some or all; days that need them keep the sums they have.
alter table rollup_progress add column readings_from timestamptz;
