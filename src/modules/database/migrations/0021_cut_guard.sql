alter table dunning_step
  add external_id text unique,
  add note        text not null,
  add promised_on date,  -- the day by which the customer promised to pay
  add recorded_at timestamptz not null,
  add constraint dunning_step_result check
    (result in ('reached', 'promised', 'delivered', 'refused', 'not_reached', 'wrong_contact', 'unclassified'));

alter table disconnection
  add authority_informed_at timestamptz,  -- of an important customer's notice
  add responsible_unit      text,         -- who answers for it, as reported; else who owns or manages the transformer
  add responsible_person    text,
  add cancelled_at          timestamptz,  -- the plan was called off before it was done
  add cancelled_by          text,
  add cancellation          jsonb,        -- {note, findings:[...]}: why
  add checked_at            timestamptz,  -- when the rules last judged it
  add policy_version        integer;
comment on column disconnection.missing_steps is 'what stands against it: [{rule, step, kind, field, zh, en, remedy, source}]';
create index disconnection_pending on disconnection (customer_id) where disconnected_at is null and cancelled_at is null;
create index disconnection_list on disconnection (planned_at desc, id desc);
create index disconnection_done on disconnection (disconnected_at) where disconnected_at is not null;

create index arrears_open on arrears (due_on, customer_id) where cleared_at is null;
create index arrears_cleared on arrears (cleared_at) where cleared_at is not null;

-- Owner and tenant are both kept: who uses the power is not always who gets the bill.
create table customer_contact (
  id          bigint generated always as identity primary key,
  external_id text not null unique,
  customer_id integer not null references customer,
  role        text not null check (role in ('owner', 'tenant', 'other')),
  name        text not null,
  phone       text,
  valid_from  timestamptz not null,
  valid_to    timestamptz,
  source      text not null,  -- where it is known from: lease, meter reader, call
  recorded_at timestamptz not null,
  check (valid_to is null or valid_to > valid_from)
);
create index customer_contact_of on customer_contact (customer_id, valid_from);

-- Why nobody may be cut for a time: one account, an area, or (both null) everywhere.
create table cut_protection (
  id          bigint generated always as identity primary key,
  external_id text not null unique,
  kind        text not null check (kind in ('life_support', 'supply_guarantee', 'hardship', 'dispute', 'extreme_heat', 'extreme_cold', 'disaster', 'other')),
  customer_id integer references customer,
  area        text,
  valid_from  timestamptz not null,
  valid_to    timestamptz,
  reason      text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  check (customer_id is null or area is null),
  check (valid_to is null or valid_to > valid_from)
);
create index cut_protection_customer on cut_protection (customer_id) where customer_id is not null;
create index cut_protection_area on cut_protection (area, valid_from) where customer_id is null;
create index cut_protection_list on cut_protection (valid_from desc, id desc);
