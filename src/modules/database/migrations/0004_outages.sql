create table planned_outage (
  id            bigint generated always as identity primary key,
  external_id   text not null unique,
  nature        text not null check (nature in ('planned', 'temporary', 'rationing')),
  starts_at     timestamptz not null,
  ends_at       timestamptz not null,
  reason        text not null default '',
  state         text not null default 'registered' check (state in ('registered', 'cancelled')),
  registered_at timestamptz not null,
  changed_at    timestamptz not null,
  check (ends_at > starts_at)
);
create index planned_outage_list on planned_outage (starts_at desc, id desc);
create index planned_outage_window on planned_outage (starts_at, ends_at) where state = 'registered';
create table planned_outage_asset (
  planned_outage_id bigint not null references planned_outage on delete cascade,
  asset_id          integer not null references asset,
  primary key (planned_outage_id, asset_id)
);
create index planned_outage_asset_of on planned_outage_asset (asset_id);

-- An interval without supply of a set of transformers with one cause.
create table outage (
  id                       bigint generated always as identity primary key,
  state                    text not null check (state in ('suspected', 'confirmed', 'restored', 'closed', 'discarded')),
  nature                   text not null check (nature in ('fault', 'planned', 'temporary', 'rationing')),
  cause                    text not null default '',
  root_asset_id            integer not null references asset,
  area                     text not null,
  started_at               timestamptz not null,
  confirmed_at             timestamptz,
  ended_at                 timestamptz,
  estimated_restoration_at timestamptz,
  planned_outage_id        bigint references planned_outage,
  parent_id                bigint references outage,      -- nested outage: left over when the parent was restored
  merged_into_id           bigint references outage,
  momentary                boolean not null default false, -- over before the momentary filter; no notices
  customers_affected       integer not null default 0,
  customers_restored       integer not null default 0,
  evidence                 jsonb not null default '{}',
  decided                  jsonb not null default '{}',   -- fields set by a person; rules leave them alone
  known_at                 timestamptz not null,
  policy_version           integer not null,
  revision                 integer not null default 0
);
create index outage_open on outage (root_asset_id) where state in ('suspected', 'confirmed');
create index outage_planned on outage (planned_outage_id) where planned_outage_id is not null;
create index outage_list on outage (started_at desc, id desc);
-- Per-transformer intervals: step restoration. A transformer is in one open outage at most.
create table outage_transformer (
  id             bigint generated always as identity unique,
  outage_id      bigint not null references outage,
  transformer_id integer not null references asset,
  not_before     timestamptz,            -- earliest it can have begun (last reading, begin of silence); null = started_at is exact
  started_at     timestamptz not null,
  ended_at       timestamptz,
  source         text not null,
  end_source     text,                   -- 'dispatcher': a person's word that measurement has not confirmed yet
  customers      integer not null,
  primary key (outage_id, transformer_id, started_at)
);
create unique index outage_transformer_open on outage_transformer (transformer_id) where ended_at is null;
create index outage_transformer_history on outage_transformer (transformer_id, started_at);
