-- The board asks for what is open, the longest first, again and again; without this it walks past every outage there ever was.
create index outage_open_list on outage (started_at, id) where state in ('suspected', 'confirmed');

-- Warnings in English, too. What was raised before has only its Chinese title.
alter table warning add column title_en text not null default '';
update warning set title_en = title;
