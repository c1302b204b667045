-- What people decided about outages, so that the last of it can be taken back. Never changed but for being undone, never removed.
create table outage_decision (
  id          bigint generated always as identity primary key,
  kind        text not null check (kind in ('change', 'merge', 'split', 'discard')),
  outage_ids  bigint[] not null,   -- all outages that it touched
  at          timestamptz not null,
  actor       text not null,
  note        text not null default '',
  before      jsonb not null,      -- see decision-log.ts
  undone_at   timestamptz,
  undone_by   text,
  undone_note text
);
create index outage_decision_of on outage_decision using gin (outage_ids);
-- The outage around a transformer whose customers say that supply is still away.
create index outage_over on outage (root_asset_id, ended_at) where ended_at is not null;
