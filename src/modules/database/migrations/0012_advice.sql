-- Advice with its arithmetic, computed after the warning was raised: [{kind, text, textEn, arithmetic, source}]. While it is empty
-- the general first steps in `advice` stand alone.
alter table warning add column advised jsonb not null default '[]';

-- What was done about bad voltage, as somebody recorded it; whether it helped is computed from readings when it is read.
create table corrective_action (
  id             bigint generated always as identity primary key,
  transformer_id integer not null references asset,
  kind           text not null check (kind in ('tap_moved', 'customers_moved', 'load_shifted')),
  from_value     text not null,
  to_value       text not null,
  acted_at       timestamptz not null,
  acted_by       text not null,
  note           text not null,
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  unique (transformer_id, kind, acted_at)
);
