-- How far the journal can be read: entries of transactions below this number are all there or will never be. It is the oldest
-- running transaction that may write the journal. Transactions of other databases of the server, and of its background workers
-- (vacuum, compression, replication), can not, so an hour-long load elsewhere holds no warning back. Whose a running transaction
-- is, is asked after the snapshot was taken: one that has ended since, or whose owner may not be seen, counts as ours.
create function journal_horizon() returns xid8
  language sql
  stable  -- one snapshot with the statement that calls it
as $$
  select coalesce(min(running.xid), pg_snapshot_xmax(pg_current_snapshot()))
  from pg_snapshot_xip(pg_current_snapshot()) as running(xid)
  where not exists (
    select from pg_stat_activity as owner
    where owner.backend_xid = running.xid::xid
      and (owner.datid is distinct from (select oid from pg_database where datname = current_database())
           or owner.backend_type <> 'client backend')
  )
$$;

-- The same index as outage_children.
drop index outage_parent;
