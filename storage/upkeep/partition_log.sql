-- Makes the log one of parts, each with a range of positions. Not a migration: a log of less than some hundred million events
-- gains nothing by it. docs/operations.md says when and how. Nothing is copied: the table there is becomes the first part.

-- The positions below `i_until` stay in the first part; `termwise.add_part` makes the next. All in one transaction, in
-- which appends wait.
create or replace function termwise.part_log(i_until bigint) returns void language plpgsql as $$
declare
  head bigint;
  trigger record;
  unproved text;
begin
  select position into head from termwise.head for no key update;
  if head >= i_until then
    raise exception 'the log is at position %, the first part must end after it, not at %', head, i_until;
  end if;
  lock table termwise.event in access exclusive mode;
  create temporary table part_triggers on commit drop as
    select tgname as name, pg_get_triggerdef(oid) as made, tgtype & 1 = 1 as of_rows
      from pg_trigger where tgrelid = 'termwise.event'::regclass and not tgisinternal;

  for unproved in
    select conname from pg_constraint where conrelid = 'termwise.event'::regclass and not convalidated
  loop
    execute format('alter table termwise.event validate constraint %I', unproved);
  end loop;
  alter table termwise.event rename to event_first;
  create table termwise.event (like termwise.event_first including defaults including comments including constraints)
    partition by range (position);
  alter table termwise.event add primary key (position);
  -- What looks at a row belongs to the whole, which hands it on to each part; what looks at a statement, to both.
  for trigger in select * from part_triggers loop
    if trigger.of_rows then
      execute format('drop trigger %I on termwise.event_first', trigger.name);
    end if;
    execute trigger.made;
  end loop;

  -- So that attaching it does not read all of it again under a lock.
  execute format('alter table termwise.event_first add constraint event_ends check (position < %s)', i_until);
  execute format('alter table termwise.event attach partition termwise.event_first for values from (minvalue) to (%s)',
                 i_until);
  alter table termwise.event_first drop constraint event_ends;
  perform termwise.add_part(i_until, null);
end $$;

-- The next part: from `i_from` up to, and without, `i_until`; without an end, everything that comes. An empty last part is
-- cut in two; one that holds events is not: it must be ended while its end is still to come.
create or replace function termwise.add_part(i_from bigint, i_until bigint) returns void language plpgsql as $$
declare
  part text := 'event_from_' || i_from;
  definition text;
begin
  if i_until is not null then
    perform from termwise.head for no key update;
    if exists (select from termwise.event where position >= i_until) then
      raise exception 'the log has passed position %; name an end that is still to come', i_until;
    end if;
    execute format('alter table termwise.event detach partition termwise.%I', part);
    execute format('alter table termwise.event attach partition termwise.%I for values from (%s) to (%s)',
                   part, i_from, i_until);
    perform termwise.add_part(i_until, null);
    return;
  end if;
  execute format('create table termwise.%I (like termwise.event_first including all)', part);
  for definition in
    select replace(pg_get_triggerdef(oid), 'termwise.event_first', format('termwise.%I', part))
      from pg_trigger where tgrelid = 'termwise.event_first'::regclass and not tgisinternal and tgtype & 1 = 0
  loop
    execute definition;
  end loop;
  execute format('alter table termwise.event attach partition termwise.%I for values from (%s) to (maxvalue)', part, i_from);
end $$;
