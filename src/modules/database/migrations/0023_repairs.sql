-- Who is responsible for what, by business and area; '' = everywhere, business 'default' = what nothing else fits.
create table responsibility_route (
  business text not null,
  area     text not null,
  unit     text not null,
  person   text,
  phone    text,
  primary key (business, area)
);

-- One crew's way to one fault, from whichever call it was heard. The instants are what stands of repair_leg.
create table repair_job (
  id             bigint generated always as identity primary key,
  transformer_id integer references asset,
  outage_id      bigint references outage,
  extent         text not null check (extent in ('premises', 'several', 'area', 'unknown')),
  reported_at    timestamptz not null,  -- the first report
  dispatched_at  timestamptz,
  arrived_at     timestamptz,
  repaired_at    timestamptz,           -- by the crew's word
  crew           text,
  grouped_into   bigint references repair_job,  -- its orders went over to that job
  done_at        timestamptz            -- no order of it is open any more
);
create index repair_job_open on repair_job (transformer_id) where done_at is null;
create index repair_job_outage on repair_job (outage_id) where outage_id is not null;

-- Every call about missing supply: answered from what is known, or made a repair order.
create table fault_report (
  id             bigint generated always as identity primary key,
  external_id    text unique,
  account_no     text,  -- as the caller gave it, also when the register does not know it
  customer_id    integer references customer,
  transformer_id integer references asset,
  area           text not null,
  address        text,
  caller_phone   text,
  contact        text,
  symptom        text not null,
  found_at       timestamptz,
  place          text,
  extent         text not null check (extent in ('premises', 'several', 'area', 'unknown')),
  first_guess    text,
  reported_at    timestamptz not null,
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  outcome        text not null check (outcome in ('known_cause', 'repair_order')),
  cause          text check (cause in ('planned', 'temporary', 'fault', 'rationing', 'arrears', 'violation', 'theft')),
  event_type     text,  -- what the call is traced to, also of a forced order
  event_id       bigint,
  answer         jsonb,  -- what was said, in both languages
  forced         jsonb,  -- {why: 'dispatcher' | 'hazard', text, by}: an order in spite of a known cause
  given          jsonb not null,  -- the call as it was sent, to tell a repeated one from another
  check (outcome <> 'known_cause' or (cause is not null and event_id is not null))
);
create index fault_report_list on fault_report (reported_at desc, id desc);
create index fault_report_event on fault_report (event_type, event_id) where event_id is not null;
create index fault_report_customer on fault_report (customer_id, reported_at);

create table repair_order (
  id              bigint generated always as identity primary key,
  report_id       bigint not null unique references fault_report,
  job_id          bigint not null references repair_job,
  round           smallint not null default 1,  -- 2 = the customer was not satisfied and it went back
  started_at      timestamptz not null,         -- when the clocks of the round began
  setting         text not null check (setting in ('urban', 'rural', 'remote')),
  setting_known   boolean not null,
  unit            text,
  person          text,
  route_note      jsonb,  -- {zh, en}: why there is no unit
  state           text not null default 'reported' check (state in ('reported', 'dispatched', 'arrived', 'repaired', 'closed')),
  restored_at     timestamptz,
  restored_source text check (restored_source in ('observed', 'claimed')),
  called_back_at  timestamptz,
  outcome         text check (outcome in ('satisfied', 'unsatisfied', 'not_reached')),
  policy_version  integer not null
);
create index repair_order_of_job on repair_order (job_id);
create index repair_order_open on repair_order (state) where state <> 'closed';

-- The jobs that an order was in, one after the other.
create table repair_order_job (
  order_id bigint not null references repair_order,
  job_id   bigint not null references repair_job,
  since    timestamptz not null,
  why      text not null,
  primary key (order_id, job_id)
);

-- Every booking of a leg, and what telemetry saw. Never changed: a later booking of the same leg corrects.
create table repair_leg (
  id             bigint generated always as identity primary key,
  job_id         bigint not null references repair_job,
  leg            text not null check (leg in ('dispatched', 'arrived', 'repaired')),
  source         text not null check (source in ('claimed', 'observed')),
  transformer_id integer references asset,  -- of what was observed
  at             timestamptz,               -- null: what was observed before was taken back by later data
  by             text not null,
  note           text not null,
  actor          text not null,
  recorded_at    timestamptz not null
);
create index repair_leg_job on repair_leg (job_id, id);

create table repair_callback (
  id          bigint generated always as identity primary key,
  order_id    bigint not null references repair_order,
  round       smallint not null,
  at          timestamptz not null,
  by          text not null,
  reached     boolean not null,
  satisfied   boolean,
  note        text not null,
  actor       text not null,
  recorded_at timestamptz not null
);
create index repair_callback_order on repair_callback (order_id, id);

-- Opinions, suggestions and other business of a call or counter: recorded and passed on to the responsible unit.
create table service_request (
  id             bigint generated always as identity primary key,
  external_id    text not null unique,
  business       text not null,
  account_no     text,
  customer_id    integer references customer,
  area           text not null,
  contact        text,
  text           text not null,
  confirmed_at   timestamptz not null,  -- with the customer; the clock starts here
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  unit           text,
  person         text,
  route_note     jsonb,
  passed_on_at   timestamptz,
  passed_on_by   text,
  policy_version integer not null
);
create index service_request_list on service_request (confirmed_at desc, id desc);
create index service_request_waiting on service_request (id) where passed_on_at is null;
