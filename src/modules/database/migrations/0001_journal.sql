-- The spine: everything that happened, append-only. Read in the order (xid, id), never by id alone: see modules/journal/follow.ts.
create table journal (
  id           bigint generated always as identity primary key,
  xid          xid8 not null default pg_current_xact_id(),
  type         text not null,
  subject_type text not null,
  subject_id   bigint not null,
  happened_at  timestamptz not null,  -- when it became true in the world
  known_at     timestamptz not null,  -- when the service knew
  actor        text not null,         -- 'system', or the name of the person or key
  data         jsonb not null
);
create index journal_order on journal (xid, id);
create index journal_subject on journal (subject_type, subject_id, id);

-- How far each follower has read. Its row is the lock that makes one replica at a time do the follower's work.
create table follower_cursor (
  follower text primary key,
  xid      xid8 not null default '0',
  id       bigint not null default 0,
  moved_at timestamptz
);

-- An entry that a follower could not digest after several tries: set aside with the reason, so that the rest goes on. Can be re-driven.
create table follower_failure (
  follower   text not null,
  journal_id bigint not null references journal,
  error      text not null,
  failed_at  timestamptz not null,
  primary key (follower, journal_id)
);

create table storage_profile (
  only_row boolean primary key default true check (only_row),
  profile  text not null check (profile in ('timescaledb', 'timescaledb-apache', 'postgres'))
);

-- Each policy (limits and rules) that ever was in force, by content. Warnings, outages and deadlines name the version they were decided by.
create table policy_version (
  id             integer generated always as identity primary key,
  profile        text not null,
  digest         text not null,
  policy         jsonb not null,
  effective_from timestamptz not null,
  changed_by     text not null
);
