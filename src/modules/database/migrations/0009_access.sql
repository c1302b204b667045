create table api_key (
  id           integer generated always as identity primary key,
  name         text not null unique,
  secret_hash  bytea not null unique,  -- SHA-256; the key itself has 256 random bits, so a slow hash would add nothing
  roles        text[] not null,
  created_at   timestamptz not null,
  created_by   text not null,
  revoked_at   timestamptz
);
-- Who read which customer's name or number in clear.
create table personal_data_access (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  actor       text not null,
  route       text not null,
  customer_id integer references customer
);
