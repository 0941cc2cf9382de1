-- How far each read model has come, and the means to make it anew or to check it beside the living one.

create table termwise.checkpoint (
  projection text primary key,
  version integer not null,
  position bigint not null,
  moved_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- An empty temporary table that stands in front of the real one until the transaction ends.
create function termwise.twin(i_table text) returns void language plpgsql as $$
begin
  execute format('create temporary table %1$I (like termwise.%1$I including defaults including indexes
                  including constraints) on commit drop', i_table);
end $$;

-- Put the twin's rows in the real table: instead of all that is there, or only where they are missing.
create function termwise.adopt(i_table text, i_instead boolean) returns void language plpgsql as $$
begin
  if i_instead then
    execute format('delete from termwise.%I', i_table);
  end if;
  execute format('insert into termwise.%1$I select * from pg_temp.%1$I on conflict do nothing', i_table);
end $$;

-- Rows that only the real table has, or only the twin; compared in the columns named, or in all.
create function termwise.differences(i_table text, i_columns text[], i_limit integer)
returns table (found boolean, content jsonb) language plpgsql as $$
declare
  columns text := coalesce((select string_agg(quote_ident(c), ', ') from unnest(i_columns) c), '*');
begin
  return query execute format(
    'select true, to_jsonb(r) from (select %2$s from termwise.%1$I except select %2$s from pg_temp.%1$I) r
     union all
     select false, to_jsonb(r) from (select %2$s from pg_temp.%1$I except select %2$s from termwise.%1$I) r
     limit %3$s', i_table, columns, i_limit);
end $$;
