-- A work that was registered, or last moved, later than its rule demands: {requiredHours, givenHours, source}; null = in time.
alter table planned_outage add column registered_late jsonb;
-- What is being done about an outage, in the words of those who do it. Never changed, never removed.
create table outage_progress (
  id        bigint generated always as identity primary key,
  outage_id bigint not null references outage,
  at        timestamptz not null,
  by        text not null,   -- who reports
  actor     text not null,   -- whose key wrote it down
  note      text not null
);
create index outage_progress_of on outage_progress (outage_id, at);
create index outage_children on outage (parent_id) where parent_id is not null;
