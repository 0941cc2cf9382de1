-- Read models are made anew in tables of their own, beside those that are read, and a stream that one of them cannot
-- take in waits alone.

-- A stream that a projection could not take in, from that event on; what came later in the stream waits behind it.
create table termwise.parked (
  projection text not null,
  stream text not null,
  position bigint not null,
  version integer not null,
  error text not null,
  attempts integer not null default 1,
  parked_at timestamptz not null default clock_timestamp(),
  next_at timestamptz not null,
  constraint parked_once primary key (projection, stream)
);
comment on column termwise.parked.position is 'of the first event that was not taken in; `version` is its place in the stream';
comment on column termwise.parked.next_at is 'when it is tried again by itself';

-- A read model that is being made: its tables are in the schema `termwise_build_` and its number.
create table termwise.build (
  projection text primary key,
  version integer not null,
  number bigint generated always as identity,
  begun_at timestamptz not null default clock_timestamp()
);

create function termwise.drop_build(i_projection text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
  old bigint;
begin
  delete from termwise.build where projection = i_projection returning number into old;
  if old is not null then
    execute format('drop schema if exists %I cascade', 'termwise_build_' || old);
  end if;
end $$;

-- Empty tables like those of the projection, with a checkpoint and a list of parked streams of their own. Unlogged: they
-- are quick to fill, and after a crash of the server they are empty, checkpoint and all, so that nothing half-made is
-- ever gone on with.
create function termwise.begin_build(i_projection text, i_version integer, i_tables text[]) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  made bigint;
  place text;
  name text;
begin
  perform termwise.drop_build(i_projection);
  insert into termwise.build (projection, version) values (i_projection, i_version) returning number into made;
  place := 'termwise_build_' || made;
  execute format('create schema %I', place);
  execute format('grant usage on schema %I to %I', place, session_user);
  foreach name in array i_tables || array['checkpoint', 'parked'] loop
    execute format('create unlogged table %1$I.%2$I (like termwise.%2$I including all)', place, name);
    execute format('grant all on %I.%I to %I', place, name, session_user);
  end loop;
  return place;
end $$;

-- Make a table say what the one that was made beside it says, by writing only the rows that differ: whoever reads it sees
-- the old rows until the transaction ends, and nobody waits. At most `i_limit` rows; how many they were is returned.
-- `i_also` are further conditions on a row `r`, and `$1`, `$2` in them are the two values that are given.
create function termwise.take_over(i_place text, i_table text, i_keeps boolean, i_also text, i_position bigint,
                                   i_streams text[], i_limit bigint)
returns bigint language plpgsql as $$
declare
  target regclass := format('termwise.%I', i_table)::regclass;
  source regclass := format('%I.%I', i_place, i_table)::regclass;
  keys text[] := array(select quote_ident(a.attname) from pg_index i join pg_attribute a
                         on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
                        where i.indrelid = target and i.indisprimary);
  columns text[] := array(select quote_ident(attname) from pg_attribute
                           where attrelid = source and attnum > 0 and not attisdropped and attgenerated = ''
                           order by attnum);
  same text := (select string_agg(format('t.%1$s = b.%1$s', k), ' and ') from unnest(keys) k);
  names text := array_to_string(columns, ', ');
  moved bigint := 0;
  written bigint;
begin
  if not i_keeps then
    execute format('delete from termwise.%1$I t using (select r.ctid from termwise.%1$I r where %2$s and %3$s limit $3) d
                     where t.ctid = d.ctid',
                   i_table, i_also, case when cardinality(keys) = 0 then 'true' else
                   format('not exists (select from %s b where %s)', source, replace(same, 't.', 'r.')) end)
      using i_position, i_streams, i_limit;
    get diagnostics moved = row_count;
  end if;
  execute format('insert into termwise.%1$I as r (%2$s) select %3$s from %4$s b %5$s where %6$s and %7$s limit $3 %8$s',
    i_table, names, 'b.' || array_to_string(columns, ', b.'), source,
    case when cardinality(keys) = 0 then '' else format('left join termwise.%I t on %s', i_table, same) end,
    case when cardinality(keys) = 0 then 'true'
         when i_keeps then 't.' || keys[1] || ' is null'
         else format('(t.%s is null or (%s and t *<> b))', keys[1], replace(i_also, 'r.', 't.')) end,
    replace(i_also, 'r.', 'b.'),
    case when cardinality(keys) = 0 or i_keeps then 'on conflict do nothing'
         else format('on conflict (%s) do update set %s where %s', array_to_string(keys, ', '),
                     (select string_agg(format('%1$s = excluded.%1$s', c), ', ') from unnest(columns) c), i_also) end)
    using i_position, i_streams, i_limit;
  get diagnostics written = row_count;
  return moved + written;
end $$;

-- Without a path of their own, these write to the tables in front on the path of whoever calls them: an append's are the
-- inbox itself, a rebuild's are those that it makes.
alter function termwise.apply_inbox(uuid[], bigint[], text[], text[]) reset search_path;
alter function termwise.move_inbox(uuid, text) reset search_path;
drop function termwise.adopt(text, boolean);
