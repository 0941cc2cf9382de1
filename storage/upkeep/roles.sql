-- What the services and people log in as is a member of one of these. They belong to the whole server, not to one database.
do $$
declare
  role text;
begin
  foreach role in array array['termwise_reader', 'termwise_writer', 'termwise_projector'] loop
    if not exists (select from pg_roles where rolname = role) then
      execute format('create role %I nologin', role);
    end if;
  end loop;
exception when duplicate_object or unique_violation then
  null;  -- Somebody else made them in this moment: whoever asks again finds them.
end $$;
