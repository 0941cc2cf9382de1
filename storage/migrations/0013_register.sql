-- What the trust's register says now, so that a command can be compared with it in one look. Made from the stream
-- `register` of the log: whoever finds it behind may make it again.
create table termwise.register (
  one boolean primary key default true constraint register_is_one_row check (one),
  version integer not null,
  directory text not null constraint register_directory_is_kept references termwise.document,
  calendar text not null constraint register_calendar_is_kept references termwise.document,
  moved_at timestamptz not null default clock_timestamp()
) with (fillfactor = 10);
comment on column termwise.register.version is 'how many events of the stream it has taken in';

-- Few at any time; asked for when somebody leaves.
create index inbox_deferred on termwise.inbox (task) where status = 'deferred';

-- As in 0010; `candidates` in a change are asked instead of those who were.
create or replace function termwise.apply_inbox(i_stream uuid[], i_position bigint[], i_task text[], i_change text[])
returns void language plpgsql
set search_path = termwise set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  insert into inbox
  select i.task, s.name, s.root, s.process, s.cycle, s.definition, o.step, o.address, o.round, o.title, o.stage,
         o.school, o.year_group, o.role, coalesce(c.status, 'open'), c.assignee,
         coalesce(c.candidates, o.candidates),
         case when c.due is null then o.due_at else (c.due ->> 'at')::timestamptz end,
         case when c.due is null then o.due_on else (c.due ->> 'on')::date end,
         case when c.due is null then o.due_why else c.due ->> 'why' end,
         c.overdue, o.minutes, o.shown, c.outcome, o.opened_at, c.closed_at, c.events, i.position,
         case when c.status = 'deferred' then c.deferred_until end
    from unnest(i_stream, i_position, i_task, i_change) as i(stream, position, task, change)
    join termwise.stream s on s.id = i.stream
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assignee text, overdue boolean, due jsonb, deferred_until date, outcome text,
         closed_at timestamptz, events integer, candidates text[])
    cross join lateral json_to_record(c.opened) as o(
         step text, address text, round integer, title text, stage text, school text, year_group text, role text,
         candidates text[], due_at timestamptz, due_on date, due_why text, minutes integer, shown jsonb,
         opened_at timestamptz)
   where c.opened is not null;

  update inbox t
     set status = coalesce(c.status, t.status),
         assignee = case when c.assigned then c.assignee else t.assignee end,
         candidates = coalesce(c.candidates, t.candidates),
         due_at = case when c.due is null then t.due_at else (c.due ->> 'at')::timestamptz end,
         due_on = case when c.due is null then t.due_on else (c.due ->> 'on')::date end,
         due_why = case when c.due is null then t.due_why else c.due ->> 'why' end,
         overdue = (t.overdue and c.due is null) or c.overdue,
         outcome = coalesce(c.outcome, t.outcome),
         closed_at = coalesce(c.closed_at, t.closed_at),
         revision = t.revision + c.events,
         position = i.position,
         deferred_until = case when coalesce(c.status, t.status) = 'deferred'
                               then coalesce(c.deferred_until, t.deferred_until) end
    from unnest(i_position, i_task, i_change) as i(position, task, change)
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assigned boolean, assignee text, overdue boolean, due jsonb, deferred_until date,
         outcome text, closed_at timestamptz, events integer, candidates text[])
   where t.task = i.task and c.opened is null;
end $$;
