-- Event time of the first word on the transformer's supply, by whichever terminal: from then on supply is known, or a row of
-- supply_interval says that it is not. Late data move it back; null = no word ever.
alter table transformer_state add column known_since timestamptz;
update transformer_state s set known_since = least(
    s.supply_since,
    (select min(r.ts) from reading r where r.transformer_id = s.transformer_id),
    (select min(i.started_at) from supply_interval i where i.transformer_id = s.transformer_id))
where s.supply_since is not null;

-- What the reliability report counts: losses of supply, and stretches in which nothing was known (outage_id null), also those before the
-- first word. Of a transformer that never had a terminal nothing is said.
create or replace view supply_history as
  select ot.transformer_id, ot.outage_id, o.nature, ot.started_at, ot.ended_at
  from outage_transformer ot join outage o on o.id = ot.outage_id where o.state <> 'discarded'
  union all
  select transformer_id, null, null, started_at, ended_at
  from supply_interval where state = 'unknown' and withdrawn_at is null
  union all
  select a.id, null, null, '-infinity', s.known_since
  from asset a left join transformer_state s on s.transformer_id = a.id
  where a.kind = 'transformer' and (s.known_since is not null or exists (select from terminal t where t.transformer_id = a.id));
