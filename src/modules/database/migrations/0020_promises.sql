-- When the clock of a promise stood still: of all its stages, with the reason and what proves it.
create table deadline_pause (
  id                 bigint generated always as identity primary key,
  kind               text not null,
  subject_type       text not null,
  subject_id         bigint not null,
  paused_at          timestamptz not null,
  resumed_at         timestamptz check (resumed_at > paused_at),  -- null = it runs
  reason             text not null,
  evidence           text not null,
  paused_by          text not null,
  recorded_at        timestamptz not null,
  resumed_by         text,
  resume_recorded_at timestamptz
);
create index deadline_pause_promise on deadline_pause (kind, subject_type, subject_id);
create unique index deadline_pause_running on deadline_pause (kind, subject_type, subject_id) where resumed_at is null;

-- Who has a role of the escalation ladder; the area '' = wherever the area has nobody of its own.
create table duty_person (
  id          integer generated always as identity primary key,
  role        text not null,
  area        text not null,
  name        text not null,
  phone       text,
  changed_by  text not null,
  changed_at  timestamptz not null,
  unique (role, area, name)
);

-- Public holidays and made-up working days (调休) of a year. A change is a new row; the newest of a year counts.
create table calendar_year (
  id           integer generated always as identity primary key,
  year         integer not null,
  holidays     jsonb not null,  -- [{from, to, zh, en}], dates
  working_days jsonb not null,  -- weekend days on which work is made up
  source       text not null,
  changed_by   text not null,
  changed_at   timestamptz not null
);
create index calendar_year_newest on calendar_year (year, id desc);
insert into calendar_year (year, holidays, working_days, source, changed_by, changed_at) values
  (2025,
   '[{"from": "2025-01-01", "to": "2025-01-01", "zh": "元旦", "en": "New Year''s Day"},
     {"from": "2025-01-28", "to": "2025-02-04", "zh": "春节", "en": "Spring Festival"},
     {"from": "2025-04-04", "to": "2025-04-06", "zh": "清明节", "en": "Tomb-Sweeping Day"},
     {"from": "2025-05-01", "to": "2025-05-05", "zh": "劳动节", "en": "Labour Day"},
     {"from": "2025-05-31", "to": "2025-06-02", "zh": "端午节", "en": "Dragon Boat Festival"},
     {"from": "2025-10-01", "to": "2025-10-08", "zh": "国庆节、中秋节", "en": "National Day and Mid-Autumn Festival"}]',
   '["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]',
   '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）', 'release', now()),
  (2026,
   '[{"from": "2026-01-01", "to": "2026-01-03", "zh": "元旦", "en": "New Year''s Day"},
     {"from": "2026-02-15", "to": "2026-02-23", "zh": "春节", "en": "Spring Festival"},
     {"from": "2026-04-04", "to": "2026-04-06", "zh": "清明节", "en": "Tomb-Sweeping Day"},
     {"from": "2026-05-01", "to": "2026-05-05", "zh": "劳动节", "en": "Labour Day"},
     {"from": "2026-06-19", "to": "2026-06-21", "zh": "端午节", "en": "Dragon Boat Festival"},
     {"from": "2026-09-25", "to": "2026-09-27", "zh": "中秋节", "en": "Mid-Autumn Festival"},
     {"from": "2026-10-01", "to": "2026-10-07", "zh": "国庆节", "en": "National Day"}]',
   '["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]',
   '国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）', 'release', now());

-- What was done about a complaint's promises: the first word with the customer, and the answer.
create table complaint_step (
  complaint_id bigint not null references complaint,
  step         text not null check (step in ('contacted', 'answered')),
  at           timestamptz not null,
  by           text not null,
  note         text not null,
  recorded_at  timestamptz not null,
  primary key (complaint_id, step)
);
