-- Who was refused what, and the look-ups that authority needs at every command: which key is enrolled, and whether a
-- parent has asked for a child. Keys and children are read from the log itself, so nothing here has to be rebuilt.

create index event_about_key on termwise.event (stream, (data ->> 'key')) where type in ('key-enrolled', 'key-revoked');
create index event_asks_for on termwise.event (stream, (data ->> 'child'))
  where type in ('child-started', 'run-requested');

-- No fact about a process, so not in the log; kept like one. Opaque ids only: no names, no forms, no sentences.
create table termwise.refusal (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  until timestamptz not null,
  times integer not null constraint refusal_happened check (times > 0),
  person text,
  key text,
  instance text,
  kind text,
  command uuid,
  about text,
  code text not null
);
comment on column termwise.refusal.person is 'who the command says it is from; only a signature proves it';
comment on column termwise.refusal.times is 'how often the same was refused from `at` to `until`';
create index refusal_by_time on termwise.refusal (at);
create index refusal_by_person on termwise.refusal (person, at);
create index refusal_by_instance on termwise.refusal (instance, at);

create trigger refusal_rows_stay before update or delete on termwise.refusal
  for each row execute function termwise.refuse_change();
create trigger refusal_table_stays before truncate on termwise.refusal
  for each statement execute function termwise.refuse_change();
