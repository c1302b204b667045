-- Group of connection of a transformer's windings: Yyn0 bears less current unbalance than Dyn11. Null = not registered.
alter table asset add column connection text check (connection in ('Yyn0', 'Dyn11'));
