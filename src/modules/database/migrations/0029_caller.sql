-- Who calls: the account by its number, else by a calling number, else by an address, that only one account has. Null = not known.
create function customer_of(account text, calling_number text, place text) returns integer language sql stable as $$
  select coalesce(
    (select id from customer where account_no = account),
    (select case when count(*) = 1 then min(id) end from customer where mobile = calling_number or landline = calling_number),
    -- Of an address of many, such as a whole estate, two are enough to know that it names nobody.
    (select case when count(*) = 1 then min(id) end
     from (select id from customer where address = btrim(place) and address <> '' limit 2) living))
$$;
create index customer_address on customer (address) where address <> '';
