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
