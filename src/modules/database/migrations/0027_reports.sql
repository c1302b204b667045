-- What the reliability report counts: losses of supply, and stretches in which nothing was known (outage_id null).
create view supply_history as
  select ot.transformer_id, ot.outage_id, o.nature, ot.started_at, ot.ended_at
  from outage_transformer ot join outage o on o.id = ot.outage_id where o.state <> 'discarded'
  union all
  select transformer_id, null, null, started_at, ended_at
  from supply_interval where state = 'unknown' and withdrawn_at is null;

-- Major event days of the whole utility as they are known, looked for anew every hour. One that later news take away is withdrawn.
create table major_event_day (
  day           date primary key,  -- of the utility's calendar
  saidi_minutes double precision not null,
  t_med_minutes double precision not null,
  found_at      timestamptz not null,
  withdrawn_at  timestamptz
);
-- When they were last looked for; its row is the lock that makes one replica at a time do it.
create table major_event_check (
  only_row   boolean primary key default true check (only_row),
  checked_at timestamptz
);
insert into major_event_check (checked_at) values (null);
