-- A promise with an instant, or a stage before or after it. One row per stage; a row fires once.
create table deadline (
  id             bigint generated always as identity primary key,
  kind           text not null,
  subject_type   text not null,
  subject_id     bigint not null,
  stage          text not null,
  due_at         timestamptz not null,  -- of a row in 'paused': what it would be had the pause that runs not begun
  state          text not null default 'pending' check (state in ('pending', 'paused', 'fired', 'met', 'cancelled')),
  settled_at     timestamptz,  -- when the row left 'pending'
  ended_at       timestamptz,  -- when the promise ended, where its owner knows the instant
  receipt        jsonb not null,  -- the arithmetic: start, limit, profile, source, pauses, due
  policy_version integer not null,
  area           text not null default '',  -- of its subject: whose people a stage is taken to
  escalated_role text,    -- to whom the stage was taken when it fired...
  escalated_to   text[],  -- ...and who that was
  counted        boolean not null default false,  -- its end is in deadlines_total
  unique (kind, subject_type, subject_id, stage)
);
create index deadline_uncounted on deadline (id) where state not in ('pending', 'paused') and not counted;
create index deadline_list on deadline (due_at, id);
-- In the order of the sweep: with due_at alone the planner walks deadline_list, past everything that ever fired, at every look.
create index deadline_due on deadline (due_at, id) where state = 'pending';
create index deadline_subject on deadline (subject_type, subject_id);
-- What is counted at every scrape is hardly ever there.
create index deadline_paused on deadline (id) where state = 'paused';
create index deadline_without_calendar on deadline (id)
  where state in ('pending', 'paused') and receipt #> '{working,withoutCalendar}' <> '[]';

-- A fact that a person must act on. One live warning per kind and subject.
create table warning (
  id              bigint generated always as identity primary key,
  kind            text not null,
  severity        text not null check (severity in ('critical', 'major', 'minor', 'info')),
  status          text not null default 'open' check (status in ('open', 'acknowledged', 'resolved')),
  subject_type    text not null,
  subject_id      bigint not null,
  subject_code    text not null,
  subject_name    text not null,
  area            text not null,
  asset_id        integer references asset,  -- where it is on the network, for filters
  title           text not null,
  happened_at     timestamptz not null,
  known_at        timestamptz not null,
  due_at          timestamptz,
  acknowledged_at timestamptz,
  resolved_at     timestamptz,
  assignee        text,
  outage_id       bigint references outage,
  policy_version  integer not null,
  evidence        jsonb not null,
  advice          jsonb not null default '[]',
  revisions       jsonb not null default '[]'  -- [{at, changed:{field:[before, after]}, why}]
);
create unique index warning_live on warning (kind, subject_type, subject_id) where status <> 'resolved';
create index warning_list on warning (happened_at desc, id desc);
create index warning_unresolved on warning (happened_at desc, id desc) where status <> 'resolved';
create index warning_subject on warning (subject_type, subject_id);
create index warning_outage on warning (outage_id) where outage_id is not null;
create table warning_comment (
  id         bigint generated always as identity primary key,
  warning_id bigint not null references warning,
  actor      text not null,
  at         timestamptz not null,
  action     text not null,
  note       text not null
);
