-- Versions of the policy are written by the file at the start, or by a person; of those that have begun the one written last is in force.
alter table policy_version
  add column from_file   boolean not null default true,
  add column recorded_at timestamptz,
  add column note        text not null default '';
update policy_version set recorded_at = effective_from;
alter table policy_version alter column recorded_at set not null;
