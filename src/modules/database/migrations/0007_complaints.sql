create table complaint (
  id                  bigint generated always as identity primary key,
  external_id         text not null unique,
  channel             text not null check (channel in ('hotline', 'online', 'regulator', 'government', 'media')),
  category            text not null check (category in ('supply_quality', 'outage', 'repair_quality', 'metering', 'price_and_fee', 'reading_and_dunning', 'meter_installation', 'connection_works', 'inspection', 'service_channel', 'service_conduct', 'industry_ethics')),
  category_confidence real not null,
  state               text not null default 'open' check (state in ('open', 'answered', 'closed')),
  account_no          text,  -- as the caller gave it, also when the register does not know it
  customer_id         integer references customer,
  caller_phone        text,
  address             text,
  text                text not null,
  received_at         timestamptz not null,
  recorded_at         timestamptz not null
);
create index complaint_list on complaint (received_at desc, id desc);
create index complaint_unknown_account on complaint (account_no) where customer_id is null;
create index complaint_customer on complaint (customer_id, received_at);
-- Callers are found by the number they call from.
create index customer_landline on customer (landline) where landline is not null;
-- What a complaint is traced to. A person's decision (confirmed, rejected) is never overwritten by a rule.
create table complaint_link (
  complaint_id bigint not null references complaint,
  event_type   text not null check (event_type in ('outage', 'episode', 'disconnection', 'planned_outage')),
  event_id     bigint not null,
  score        real not null,
  status       text not null check (status in ('proposed', 'linked', 'confirmed', 'rejected')),
  evidence     jsonb not null,  -- [{term, points, text}]
  decided_by   text,  -- who confirmed or rejected; 'system' = the rules withdrew it with its event
  decided_at   timestamptz,
  note         text,
  linked_at    timestamptz not null,
  primary key (complaint_id, event_type, event_id)
);
create index complaint_link_event on complaint_link (event_type, event_id);
