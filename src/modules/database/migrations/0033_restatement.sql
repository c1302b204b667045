-- What a published report says since it was published, as it was last worked out; it stands until the journal tells of something
-- that the report rests on.
create table restatement (
  report_id      bigint primary key references published_report on delete cascade,
  seen           pg_snapshot not null,  -- the state of the database that it is true of
  looked_at      timestamptz not null,
  policy_version integer not null,
  known          jsonb not null,  -- the total row
  outages        jsonb not null   -- [{outageId, customerMinutes, customerInterruptions}], known minus published
);
-- Of which nature an outage was when it was published: a later correction moves its minutes from faults to planned works or back.
alter table published_outage add column nature text;
