-- Where an instance has moved to another version of its definition: its row says which it has now, and so do the
-- tasks that are not closed. Those that were closed before keep the version they were answered under.

create index event_migrated on termwise.event (stream, position) where type = 'instance-migrated';

-- Unqualified, as in apply_inbox: a rebuild and a check put a temporary table in its place.
create function termwise.move_inbox(i_stream uuid, i_definition text)
returns void language plpgsql set search_path = termwise
as $$
begin
  update inbox t set definition = i_definition
    from termwise.stream s where s.id = i_stream and t.instance = s.name and t.closed_at is null;
end $$;

-- The definition that a stream had at a position of the log.
create function termwise.definition_at(i_stream uuid, i_position bigint)
returns text language sql stable
as $$
  select coalesce(
    (select e.data->>'was' from termwise.event e
      where e.stream = i_stream and e.type = 'instance-migrated' and e.position > i_position
      order by e.position limit 1),
    (select s.definition from termwise.stream s where s.id = i_stream))
$$;

create function termwise.note_move() returns trigger language plpgsql as $$
begin
  update termwise.stream set definition = new.data->>'definition' where id = new.stream;
  perform termwise.move_inbox(new.stream, new.data->>'definition');
  return null;
end $$;
create trigger event_moves_instance after insert on termwise.event
  for each row when (new.type = 'instance-migrated') execute function termwise.note_move();
