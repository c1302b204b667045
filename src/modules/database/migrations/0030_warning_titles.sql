-- Warnings in English, too. What was raised before has only its Chinese title.
alter table warning add column title_en text not null default '';
update warning set title_en = title;
