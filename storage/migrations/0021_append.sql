-- Each event with a hash of its stored bytes, and appends that also ask for the version of streams they leave alone.

-- Null where a termwise older than this file wrote the row: whoever verifies computes it. `storage/hashing.py` says over
-- which bytes. Without a look at the rows there are, so that nobody waits.
alter table termwise.event add column hash bytea;
alter table termwise.event add constraint event_hash_is_sha256 check (octet_length(hash) = 32) not valid;

-- The functions of 0003 stay beside these for as long as workers of the version before run.
create function termwise.append_batch(
  i_stream uuid[], i_name text[], i_expected integer[], i_command uuid[], i_events integer[], i_started text[],
  e_item integer[], e_nth integer[], e_type text[], e_at timestamptz[], e_actor text[], e_data text[], e_hash bytea[],
  t_item integer[], t_nth integer[], t_task text[], t_change text[],
  c_item integer[], c_stream uuid[], c_version integer[])
returns table (item integer, status text, version integer) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  start bigint;
  verdicts termwise.verdict[];
  written integer;
  moment timestamptz;
begin
  select h.position into start from termwise.head h for no key update;
  moment := clock_timestamp();

  with asked as materialized (
    select i.nth::integer as item, i.stream, i.expected, i.command, i.events,
           coalesce((select s.version from termwise.stream s where s.id = i.stream), 0) as version
      from unnest(i_stream, i_expected, i_command, i_events) with ordinality
        as i(stream, expected, command, events, nth)),
  repeated as materialized (
    select a.item, e.version + e.of - 1 as version
      from asked a join termwise.event e on e.command = a.command and e.stream = a.stream and e.nth = 1),
  accepted as (
    select a.item, a.version, a.events, start + sum(a.events) over (order by a.item) - a.events as base
      from asked a
     where a.expected = a.version and not exists (select from repeated r where r.item = a.item)
       and not exists (select from unnest(c_item, c_stream, c_version) as c(item, stream, version)
             left join termwise.stream s on s.id = c.stream
            where c.item = a.item and coalesce(s.version, 0) <> c.version)),
  judged as (
    select a.item,
           case when r.item is not null then 'repeated' when k.item is not null then 'appended' else 'conflict' end,
           coalesce(r.version, k.version + k.events, a.version), k.base::bigint
      from asked a left join repeated r on r.item = a.item left join accepted k on k.item = a.item)
  select array_agg(row(j.*)::termwise.verdict order by j.item) into verdicts from judged j;

  insert into termwise.stream as s (id, name, version, root, process, title, cycle, definition)
  select i_stream[v.item], i_name[v.item], v.version, coalesce(f.root, i_name[v.item]), coalesce(f.process, ''),
         coalesce(f.title, ''), coalesce(f.cycle, ''), coalesce(f.definition, '')
    from unnest(verdicts) v
    left join lateral json_to_record(i_started[v.item]::json)
      as f(root text, process text, title text, cycle text, definition text) on true
   where v.status = 'appended'
  on conflict (id) do update set version = excluded.version;

  insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                              recorded_at, data, hash)
  select v.base + e.nth, i_stream[v.item], v.version - i_events[v.item] + e.nth, e.type, 1, i_command[v.item],
         e.nth, i_events[v.item], e.at, e.actor, moment, e.data::json, e.hash
    from unnest(e_item, e_nth, e_type, e_at, e_actor, e_data, e_hash) as e(item, nth, type, at, actor, data, hash)
    join unnest(verdicts) v on v.item = e.item and v.status = 'appended';
  get diagnostics written = row_count;

  if written > 0 then
    update termwise.head set position = start + written;
    perform termwise.apply_inbox(array_agg(i_stream[v.item]), array_agg(v.base + t.nth), array_agg(t.task),
                                 array_agg(t.change))
       from unnest(t_item, t_nth, t_task, t_change) as t(item, nth, task, change)
       join unnest(verdicts) v on v.item = t.item and v.status = 'appended'
     having count(*) > 0;
  end if;

  return query select v.item, v.status, v.version from unnest(verdicts) v;
end $$;

-- The same for a single append, without the work of sorting a batch; the same lock first.
create function termwise.append_one(
  i_stream uuid, i_name text, i_expected integer, i_command uuid, i_started text,
  e_type text[], e_at timestamptz[], e_actor text[], e_data text[], e_hash bytea[],
  t_nth integer[], t_task text[], t_change text[], c_stream uuid[], c_version integer[])
returns table (status text, version integer) language plpgsql
set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  start bigint;
  current integer;
  first integer;
  count integer := cardinality(e_type);
  moment timestamptz;
  facts record;
begin
  select h.position into start from termwise.head h for no key update;
  moment := clock_timestamp();
  select s.version into current from termwise.stream s where s.id = i_stream;
  current := coalesce(current, 0);

  select e.version + e.of - 1 into first
    from termwise.event e where e.command = i_command and e.stream = i_stream and e.nth = 1;
  if first is not null then
    return query select 'repeated', first;
    return;
  elsif current <> i_expected or exists (
      select from unnest(c_stream, c_version) as c(stream, version) left join termwise.stream s on s.id = c.stream
       where coalesce(s.version, 0) <> c.version) then
    return query select 'conflict', current;
    return;
  end if;

  if current = 0 then
    select * into facts from json_to_record(coalesce(i_started, '{}')::json)
      as f(root text, process text, title text, cycle text, definition text);
    insert into termwise.stream (id, name, version, root, process, title, cycle, definition)
    values (i_stream, i_name, count, coalesce(facts.root, i_name), coalesce(facts.process, ''),
            coalesce(facts.title, ''), coalesce(facts.cycle, ''), coalesce(facts.definition, ''));
  else
    update termwise.stream s set version = current + count where s.id = i_stream;
  end if;

  insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                              recorded_at, data, hash)
  select start + e.nth, i_stream, current + e.nth, e.type, 1, i_command, e.nth, count, e.at, e.actor,
         moment, e.data::json, e.hash
    from unnest(e_type, e_at, e_actor, e_data, e_hash) with ordinality as e(type, at, actor, data, hash, nth);

  update termwise.head set position = start + count;
  if cardinality(t_nth) > 0 then
    perform termwise.apply_inbox(
      array_fill(i_stream, array[cardinality(t_nth)]), (select array_agg(start + n order by o)
        from unnest(t_nth) with ordinality as t(n, o)), t_task, t_change);
  end if;
  return query select 'appended', current + count;
end $$;
