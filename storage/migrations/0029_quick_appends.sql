-- Appends in fewer and cheaper steps, which also store hashes and schema versions, and ask for the version of streams they
-- leave alone. What they answer is as in 0003, whose functions stay for as long as workers of the version before run; what
-- they cost no longer grows with the log.

-- Only a task that is nobody's is looked for by whom it could be given to.
create index inbox_claimable on termwise.inbox using gin (candidates) where status = 'open' and assignee is null;
drop index termwise.inbox_open_by_candidate;

-- Rows for the inbox as `storage/projections/task_rows.py` writes them, each one text. Never to be altered, for workers of
-- two versions may run at once: what needs another column makes another type, and functions that take it.
create type termwise.opened_task as (
  task text, step text, address text, round integer, title text, stage text, school text, year_group text, role text,
  status text, assignee text, candidates text[], due_at timestamptz, due_on date, due_why text, overdue boolean,
  minutes integer, shown jsonb, outcome text, opened_at timestamptz, closed_at timestamptz, revision integer,
  deferred_until date, delegated_by text, request jsonb, took integer, comments integer, attachments integer, deputy text);
create type termwise.changed_task as (
  task text, status text, assigned boolean, assignee text, candidates text[], renewed boolean, due_at timestamptz,
  due_on date, due_why text, overdue boolean, outcome text, closed_at timestamptz, events integer, deferred_until date,
  delegated_by text, asks boolean, request jsonb, took integer, comments integer, attachments integer, deputy text);

-- Unqualified and without settings of their own: they write the inbox that their caller sees, which in a rebuild and in a
-- check is a temporary one.
create function termwise.open_tasks(i_stream uuid[], i_position bigint[], i_row text[])
returns void language plpgsql as $$
begin
  insert into inbox (task, instance, root, process, cycle, definition, step, address, round, title, stage, school,
         year_group, role, status, assignee, candidates, due_at, due_on, due_why, overdue, minutes, shown, outcome,
         opened_at, closed_at, revision, position, deferred_until, delegated_by, request, took, comments, attachments,
         deputy)
  select (r).task, s.name, s.root, s.process, s.cycle, s.definition, (r).step, (r).address, (r).round, (r).title,
         (r).stage, (r).school, (r).year_group, (r).role, (r).status, (r).assignee, (r).candidates, (r).due_at,
         (r).due_on, (r).due_why, (r).overdue, (r).minutes, (r).shown, (r).outcome, (r).opened_at, (r).closed_at,
         (r).revision, i.position, (r).deferred_until, (r).delegated_by, (r).request, (r).took, (r).comments,
         (r).attachments, (r).deputy
    from (select u.stream, u.position, u.row::termwise.opened_task as r
            from unnest(i_stream, i_position, i_row) as u(stream, position, row) offset 0) i
    join termwise.stream s on s.id = i.stream;
end $$;

create function termwise.change_tasks(i_position bigint[], i_row text[])
returns void language plpgsql as $$
begin
  update inbox t
     set status = coalesce((c).status, t.status),
         assignee = case when (c).assigned then (c).assignee else t.assignee end,
         candidates = coalesce((c).candidates, t.candidates),
         due_at = case when (c).renewed then (c).due_at else t.due_at end,
         due_on = case when (c).renewed then (c).due_on else t.due_on end,
         due_why = case when (c).renewed then (c).due_why else t.due_why end,
         overdue = (t.overdue and not (c).renewed) or (c).overdue,
         outcome = coalesce((c).outcome, t.outcome),
         closed_at = coalesce((c).closed_at, t.closed_at),
         revision = t.revision + (c).events,
         position = i.position,
         deferred_until = case when coalesce((c).status, t.status) = 'deferred'
                               then coalesce((c).deferred_until, t.deferred_until) end,
         delegated_by = case when (c).assigned then (c).delegated_by else t.delegated_by end,
         -- Whoever does it because it was delegated is no deputy: it is theirs.
         deputy = case when (c).assigned then (c).deputy
                       when (c).outcome is not null and t.delegated_by is null then (c).deputy
                       else t.deputy end,
         request = case when (c).asks then (c).request else t.request end,
         took = coalesce((c).took, t.took),
         comments = t.comments + (c).comments,
         attachments = t.attachments + (c).attachments
    from (select u.position, u.row::termwise.changed_task as c
            from unnest(i_position, i_row) as u(position, row) offset 0) i
   where t.task = (i.c).task;
end $$;

-- For whoever reads the log again: the same, wherever the tables are that are in front on the path of the caller.
create function termwise.fold_tasks(
  o_stream uuid[], o_position bigint[], o_row text[], t_position bigint[], t_row text[])
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
begin
  perform termwise.open_tasks(o_stream, o_position, o_row);
  perform termwise.change_tasks(t_position, t_row);
end $$;

-- Many at once. `e_`, `o_`, `t_` and `c_` are their events, the tasks they open, those they change, and the streams they
-- check, each with the number of its item; a place is counted from the first event of them all. It gives the items that
-- were not appended; of all others the version is the one expected and their events.
--
-- Joins are nested and plans general, whatever the planner thinks of the tables now: it once read a whole index for every
-- batch, because the log was small when the plan was made.
create function termwise.append_many(
  i_stream uuid[], i_name text[], i_expected integer[], i_command uuid[], i_events integer[], i_started text[],
  e_item integer[], e_nth integer[], e_type text[], e_schema smallint[], e_at timestamptz[], e_actor text[],
  e_data text[], e_hash bytea[],
  o_item integer[], o_place integer[], o_row text[], t_item integer[], t_place integer[], t_row text[],
  c_item integer[], c_stream uuid[], c_version integer[])
returns table (item integer, status text, version integer) language plpgsql
set search_path = termwise set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  start bigint;
  moment timestamptz;
  failed integer[] := '{}';
  accepted integer[];
  refused integer[] := '{}';
  shift integer[];
  written integer;
begin
  select h.position into start from termwise.head h for no key update;
  moment := clock_timestamp();

  if cardinality(c_item) > 0 then
    select coalesce(array_agg(c.item), '{}') into failed
      from unnest(c_item, c_stream, c_version) as c(item, stream, version)
     where coalesce((select s.version from termwise.stream s where s.id = c.stream), 0) <> c.version;
  end if;

  with i as materialized (
    select i.nth::integer as item, i.stream, i.expected, i.expected + i.events as version
      from unnest(i_stream, i_expected, i_command, i_events) with ordinality
        as i(stream, expected, command, events, nth)
     where (select true from termwise.event e where e.command = i.command and e.stream = i.stream and e.nth = 1) is null
       and (i.expected > 0 or (select true from termwise.stream s where s.id = i.stream) is null)
       and not i.nth = any(failed)),
  grown as (
    update termwise.stream s set version = i.version
      from i where i.expected > 0 and s.id = i.stream and s.version = i.expected
    returning i.item)
  select coalesce(array_agg(a.item), '{}') into accepted
    from (select g.item from grown g union all select i.item from i where i.expected = 0) a;

  if 0 = any(i_expected) then
    insert into termwise.stream (id, name, version, root, process, title, cycle, definition)
    select i_stream[a.item], i_name[a.item], i_events[a.item], coalesce(f.root, i_name[a.item]),
           coalesce(f.process, ''), coalesce(f.title, ''), coalesce(f.cycle, ''), coalesce(f.definition, '')
      from unnest(accepted) as a(item)
      left join lateral json_to_record(i_started[a.item]::json)
        as f(root text, process text, title text, cycle text, definition text) on true
     where i_expected[a.item] = 0;
  end if;

  if cardinality(accepted) < cardinality(i_stream) then
    select array_agg(n.item) filter (where n.out), array_agg(n.shift order by n.item) into refused, shift
      from (select n.item, n.out, sum(case when n.out then n.events else 0 end) over (order by n.item) as shift
              from (select n.item, n.events, not n.item = any(accepted) as out
                      from unnest(i_events) with ordinality as n(events, item)) n) n;
    return query
      select r.item, case when r.first is null then 'conflict' else 'repeated' end,
             coalesce(r.first, (select s.version from termwise.stream s where s.id = i_stream[r.item]), 0)
        from (select r.item, (select e.version + e.of - 1 from termwise.event e
                               where e.command = i_command[r.item] and e.stream = i_stream[r.item] and e.nth = 1) as first
                from unnest(refused) as r(item)) r;
    if cardinality(accepted) = 0 then
      return;
    end if;
  end if;

  insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                              recorded_at, data, hash)
  select start + e.place - coalesce(shift[e.item], 0), i_stream[e.item], i_expected[e.item] + e.nth, e.type, e.schema,
         i_command[e.item], e.nth, i_events[e.item], e.at, e.actor, moment, e.data::json, e.hash
    from unnest(e_item, e_nth, e_type, e_schema, e_at, e_actor, e_data, e_hash) with ordinality
      as e(item, nth, type, schema, at, actor, data, hash, place)
   where not e.item = any(refused);
  get diagnostics written = row_count;
  update termwise.head set position = start + written;

  if cardinality(o_item) > 0 then
    perform termwise.open_tasks(array_agg(i_stream[o.item]), array_agg(start + o.place - coalesce(shift[o.item], 0)),
                                array_agg(o.row))
       from unnest(o_item, o_place, o_row) as o(item, place, row) where not o.item = any(refused);
  end if;
  if cardinality(t_item) > 0 then
    perform termwise.change_tasks(array_agg(start + t.place - coalesce(shift[t.item], 0)), array_agg(t.row))
       from unnest(t_item, t_place, t_row) as t(item, place, row) where not t.item = any(refused);
  end if;
end $$;

-- The same for a single append, without the work of sorting a batch; the same lock first. Always one row.
create function termwise.append_single(
  i_stream uuid, i_name text, i_expected integer, i_command uuid, i_started text,
  e_type text[], e_schema smallint[], e_at timestamptz[], e_actor text[], e_data text[], e_hash bytea[],
  o_place integer[], o_row text[], t_place integer[], t_row text[], c_stream uuid[], c_version integer[])
returns table (status text, version integer) language plpgsql
set search_path = termwise set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  start bigint;
  current integer;
  first integer;
  count integer := cardinality(e_type);
  moment timestamptz;
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
  elsif current <> i_expected or (cardinality(c_stream) > 0 and exists (
      select from unnest(c_stream, c_version) as c(stream, version)
       where coalesce((select s.version from termwise.stream s where s.id = c.stream), 0) <> c.version)) then
    return query select 'conflict', current;
    return;
  end if;

  if current = 0 then
    insert into termwise.stream (id, name, version, root, process, title, cycle, definition)
    select i_stream, i_name, count, coalesce(f.root, i_name), coalesce(f.process, ''), coalesce(f.title, ''),
           coalesce(f.cycle, ''), coalesce(f.definition, '')
      from json_to_record(coalesce(i_started, '{}')::json)
        as f(root text, process text, title text, cycle text, definition text);
  else
    update termwise.stream s set version = current + count where s.id = i_stream;
  end if;

  insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                              recorded_at, data, hash)
  select start + e.nth, i_stream, current + e.nth, e.type, e.schema, i_command, e.nth, count, e.at, e.actor,
         moment, e.data::json, e.hash
    from unnest(e_type, e_schema, e_at, e_actor, e_data, e_hash) with ordinality
      as e(type, schema, at, actor, data, hash, nth);
  update termwise.head set position = start + count;

  if cardinality(o_place) > 0 then
    perform termwise.open_tasks(array_fill(i_stream, array[cardinality(o_place)]), array_agg(start + o.place), o_row)
       from unnest(o_place) as o(place);
  end if;
  if cardinality(t_place) > 0 then
    perform termwise.change_tasks(array_agg(start + t.place), t_row) from unnest(t_place) as t(place);
  end if;
  return query select 'appended', current + count;
end $$;
