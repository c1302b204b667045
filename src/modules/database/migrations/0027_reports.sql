-- What the reliability report counts: losses of supply, and stretches in which nothing was known (outage_id null).
create view supply_history as
  select ot.transformer_id, ot.outage_id, o.nature, ot.started_at, ot.ended_at
  from outage_transformer ot join outage o on o.id = ot.outage_id where o.state <> 'discarded'
  union all
  select transformer_id, null, null, started_at, ended_at
  from supply_interval where state = 'unknown' and withdrawn_at is null;
