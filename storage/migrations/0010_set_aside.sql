-- Tasks may be put off, skipped, or closed by their deadline: each is counted as what it is, and one that was
-- put off comes back, perhaps with another deadline.
alter table termwise.inbox drop constraint inbox_status_is_known;
alter table termwise.inbox add constraint inbox_status_is_known
  check (status in ('open', 'deferred', 'completed', 'returned', 'skipped', 'lapsed', 'withdrawn'));
alter table termwise.inbox add column deferred_until date;
comment on column termwise.inbox.deferred_until is 'the day it comes back, while it is put off';

alter table termwise.board add column deferred integer not null default 0;
alter table termwise.board add column skipped integer not null default 0;
alter table termwise.board add column lapsed integer not null default 0;
comment on column termwise.board.lapsed is 'nobody answered by the deadline, and the work went on';

alter table termwise.cycle add column deferred integer not null default 0;
alter table termwise.cycle add column skipped integer not null default 0;
alter table termwise.cycle add column lapsed integer not null default 0;

-- As in 0002; `due` in a change is a deadline that takes the place of the first, and then whether it is late is
-- asked again.
create or replace function termwise.apply_inbox(i_stream uuid[], i_position bigint[], i_task text[], i_change text[])
returns void language plpgsql
set search_path = termwise set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  insert into inbox
  select i.task, s.name, s.root, s.process, s.cycle, s.definition, o.step, o.address, o.round, o.title, o.stage,
         o.school, o.year_group, o.role, coalesce(c.status, 'open'), c.assignee, o.candidates,
         case when c.due is null then o.due_at else (c.due ->> 'at')::timestamptz end,
         case when c.due is null then o.due_on else (c.due ->> 'on')::date end,
         case when c.due is null then o.due_why else c.due ->> 'why' end,
         c.overdue, o.minutes, o.shown, c.outcome, o.opened_at, c.closed_at, c.events, i.position,
         case when c.status = 'deferred' then c.deferred_until end
    from unnest(i_stream, i_position, i_task, i_change) as i(stream, position, task, change)
    join termwise.stream s on s.id = i.stream
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assignee text, overdue boolean, due jsonb, deferred_until date, outcome text,
         closed_at timestamptz, events integer)
    cross join lateral json_to_record(c.opened) as o(
         step text, address text, round integer, title text, stage text, school text, year_group text, role text,
         candidates text[], due_at timestamptz, due_on date, due_why text, minutes integer, shown jsonb,
         opened_at timestamptz)
   where c.opened is not null;

  update inbox t
     set status = coalesce(c.status, t.status),
         assignee = case when c.assigned then c.assignee else t.assignee end,
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
         outcome text, closed_at timestamptz, events integer)
   where t.task = i.task and c.opened is null;
end $$;
