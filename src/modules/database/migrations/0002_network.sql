-- Nodes of the network tree. `parent_id` and `path` (root first, the asset itself last) are today's tree; asset_parent is its history.
create table asset (
  id               integer generated always as identity primary key,
  code             text not null unique,
  kind             text not null check (kind in ('substation', 'feeder', 'section', 'transformer')),
  parent_id        integer references asset,
  path             integer[] not null,
  name             text not null,
  area             text not null default '',
  setting          text not null default 'urban' check (setting in ('urban', 'rural', 'remote')),
  capacity_kva     real,
  tap_position     smallint,
  tap_count        smallint,
  tap_step_percent real,
  longitude        double precision,
  latitude         double precision,
  owner            text,  -- 设备主人
  manager          text   -- 客户经理
);
create index asset_path on asset using gin (path);
create index asset_parent_id on asset (parent_id);
create index asset_kind_area on asset (kind, area, id);

-- Which parent an asset had when. valid_to null = still. The first row of an asset begins at -infinity.
create table asset_parent (
  asset_id   integer not null references asset,
  parent_id  integer references asset,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  primary key (asset_id, valid_from),
  check (valid_to is null or valid_to > valid_from)
);
create unique index asset_parent_current on asset_parent (asset_id) where valid_to is null;

create table terminal (
  id               integer generated always as identity primary key,
  code             text not null unique,
  transformer_id   integer not null references asset,
  interval_seconds integer not null default 60 check (interval_seconds between 1 and 86400),
  shard            text  -- last routing level seen, where commands go; null until the first message
);
create index terminal_transformer on terminal (transformer_id);

create table customer (
  id             integer generated always as identity primary key,
  account_no     text not null unique,  -- 户号
  name           text not null default '',
  transformer_id integer not null references asset,
  phase          text check (phase in ('A', 'B', 'C', 'ABC')),
  category       text not null default 'residential' check (category in ('residential', 'commercial', 'industrial', 'important')),
  importance     smallint not null default 0,
  mobile         text,
  landline       text,
  address        text not null default '',
  remote_switch  boolean not null default false,
  language       text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  sms            boolean not null default true
);
create index customer_on_transformer on customer (transformer_id);
create index customer_mobile on customer (mobile) where mobile is not null;

-- Which transformer a customer hung on when; like asset_parent.
create table customer_transformer (
  customer_id    integer not null references customer,
  transformer_id integer not null references asset,
  valid_from     timestamptz not null,
  valid_to       timestamptz,
  primary key (customer_id, valid_from),
  check (valid_to is null or valid_to > valid_from)
);
create index customer_transformer_at on customer_transformer (transformer_id);
create unique index customer_transformer_current on customer_transformer (customer_id) where valid_to is null;

-- All ancestors of an asset as the tree was at an instant, the asset itself included.
create function ancestors_at(leaf integer, moment timestamptz) returns table (asset_id integer)
language sql stable as $$
  with recursive up as (
    select leaf as asset_id
    union
    select p.parent_id from up
    join asset_parent p on p.asset_id = up.asset_id
     and p.valid_from <= moment and (p.valid_to is null or p.valid_to > moment)
    where p.parent_id is not null
  )
  select asset_id from up
$$;

-- All transformers that hung below an asset at an instant.
create function transformers_below_at(top integer, moment timestamptz) returns table (transformer_id integer)
language sql stable as $$
  with recursive down as (
    select top as asset_id
    union
    select p.asset_id from down
    join asset_parent p on p.parent_id = down.asset_id
     and p.valid_from <= moment and (p.valid_to is null or p.valid_to > moment)
  )
  select a.id from down join asset a on a.id = down.asset_id where a.kind = 'transformer'
$$;
create index asset_parent_of on asset_parent (parent_id);
