-- Who does a task for the person it is asked of: while they have taken it on, and who did it in the end.
alter table termwise.inbox add column deputy text;
comment on column termwise.inbox.deputy is 'who has taken it on, or did it, for the assignee';

-- As in 0010, with what people ask of each other, who is asked anew, and the deputy.
create or replace function termwise.apply_inbox(i_stream uuid[], i_position bigint[], i_task text[], i_change text[])
returns void language plpgsql
set search_path = termwise set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  insert into inbox (task, instance, root, process, cycle, definition, step, address, round, title, stage, school,
         year_group, role, status, assignee, candidates, due_at, due_on, due_why, overdue, minutes, shown, outcome,
         opened_at, closed_at, revision, position, deferred_until, delegated_by, request, took, comments, attachments,
         deputy)
  select i.task, s.name, s.root, s.process, s.cycle, s.definition, o.step, o.address, o.round, o.title, o.stage,
         o.school, o.year_group, o.role, coalesce(c.status, 'open'), c.assignee,
         coalesce(c.candidates, o.candidates),
         case when c.due is null then o.due_at else (c.due ->> 'at')::timestamptz end,
         case when c.due is null then o.due_on else (c.due ->> 'on')::date end,
         case when c.due is null then o.due_why else c.due ->> 'why' end,
         c.overdue, o.minutes, o.shown, c.outcome, o.opened_at, c.closed_at, c.events, i.position,
         case when c.status = 'deferred' then c.deferred_until end,
         c.delegated_by, c.request, c.took, c.comments, c.attachments, c.deputy
    from unnest(i_stream, i_position, i_task, i_change) as i(stream, position, task, change)
    join termwise.stream s on s.id = i.stream
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assignee text, overdue boolean, due jsonb, deferred_until date, outcome text,
         closed_at timestamptz, events integer, delegated_by text, request jsonb, took integer, comments integer,
         attachments integer, candidates text[], deputy text)
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
                               then coalesce(c.deferred_until, t.deferred_until) end,
         delegated_by = case when c.assigned then c.delegated_by else t.delegated_by end,
         -- Whoever does it because it was delegated is no deputy: it is theirs.
         deputy = case when c.assigned then c.deputy
                       when c.outcome is not null and t.delegated_by is null then c.deputy
                       else t.deputy end,
         request = case when c.asks then c.request else t.request end,
         took = coalesce(c.took, t.took),
         comments = t.comments + c.comments,
         attachments = t.attachments + c.attachments
    from unnest(i_position, i_task, i_change) as i(position, task, change)
    cross join lateral json_to_record(i.change::json) as c(
         opened json, status text, assigned boolean, assignee text, overdue boolean, due jsonb, deferred_until date,
         outcome text, closed_at timestamptz, events integer, delegated_by text, asks boolean, request jsonb,
         took integer, comments integer, attachments integer, candidates text[], deputy text)
   where t.task = i.task and c.opened is null;
end $$;
