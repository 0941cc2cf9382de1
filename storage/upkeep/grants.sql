-- Who may do what in this database. From nothing, so that applying it again takes back what was given by hand.
-- What is not named here was made from the log: whoever keeps the projections may write it, nobody else may.
do $$
declare
  name text;
  log constant text[] := array['event', 'document', 'refusal', 'block'];
  closed constant text[] := array['migration', 'head', 'stream', 'register', 'draft'];
  inline boolean;
  powerful regprocedure;
begin
  revoke all on all tables in schema termwise from termwise_reader, termwise_writer, termwise_projector;
  grant usage on schema termwise to termwise_reader, termwise_writer, termwise_projector;
  grant select on all tables in schema termwise to termwise_reader, termwise_writer, termwise_projector;
  revoke select on termwise.draft from termwise_reader, termwise_projector;

  -- What has happened is added to, and never changed.
  grant insert on termwise.event, termwise.document, termwise.refusal to termwise_writer;
  grant insert, update on termwise.stream, termwise.register to termwise_writer;
  grant update on termwise.head to termwise_writer;
  grant insert, update, delete on termwise.draft to termwise_writer;
  -- To make the inbox anew, the appends must wait. Nothing can come of writing this column: it is always true.
  grant update (one) on termwise.head to termwise_projector;
  if to_regclass('termwise.block') is not null then
    grant insert on termwise.block to termwise_projector;
  end if;

  for name, inline in
    select c.relname, c.relname ~ '^inbox' from pg_class c
     where c.relnamespace = 'termwise'::regnamespace and c.relkind in ('r', 'p', 'v')
       and not c.relname = any (log || closed) and c.relname !~ '^event_'
  loop
    execute format('grant insert, update, delete on termwise.%I to termwise_projector', name);
    if inline then
      execute format('grant insert, update on termwise.%I to termwise_writer', name);
    end if;
  end loop;

  -- Functions that act with the owner's rights make room for lists that are made anew.
  for powerful in
    select oid::regprocedure from pg_proc where pronamespace = 'termwise'::regnamespace and prosecdef
  loop
    execute format('revoke execute on function %s from public, termwise_reader, termwise_writer', powerful);
    execute format('grant execute on function %s to termwise_projector', powerful);
  end loop;
end $$;
