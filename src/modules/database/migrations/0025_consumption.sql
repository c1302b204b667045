-- Energy of one customer in one calendar month, as the billing system has it.
create table monthly_energy (
  customer_id integer not null references customer,
  month       date not null,  -- its first day
  kwh         numeric(12, 2) check (kwh >= 0),  -- null = not read
  reading     text not null check (reading in ('actual', 'estimated', 'missing')),
  recorded_at timestamptz not null,
  primary key (customer_id, month)
);
-- Homes and shops known to be empty, so that nothing used is nothing strange.
create table vacancy (
  customer_id integer not null references customer,
  from_date   date not null,
  to_date     date,  -- last day; null = still
  note        text not null,
  recorded_at timestamptz not null,
  primary key (customer_id, from_date),
  check (to_date >= from_date)
);
-- A customer to be looked at. Of zero consumption one that is not over; of abnormal consumption one for each month.
create table consumption_finding (
  id             bigint generated always as identity primary key,
  customer_id    integer not null references customer,
  transformer_id integer not null references asset,
  kind           text not null check (kind in ('zero', 'abnormal')),
  month          date not null,  -- the newest month that it rests on
  state          text not null default 'open' check (state in ('open', 'reviewed', 'over')),
  detail         jsonb not null,  -- the judgement line by line (domain/consumption)
  found_at       timestamptz not null,
  ended_at       timestamptz,
  review         jsonb,  -- {result, note, by, at}
  policy_version integer not null
);
create unique index consumption_finding_zero on consumption_finding (customer_id) where kind = 'zero' and state <> 'over';
create unique index consumption_finding_abnormal on consumption_finding (customer_id, month) where kind = 'abnormal';
create index consumption_finding_list on consumption_finding (found_at desc, id desc);
create index consumption_finding_open on consumption_finding (transformer_id, kind) where state = 'open';
