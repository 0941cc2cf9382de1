-- What each person is asked to do. A read model kept in the transaction of the append itself, so that
-- whoever has just acted sees the result. May be rebuilt from the log.

create table termwise.inbox (
  task text collate "C" primary key,
  instance text not null,
  root text not null,
  process text not null,
  cycle text not null,
  definition text not null,
  step text not null,
  address text not null,
  round integer not null,
  title text not null,
  stage text not null,
  school text,
  year_group text,
  role text not null,
  status text not null
    constraint inbox_status_is_known check (status in ('open', 'completed', 'returned', 'withdrawn')),
  assignee text,
  candidates text[] not null,
  due_at timestamptz,
  due_on date,
  due_why text,
  overdue boolean not null,
  minutes integer not null,
  shown jsonb not null,
  outcome text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  revision integer not null,
  position bigint not null
) with (fillfactor = 80);
comment on column termwise.inbox.revision is 'how many events this task has had';
comment on column termwise.inbox.position is 'place in the log of the latest of them';

-- Questions are about open tasks; closed ones, however many, are in none of these.
create index inbox_open_by_assignee on termwise.inbox (assignee, due_at) where status = 'open';
create index inbox_open_by_candidate on termwise.inbox using gin (candidates) where status = 'open';
create index inbox_open_by_school on termwise.inbox (school, due_at) where status = 'open';
create index inbox_open_by_date on termwise.inbox (due_at) where status = 'open';
create index inbox_late on termwise.inbox (due_at) where status = 'open' and overdue;
create index inbox_by_instance on termwise.inbox (instance);
create index inbox_by_root on termwise.inbox (root);

-- Writes the rows that `storage/projections/inbox.py` folded, at most one for each task. The target is
-- unqualified on purpose: a temporary table of the same name takes its place, and so a rebuild or a check
-- runs the very statements an append does.
create function termwise.apply_inbox(i_stream uuid[], i_position bigint[], i_task text[], i_change text[])
returns void language plpgsql
set search_path = termwise set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  insert into inbox
  select i.task, s.name, s.root, s.process, s.cycle, s.definition, o.step, o.address, o.round, o.title, o.stage,
         o.school, o.year_group, o.role, coalesce(c.status, 'open'), c.assignee, o.candidates,
         o.due_at, o.due_on, o.due_why, c.overdue, o.minutes, o.shown, c.outcome, o.opened_at, c.closed_at,
         c.events, i.position
    from unnest(i_stream, i_position, i_task, i_change) as i(stream, position, task, change)
    join termwise.stream s on s.id = i.stream
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assignee text, overdue boolean, outcome text, closed_at timestamptz, events integer)
    cross join lateral json_to_record(c.opened) as o(
         step text, address text, round integer, title text, stage text, school text, year_group text, role text,
         candidates text[], due_at timestamptz, due_on date, due_why text, minutes integer, shown jsonb,
         opened_at timestamptz)
   where c.opened is not null;

  update inbox t
     set status = coalesce(c.status, t.status),
         assignee = case when c.assigned then c.assignee else t.assignee end,
         overdue = t.overdue or c.overdue,
         outcome = coalesce(c.outcome, t.outcome),
         closed_at = coalesce(c.closed_at, t.closed_at),
         revision = t.revision + c.events,
         position = i.position
    from unnest(i_position, i_task, i_change) as i(position, task, change)
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assigned boolean, assignee text, overdue boolean, outcome text,
         closed_at timestamptz, events integer)
   where t.task = i.task and c.opened is null;
end $$;
