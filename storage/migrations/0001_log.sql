-- The log: what has happened, in one order. Everything else can be made again from these three tables.

-- One row. Whoever holds its lock gives out positions, so they are dense and in commit order.
create table termwise.head (
  one boolean primary key default true constraint head_is_one_row check (one),
  position bigint not null
) with (fillfactor = 10);
insert into termwise.head (position) values (0);

-- One row per instance. What never changes about it is kept here for those who write read models.
create table termwise.stream (
  id uuid primary key,
  name text not null constraint stream_name_is_unique unique,
  version integer not null,
  root text not null,
  process text not null,
  title text not null,
  cycle text not null,
  definition text not null
) with (fillfactor = 80);

-- `data` is json, not jsonb: the bytes stay as they were written, so a hash over them can be checked.
create table termwise.event (
  position bigint primary key,
  stream uuid not null,
  version integer not null,
  type text not null,
  schema_v smallint not null,
  command uuid not null,
  nth smallint not null,
  of smallint not null,
  occurred_at timestamptz not null,
  actor text not null,
  recorded_at timestamptz not null,
  data json not null
);
comment on column termwise.event.nth is 'place among the events of its command, from 1';
comment on column termwise.event.of is 'how many events its command has';
create unique index event_by_stream on termwise.event (stream, version);
-- One entry per command: this is what makes a repeated command return its first result.
create unique index event_by_command on termwise.event (command, stream) where nth = 1;

create function termwise.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of termwise.% is refused: what has happened stays; a correction is a new event',
    lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger event_rows_stay before update or delete on termwise.event
  for each row execute function termwise.refuse_change();
create trigger event_table_stays before truncate on termwise.event
  for each statement execute function termwise.refuse_change();
