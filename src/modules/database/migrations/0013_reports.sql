-- Reliability figures as they were published, with what each outage added to them: what is known later is held against them.
create table published_report (
  id             bigint generated always as identity primary key,
  published_at   timestamptz not null,
  published_by   text not null,
  policy_version integer not null,
  from_ts        timestamptz not null,
  to_ts          timestamptz not null,
  area           text,
  nature         text,
  sustained_minutes real not null,
  cemi_more_than integer not null,
  note           text not null,
  figures        jsonb not null  -- the total row
);
create table published_outage (
  report_id              bigint not null references published_report on delete cascade,
  outage_id              bigint not null references outage,
  customer_minutes       double precision not null,
  customer_interruptions bigint not null,
  primary key (report_id, outage_id)
);
