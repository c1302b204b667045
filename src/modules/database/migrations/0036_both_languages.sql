-- Evidence of complaint links and reasons in a warning's history in English, too. What was written before has only its Chinese words.
update complaint_link l set evidence = (
  select jsonb_agg(e || jsonb_build_object('textEn', e -> 'text') order by n)
  from jsonb_array_elements(l.evidence) with ordinality as x(e, n))
where l.evidence <> '[]';
update warning w set revisions = (
  select jsonb_agg(r || jsonb_build_object('whyEn', r -> 'why') order by n)
  from jsonb_array_elements(w.revisions) with ordinality as x(r, n))
where w.revisions <> '[]';
alter table warning_comment add column note_en text;  -- null = a person's words, in whatever language
